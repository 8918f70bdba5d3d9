/** Faults that stop at a moment: what would have struck later does not, and what lasts ends. */
import type { CompiledFaults } from '../scenario/compile-faults.ts'

/** Changes the lists in place; `at` in microseconds. Faults from the number `lasting` on go on as they are. */
export function healFrom(faults: CompiledFaults, at: number, lasting: number): void {
  const { messageFaults, handling, partitions, skews, crashes, pauses, amnesias } = faults
  endBy(messageFaults, at, lasting)
  endBy(skews, at, lasting)
  for (const list of handling) endBy(list, at, lasting)
  keepOnly(partitions, ({ from }) => from < at)
  endBy(partitions, at, lasting)
  keepOnly(crashes, (crash) => crash.at < at)
  keepOnly(amnesias, (amnesia) => amnesia.at < at)
  keepOnly(pauses, (pause) => pause.at < at)
  pauses.forEach((pause, i) => {
    pauses[i] = { ...pause, length: Math.min(pause.length, at - pause.at) }
  })
}

function endBy<T extends { readonly number: number; readonly until: number }>(list: T[], at: number, lasting: number) {
  list.forEach((fault, i) => {
    if (fault.until > at && fault.number < lasting) list[i] = { ...fault, until: at }
  })
}

function keepOnly<T>(list: T[], isKept: (one: T) => boolean): void {
  const kept = list.filter(isKept)
  list.length = 0
  list.push(...kept)
}
