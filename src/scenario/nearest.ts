/** `; did you mean "charge"?` when one of the known names is close enough to what was written, else the short list. */
export function nearest(written: string, known: readonly string[]): string {
  const best = closest(written, known)
  if (best !== null) return `; did you mean "${best}"?`
  return known.length > 0 && known.length <= 12 ? `; there is ${known.join(', ')}` : ''
}

/** The known name that was most likely meant, null when none is close. */
export function closest(written: string, known: readonly string[]): string | null {
  let best: string | null = null
  // Not every letter may differ: "Q" does not mean "A".
  const most = Math.min(Math.max(1, Math.floor(written.length / 3)), written.length - 1)
  let bestDistance = most + 1
  for (const name of known) {
    if (Math.abs(name.length - written.length) >= bestDistance) continue
    const distance = editDistance(written.toLowerCase(), name.toLowerCase())
    if (distance < bestDistance) {
      best = name
      bestDistance = distance
    }
  }
  return best
}

/** Insertions, deletions, changes and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const above = rows[i - 1] as number[]
      const changed = (above[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let cost = Math.min((above[j] as number) + 1, (row[j - 1] as number) + 1, changed)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, ((rows[i - 2] as number[])[j - 2] as number) + 1)
      }
      row.push(cost)
    }
    rows.push(row)
  }
  return (rows[a.length] as number[])[b.length] as number
}
