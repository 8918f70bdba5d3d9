import { useMemo } from 'react'
import { type VariantChoice, variantChoices } from '../session/draft.ts'
import { useSession } from '../session/use-session.ts'
import { type Segment, Segmented } from '../ui/segmented.tsx'
import styles from './variant-switch.module.css'

/** The scenario as written is a choice too. */
const BASE = ''
const SEGMENTS_MAX = 5

const asText = ({ name, title }: VariantChoice) => ({ name: name ?? BASE, title })

/** The variants of the scenario side by side, or in a list where they would not fit. */
export function VariantSwitch() {
  const base = useSession((session) => session.draft?.base)
  const variant = useSession((session) => session.draft?.variant ?? BASE)
  const setVariant = useSession((session) => session.setVariant)
  const choices = useMemo(() => (base === undefined ? [] : variantChoices(base).map(asText)), [base])
  if (choices.length === 0) return null
  const choose = (name: string) => setVariant(name === BASE ? null : name)
  const segments = choices.map(({ name, title }): Segment<string> => {
    return { value: name, label: <SegmentLabel name={name} title={title} />, title }
  })
  return (
    <>
      {choices.length <= SEGMENTS_MAX && (
        <Segmented label="Variant" segments={segments} value={variant} onChange={choose} className={styles.row} />
      )}
      <select
        aria-label="Variant"
        className={styles.list}
        data-only={choices.length > SEGMENTS_MAX}
        value={variant}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        {choices.map(({ name, title }) => (
          <option key={name} value={name}>
            {name === BASE ? title : `${name} · ${title}`}
          </option>
        ))}
      </select>
    </>
  )
}

function SegmentLabel({ name, title }: { name: string; title: string }) {
  return (
    <>
      {name !== BASE && <b className={styles.letter}>{name}</b>}
      <span className={name === BASE ? undefined : styles.title}>{title}</span>
    </>
  )
}
