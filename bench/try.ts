import { kernelRound, bareRound } from './ping-pong.ts'
import { sagaRound } from './saga-runs.ts'
import { rate, compare } from './timing.ts'
const w = process.argv[2]
if (!w || w==='pp') { const c = compare(kernelRound(), bareRound()); console.log('kernel', c.a.median|0, 'bare', c.b.median|0, c.ratio) }
if (!w || w==='saga') { const c = compare(sagaRound(false), sagaRound(true)); console.log('saga no trace', c.a.median|0, c.a.max|0, 'trace', c.b.median|0, c.b.max|0) }
