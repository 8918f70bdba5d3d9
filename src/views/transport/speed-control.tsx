import { useSession } from '../../session/use-session.ts'
import { Segmented } from '../../ui/segmented.tsx'
import styles from './speed-control.module.css'
import { fromScale, presets, SCALE_STEPS, speedText, toScale } from './speed-scale.ts'

const inSight = [0.25, 0.5, 1, 2, 4, 8].map((speed) => ({ value: speed, label: speedText(speed) }))

/** How fast the run plays: the usual speeds to press where there is room, a logarithmic slider, a list on phones. */
export function SpeedControl() {
  const speed = useSession((session) => session.speed)
  const setSpeed = useSession((session) => session.setSpeed)
  return (
    <div className={styles.speed}>
      <Segmented
        label="Speed"
        segments={inSight}
        value={speed}
        onChange={setSpeed}
        size="s"
        className={styles.presets}
      />
      <label className={styles.scale}>
        <input
          type="range"
          aria-label="Speed, fine"
          min={0}
          max={SCALE_STEPS}
          value={toScale(speed)}
          aria-valuetext={speedText(speed)}
          onChange={(event) => setSpeed(fromScale(Number(event.currentTarget.value)))}
          // The page's own arrow keys move time; here they belong to the slider.
          onKeyDown={(event) => event.key.startsWith('Arrow') && event.stopPropagation()}
        />
        <output className={styles.readout}>{speedText(speed)}</output>
      </label>
      <select
        className={styles.list}
        aria-label="Speed"
        value={presets.includes(speed) ? speed : ''}
        onChange={(event) => setSpeed(Number(event.currentTarget.value))}
      >
        {!presets.includes(speed) && <option value="">{speedText(speed)}</option>}
        {presets.map((preset) => (
          <option key={preset} value={preset}>
            {speedText(preset)}
          </option>
        ))}
      </select>
    </div>
  )
}
