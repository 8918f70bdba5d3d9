/** A fault in a few words, for badges and lists: `drop · 1st Charged`. */
import type { Fault } from './schema.ts'

export function faultPhrase(fault: Fault, title: (service: string) => string): string {
  switch (fault.kind) {
    case 'crash':
      if (fault.atMs !== undefined)
        return `crash · ${replica(fault.replica)}${title(fault.service)} at ${ms(fault.atMs)}`
      return `crash · ${replica(fault.replica)}${title(fault.service)} ${fault.point}, ${ordinal(fault.nth)} ${fault.on ?? 'message'}`
    case 'drop':
    case 'duplicate':
    case 'delay': {
      const by = fault.kind === 'delay' ? ` by ${ms(fault.byMs)}` : ''
      return `${fault.kind} · ${which(fault, title)}${by}`
    }
    case 'slow':
      return `slow · ${title(fault.service)}, ${handling(fault)} +${ms(fault.byMs)}`
    case 'refuse':
    case 'fail':
      return `${fault.kind} · ${title(fault.service)}, ${handling(fault)}: ${fault.reason}`
    case 'poison':
      return `poison · ${ordinal(fault.nth)} ${fault.on ?? 'message'} at ${title(fault.service)}`
    case 'pause':
      if (fault.atMs !== undefined) return `pause · ${title(fault.service)} at ${ms(fault.atMs)} for ${ms(fault.forMs)}`
      return `pause · ${title(fault.service)} ${fault.point}, ${ordinal(fault.nth)} ${fault.on ?? 'message'} for ${ms(fault.forMs)}`
    case 'skew': {
      const off = fault.offsetMs === 0 ? '' : ` ${fault.offsetMs > 0 ? '+' : '−'}${ms(Math.abs(fault.offsetMs))}`
      const drift = fault.driftPpm === 0 ? '' : ` ${fault.driftPpm > 0 ? '+' : '−'}${Math.abs(fault.driftPpm)} ppm`
      const span = fault.untilMs === undefined ? '' : ` until ${ms(fault.untilMs)}`
      return `clock · ${title(fault.service)}${off}${drift} from ${ms(fault.fromMs)}${span}`
    }
    case 'amnesia':
      return `amnesia · the broker loses ${ms(fault.windowMs)} at ${ms(fault.atMs)}`
    case 'partition': {
      const [a, b] = fault.between.map((set) => set.map(title).join(', '))
      const until = fault.untilMs === undefined ? 'for ever' : `until ${ms(fault.untilMs)}`
      const arrow = fault.direction === 'both' ? '↔' : fault.direction === 'there' ? '→' : '←'
      return `partition · ${a} ${arrow} ${b} from ${ms(fault.fromMs)} ${until}`
    }
  }
}

function replica(which: number | 'at work' | undefined): string {
  if (which === undefined) return ''
  return which === 'at work' ? 'one replica of ' : `replica ${which} of `
}

function which(
  fault: Extract<Fault, { kind: 'drop' | 'duplicate' | 'delay' }>,
  title: (service: string) => string,
): string {
  const what = fault.message ?? 'message'
  const from = fault.from === undefined ? '' : ` from ${title(fault.from)}`
  const to = fault.to === undefined ? '' : ` to ${title(fault.to)}`
  if (fault.probability !== undefined) return `${Math.round(fault.probability * 1000) / 10} % of ${what}${from}${to}`
  const more = fault.times > 1 ? ` and ${fault.times - 1} more` : ''
  const after = fault.afterMs > 0 ? ` after ${ms(fault.afterMs)}` : ''
  return `${ordinal(fault.nth ?? 1)} ${what}${from}${to}${more}${after}`
}

function handling(fault: Extract<Fault, { kind: 'slow' | 'refuse' | 'fail' }>): string {
  if (fault.times === 'always') return `every ${fault.on ?? 'message'}`
  const more = fault.times > 1 ? ` and ${fault.times - 1} more` : ''
  return `${ordinal(fault.nth)} ${fault.on ?? 'message'}${more}`
}

function ordinal(n: number): string {
  const tens = n % 100
  if (tens >= 11 && tens <= 13) return `${n}th`
  return `${n}${['th', 'st', 'nd', 'rd'][n % 10] ?? 'th'}`
}

function ms(time: number): string {
  const rounded = Math.round(time * 1000) / 1000
  return rounded < 1000 ? `${rounded} ms` : `${Math.round(rounded) / 1000} s`
}
