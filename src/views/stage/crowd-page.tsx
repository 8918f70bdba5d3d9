/** The page of the stage's benchmark: many services, many messages, made up on the spot. Not part of the application. */
import { createRoot } from 'react-dom/client'
import '../../ui/base.css'
import { momentAt } from '../../session/moment.ts'
import { TimeFold } from '../../session/time-fold.ts'
import { sessionStore } from '../../session/use-session.ts'
import { History } from '../../trace/history.ts'
import { Kind, Outcome, Role } from '../../trace/kinds.ts'
import type { TraceHeader } from '../../trace/trace-format.ts'
import { orderHeader, StoryWriter } from './order-story.ts'
import { Stage } from './stage.tsx'

const RUN_MS = 1000
const TRAVEL_MS = 200

function crowdHeader(count: number): TraceHeader {
  const services = Array.from({ length: count }, (_, i) => ({
    name: `s${i}`,
    title: i === 0 ? 'Hub' : `Service ${i}`,
    kind: 'service' as const,
    tables: [i],
    protections: [],
  }))
  return {
    ...orderHeader,
    services,
    tables: services.map((_, service) => ({ name: 't', service, columns: ['id', 'value'], key: 'id', system: false })),
    sagas: [],
    edges: services.slice(1).map((_, i) => [0, i + 1] as const),
    faults: [],
    initialChanges: count,
  }
}

/** About so many messages are under way at any time, half of them on their way back. */
function crowd(services: number, messages: number) {
  const w = new StoryWriter(crowdHeader(services))
  for (let i = 0; i < services; i++) w.change(i, 0, null, ['k', i])
  let seed = 1
  const random = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff
    return seed / 0x7fffffff
  }
  const happenings: { at: number; run: () => void }[] = []
  for (let departs = 0, n = 0; departs < RUN_MS; departs += TRAVEL_MS / messages, n++) {
    const other = 1 + Math.floor(random() * (services - 1))
    const isBack = random() < 0.5
    const [from, to] = isBack ? [other, 0] : [0, other]
    const arrives = departs + TRAVEL_MS * (0.75 + random() / 2)
    const saga = n % 9
    const look = isBack ? { role: Role.reply, outcome: Outcome.ok } : { role: Role.command }
    let message = -1
    const leave = () => {
      message = w.travel({ type: 'work', from, to, departs, arrives, saga, ...look })
    }
    const arrive = () => {
      w.entry(arrives, Kind.delivered, to, { message })
      w.entry(arrives, Kind.received, to, { message })
      w.entry(arrives, Kind.acknowledged, to, { message })
    }
    happenings.push({ at: departs, run: leave }, { at: arrives, run: arrive })
  }
  for (const { run } of happenings.sort((a, b) => a.at - b.at)) run()
  return w.trace()
}

const asked = new URLSearchParams(location.search)
const trace = crowd(Number(asked.get('services') ?? 500), Number(asked.get('messages') ?? 2000))
const history = new History(trace)
sessionStore.setState({
  trace,
  history,
  fold: new TimeFold(trace),
  ...momentAt(history, null, Math.floor(trace.length / 2)),
  speed: 0.02,
  run: { status: 'done', entries: trace.length, time: trace.endTime, summary: null },
})
Object.assign(window, { session: sessionStore })
createRoot(document.getElementById('root') as HTMLElement).render(<Stage />)
