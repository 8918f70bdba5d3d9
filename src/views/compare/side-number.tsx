import styles from './side-number.module.css'

/** A side's number: the same sign at its stage, in the table and on the strip. */
export function SideNumber({ index }: { index: number }) {
  return (
    <span className={styles.number}>
      <span className="sr-only">Run </span>
      {index + 1}
    </span>
  )
}
