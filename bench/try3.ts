import { sagaRound } from './saga-runs.ts'
import { rate } from './timing.ts'
const r = rate(sagaRound(false), 15, 2); console.log('saga no trace', r.median|0, r.max|0)
