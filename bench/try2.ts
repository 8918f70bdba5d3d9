import { kernelRound, bareRound } from './ping-pong.ts'
import { Simulation } from '../src/kernel/simulation.ts'
import { rate } from './timing.ts'
import { TraceWriter } from '../src/trace/trace-writer.ts'
const k = rate(kernelRound(), 5, 1); console.log('kernel', k.median|0, k.max|0)
const b = rate(bareRound(),5,1); console.log('bare', b.median|0, b.max|0)
const orig = TraceWriter.prototype.append
// no message rows
