import { Mail } from 'lucide-react'
import { useSession } from '../../session/use-session.ts'
import { describe, messageText } from '../../trace/describe.ts'
import type { Message, Trace } from '../../trace/trace.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Overline } from '../../ui/overline.tsx'
import { sagaColor } from '../timeline/saga-color.ts'
import { EntryLine, EntryLines } from './entry-line.tsx'
import {
  causeOfMessage,
  entriesOf,
  type Fact,
  messageFacts,
  messageFate,
  messageShown,
  payloadFacts,
} from './message-layout.ts'
import styles from './message-view.module.css'
import { RoleShape } from './role-shape.tsx'
import { toneOf } from './why-layout.ts'

/** The selected message, or the one that moved last: what it says, why it was sent and what became of it. */
export function MessageView({ trace }: { trace: Trace }) {
  const selection = useSession((session) => session.selection)
  const playhead = useSession((session) => session.playhead)
  const id = messageShown(trace, selection, playhead)
  if (id === undefined) {
    return (
      <EmptyState icon={<Mail aria-hidden="true" />} title="No message yet">
        Play, or step forward: the message that moved last shows here. Press one on the stage to keep it.
      </EmptyState>
    )
  }
  return <MessageCard trace={trace} message={trace.message(id)} isKept={selection?.type === 'message'} />
}

interface MessageCardProps {
  trace: Trace
  message: Message
  /** Selected by hand, rather than following the playhead. */
  isKept: boolean
}

function MessageCard({ trace, message, isKept }: MessageCardProps) {
  const world = useSession((session) => session.world)
  const positions = entriesOf(trace, message.id)
  const fate = world === null ? undefined : messageFate(trace, world, message, positions)
  const payload = payloadFacts(message)
  return (
    <div className={styles.view}>
      <section className={styles.card} style={sagaColor(message.saga)}>
        <h3 className={styles.title}>
          <RoleShape role={message.role} />
          {message.type}
          <span className={styles.id}>#{message.id}</span>
        </h3>
        {fate !== undefined && (
          <p className={styles.fate} data-tone={fate.tone}>
            {fate.text}
          </p>
        )}
        <Facts label="About it" facts={messageFacts(trace, message)} />
        {payload.length > 0 && (
          <>
            <Overline level={3}>Payload</Overline>
            <Facts label="Payload" facts={payload} />
          </>
        )}
        {!isKept && <p className={styles.follows}>Follows the playhead. Press a message on the stage to keep it.</p>}
      </section>
      <Causes trace={trace} message={message} />
      <section className={styles.section}>
        <Overline level={3}>Its way</Overline>
        <EntryLines label="What happened to it">
          {positions.map((position) => (
            <EntryLine key={position} trace={trace} position={position} tone={toneOf(trace.at('kind', position))}>
              {describe(trace, trace.entry(position))}
            </EntryLine>
          ))}
        </EntryLines>
      </section>
    </div>
  )
}

function Facts({ label, facts }: { label: string; facts: readonly Fact[] }) {
  return (
    <dl className={styles.facts} aria-label={label}>
      {facts.map((fact) => (
        <div key={fact.name}>
          <dt>{fact.name}</dt>
          <dd>{fact.value}</dd>
        </div>
      ))}
    </dl>
  )
}

const CHAIN_MAX = 8

/** The messages that led to this one, the latest first. */
function Causes({ trace, message }: { trace: Trace; message: Message }) {
  const select = useSession((session) => session.select)
  const chain: number[] = []
  let cause = causeOfMessage(trace, message.id)
  while (cause !== undefined && chain.length < CHAIN_MAX && !chain.includes(cause)) {
    chain.push(cause)
    cause = causeOfMessage(trace, cause)
  }
  return (
    <section className={styles.section}>
      <Overline level={3}>Caused by</Overline>
      {chain.length === 0 ? (
        <p className={styles.follows}>Nothing before it: the story begins here, or a timer fired.</p>
      ) : (
        <ol className={styles.chain}>
          {chain.map((id) => (
            <li key={id}>
              <Button tone="quiet" size="s" className={styles.link} onClick={() => select({ type: 'message', id })}>
                {messageText(trace, trace.message(id))}
              </Button>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
