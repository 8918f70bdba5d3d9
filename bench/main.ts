/**
 * `npm run bench [-- --json]`: what the engine costs, as rates and ratios. A ratio of two things measured in turn in
 * one run holds on any machine; a rate holds on this one, and its range says how calm the machine was.
 */
import { spawnSync } from 'node:child_process'
import { asOfFigures, storeRound } from './event-store.ts'
import { huntRound, promisesRound, safeHuntRound } from './hunt.ts'
import { millionFigures } from './million.ts'
import { millionEvents } from './million-events.ts'
import { lookUpRound, millionRequests } from './million-requests.ts'
import { bareRound, kernelRound } from './ping-pong.ts'
import { proofFigures } from './prove.ts'
import { sagaRound } from './saga-runs.ts'
import { compare, type Rate, rate } from './timing.ts'

interface Line {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly target: string
  readonly met: boolean
  readonly range: string
}

/** Each group runs in a process of its own: what the engine's compiler learns from one must not shape another. */
const groups: Record<string, () => Line[]> = {
  'ping-pong': pingPongLines,
  'ping-pong, whole trace': () => [wholeTraceLine()],
  saga: () => [line('order saga, whole runs without trace', rate(sagaRound(false, 'never')), 'runs/s', 50_000)],
  'saga judged': () => [
    line('  five properties looked at when each run has ended', rate(sagaRound(false, 'at the end')), 'runs/s', 0),
  ],
  'saga traced': () => [line('order saga, whole runs with trace', rate(sagaRound(true, 'never')), 'runs/s', 20_000)],
  'saga watched': () => [
    line('  five properties looked at after every commit', rate(sagaRound(true, 'every commit')), 'runs/s', 0),
  ],
  hunt: () => [line('hunt, order saga under random faults, per core', rate(huntRound()), 'runs/s', 50_000)],
  'hunt promises': () => [line('  with the promises nobody has to write', rate(promisesRound()), 'runs/s', 0)],
  'hunt safe': () => [line('  over the safe configuration', rate(safeHuntRound(), 3, 1), 'runs/s', 0)],
  prove: proofLines,
  append: () => [
    line('event store, events appended without trace', rate(storeRound(false, false)), 'events/s', 1_000_000),
  ],
  'append traced': () => [line('  with trace', rate(storeRound(false, true)), 'events/s', 300_000)],
  project: () => [
    line('event store, appended and projected without trace', rate(storeRound(true, false)), 'events/s', 1_000_000),
  ],
  'project traced': () => [line('  with trace', rate(storeRound(true, true)), 'events/s', 300_000)],
  'as of': asOfLines,
  'million events': millionEventLines,
  million: millionLines,
  'million requests': millionRequestLines,
  'key look-ups': () => [line('look-ups in a store of 100,000 keys', rate(lookUpRound()), 'keys/s', 5_000_000)],
}

/** Three orders at once: many states of the whole over few states of each service, as a search usually is. */
function proofLines(): Line[] {
  const { states, statesPerSecond, transitionsPerSecond, bytesPerState, verdict } = proofFigures(3, 1, false)
  const alike = proofFigures(3, 1, true)
  const range = `${states.toLocaleString('en')} states, ${verdict}`
  return [
    {
      name: 'proof: three orders of three steps, one message lost',
      value: statesPerSecond,
      unit: 'states/s',
      target: '≥ 300,000',
      met: statesPerSecond >= 300_000,
      range,
    },
    {
      name: '  steps between states',
      value: transitionsPerSecond,
      unit: 'steps/s',
      target: '',
      met: true,
      range,
    },
    {
      name: '  the same, alike orders met in one order only',
      value: alike.seconds,
      unit: 's of one core',
      target: '',
      met: true,
      range: `${alike.states.toLocaleString('en')} states, ${alike.verdict}`,
    },
    {
      name: '  memory per visited state',
      value: bytesPerState,
      unit: 'bytes',
      target: '≤ 16',
      met: bytesPerState <= 16,
      range,
    },
  ]
}

function pingPongLines(): Line[] {
  const { a, b, ratio } = compare(kernelRound(), bareRound(false))
  return [
    {
      name: 'ping-pong of 100 processes, kernel with full trace ÷ bare loop',
      value: ratio.median,
      unit: '×',
      target: '≥ 0.5',
      met: ratio.median >= 0.5,
      range: `${fixed(ratio.min)}–${fixed(ratio.max)}`,
    },
    line('  kernel', a, 'messages/s', 0),
    line('  bare loop', b, 'messages/s', 0),
  ]
}

/** How much of the distance is the trace itself: the bare loop writes every byte of it too. */
function wholeTraceLine(): Line {
  const { ratio } = compare(kernelRound(), bareRound(true))
  return {
    name: '  ÷ a bare loop that writes the same trace, message rows too',
    value: ratio.median,
    unit: '×',
    target: '',
    met: true,
    range: `${fixed(ratio.min)}–${fixed(ratio.max)}`,
  }
}

function asOfLines(): Line[] {
  const { median, p99 } = asOfFigures()
  return [
    seek('state as of any of a million events of one stream, median', median),
    seek('state as of any of a million events of one stream, p99', p99),
  ]
}

/** Of all visible tables: what a jump of the playhead costs. */
function millionEventLines(): Line[] {
  const { entries, seekMedian, seekP99, engine, trace, checkpoints } = millionEvents(false)
  const megabytes = (name: string, value: number) => ({ name, value, unit: 'MB', target: '', met: true, range: '' })
  return [
    seek('all tables as of any of a million events, median', seekMedian),
    seek('all tables as of any of a million events, p99', seekP99),
    { ...megabytes('  memory of the trace', trace), range: `${entries.toLocaleString('en')} entries` },
    megabytes('  and of checkpoints', checkpoints),
    megabytes('  and of the engine, which can be asked', engine),
  ]
}

function millionLines(): Line[] {
  const million = millionFigures()
  return [
    {
      name: 'many orders, kernel with full trace',
      value: million.entriesPerSecond,
      unit: 'entries/s',
      target: '',
      met: true,
      range: '',
    },
    seek('seek in a trace of a million entries, median', million.seekMedian),
    seek('seek in a trace of a million entries, p99', million.seekP99),
    {
      name: 'trace per entry',
      value: million.bytesPerEntry,
      unit: 'bytes',
      target: '≤ 64',
      met: million.bytesPerEntry <= 64,
      range: `${million.entries} entries`,
    },
  ]
}

/** Processor time, not the clock's: what a worker needs when it has a core to itself. */
function millionRequestLines(): Line[] {
  const { seconds, megabytes, keys } = millionRequests()
  const range = `${fixed(keys)} keys at most`
  return [
    {
      name: 'a million requests with keys, curves kept',
      value: seconds,
      unit: 's',
      target: '≤ 3',
      met: seconds <= 3,
      range,
    },
    {
      name: '  memory of the process',
      value: megabytes,
      unit: 'MB',
      target: '≤ 300',
      met: megabytes <= 300,
      range: '',
    },
  ]
}

function measure(): Line[] {
  return Object.keys(groups).flatMap((name) => {
    const child = spawnSync(process.execPath, ['--expose-gc', process.argv[1] as string, '--group', name], {
      encoding: 'utf8',
    })
    if (child.status !== 0) throw new Error(`${name}: ${child.stderr}`)
    return JSON.parse(child.stdout) as Line[]
  })
}

function line(name: string, measured: Rate, unit: string, target: number): Line {
  return {
    name,
    value: measured.median,
    unit,
    target: target === 0 ? '' : `≥ ${target.toLocaleString('en')}`,
    met: measured.median >= target,
    range: `${fixed(measured.min)}–${fixed(measured.max)}`,
  }
}

function seek(name: string, milliseconds: number): Line {
  return { name, value: milliseconds, unit: 'ms', target: '≤ 16', met: milliseconds <= 16, range: '400 random places' }
}

function fixed(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2)
}

const group = groups[process.argv[process.argv.indexOf('--group') + 1] ?? '']
if (process.argv.includes('--group') && group !== undefined) {
  process.stdout.write(JSON.stringify(group()))
} else {
  print(measure())
}

function print(lines: readonly Line[]): void {
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify(lines, null, 2)}\n`)
    return
  }
  for (const { name, value, unit, target, met, range } of lines) {
    const verdict = target === '' ? '' : met ? 'met' : 'NOT MET'
    const figures = `${fixed(value).padStart(12)} ${unit.padEnd(11)}${target.padEnd(10)}${verdict.padEnd(9)}`
    process.stdout.write(`${name.padEnd(64)}${figures}${range}\n`)
  }
}
