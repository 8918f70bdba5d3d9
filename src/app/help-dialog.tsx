import { Fragment } from 'react'
import { Dialog } from '../ui/dialog.tsx'
import { Kbd } from '../ui/kbd.tsx'
import styles from './help-dialog.module.css'

interface Line {
  /** Any of these. Keys of one entry are pressed together. */
  readonly keys: readonly (readonly string[])[]
  readonly does: string
}

const isApple = /Mac|iPhone|iPad/.test(navigator.platform)
const mod = isApple ? '⌘' : 'Ctrl'

const groups: readonly { readonly title: string; readonly lines: readonly Line[] }[] = [
  {
    title: 'Time',
    lines: [
      { keys: [['Space'], ['K']], does: 'play or pause' },
      { keys: [['→'], ['.']], does: 'one entry forward' },
      { keys: [['←'], [',']], does: 'one entry back' },
      { keys: [[']'], ['[']], does: 'next, previous saga step, fault or violation' },
      { keys: [['Home'], ['End']], does: 'start, end of the run' },
    ],
  },
  {
    title: 'Breaking things',
    lines: [
      { keys: [['Enter']], does: 'on a failure: take it in the hand' },
      { keys: [['Tab'], ['Enter']], does: 'then choose a service or a line, and put it there' },
      { keys: [['Esc']], does: 'put it back; close; select nothing' },
      { keys: [[mod, 'Z']], does: 'undo' },
      {
        keys: [
          [mod, 'Shift', 'Z'],
          [mod, 'Y'],
        ],
        does: 'redo',
      },
    ],
  },
  {
    title: 'Looking',
    lines: [
      {
        keys: [['1'], ['2'], ['3'], ['4'], ['5'], ['6'], ['7']],
        does: 'verdict, saga, tables, message, faults, keys, code',
      },
      { keys: [['S']], does: 'share a link to exactly this' },
      { keys: [['C']], does: 'compare with another variant or setting, side by side' },
      { keys: [['M']], does: 'all variants against all failures' },
      { keys: [['?']], does: 'this list' },
    ],
  },
]

export function HelpDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog open onClose={onClose} title="How it works" className={styles.dialog}>
      <p className={styles.lead}>
        A scenario runs in a simulated world: services with their own tables, a bus between them, and a saga that
        coordinates them. Everything that happens is recorded, so you can stop anywhere, step back, break something, and
        watch what changes. Times are those of the simulated world.
      </p>
      {groups.map(({ title, lines }) => (
        <section key={title} className={styles.group}>
          <h3>{title}</h3>
          <dl>
            {lines.map(({ keys, does }) => (
              <div key={does} className={styles.line}>
                <dt>
                  {keys.map((chord) => (
                    <span key={chord.join('+')}>
                      {chord.map((key, i) => (
                        <Fragment key={key}>
                          {i > 0 && '+'}
                          <Kbd>{key}</Kbd>
                        </Fragment>
                      ))}
                    </span>
                  ))}
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <p className={styles.foot}>A scenario file (JSON) can be dropped anywhere on the page to open it.</p>
    </Dialog>
  )
}
