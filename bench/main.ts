/**
 * `npm run bench [-- --json]`: what the engine costs, as rates and ratios. A ratio of two things measured in turn in
 * one run holds on any machine; a rate holds on this one, and its range says how calm the machine was.
 */
import { millionFigures } from './million.ts'
import { bareRound, kernelRound } from './ping-pong.ts'
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

function measure(): Line[] {
  const pingPong = compare(kernelRound(), bareRound())
  const saga = rate(sagaRound(false, 'never'))
  const judged = rate(sagaRound(false, 'at the end'))
  const traced = rate(sagaRound(true, 'never'))
  const watched = rate(sagaRound(true, 'every commit'))
  const million = millionFigures()
  return [
    {
      name: 'ping-pong of 100 processes, kernel with full trace ÷ bare loop',
      value: pingPong.ratio.median,
      unit: '×',
      target: '≥ 0.5',
      met: pingPong.ratio.median >= 0.5,
      range: `${fixed(pingPong.ratio.min)}–${fixed(pingPong.ratio.max)}`,
    },
    line('  kernel', pingPong.a, 'messages/s', 0),
    line('  bare loop', pingPong.b, 'messages/s', 0),
    line('order saga, whole runs without trace', saga, 'runs/s', 50_000),
    line('  five properties looked at when each run has ended', judged, 'runs/s', 0),
    line('order saga, whole runs with trace', traced, 'runs/s', 20_000),
    line('  five properties looked at after every commit', watched, 'runs/s', 0),
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

const lines = measure()
if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify(lines, null, 2)}\n`)
} else {
  for (const { name, value, unit, target, met, range } of lines) {
    const verdict = target === '' ? '' : met ? 'met' : 'NOT MET'
    process.stdout.write(
      `${name.padEnd(64)}${fixed(value).padStart(12)} ${unit.padEnd(11)}${target.padEnd(10)}${verdict.padEnd(9)}${range}\n`,
    )
  }
}
