import { kernelRound, bareRound } from './ping-pong.ts'
import { sagaRound } from './saga-runs.ts'
import { rate } from './timing.ts'
const w = process.argv[2]
if (!w || w==='pp') { const b = rate(bareRound()); const k = rate(kernelRound()); console.log('bare', b.median|0, 'kernel', k.median|0, (k.median/b.median).toFixed(2)) }
if (!w || w==='saga') { console.log('saga no trace', rate(sagaRound(false)).median|0); console.log('saga trace', rate(sagaRound(true)).median|0) }
