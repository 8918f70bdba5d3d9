/** A look at what nobody reports, several times in each stretch of the curves: samplers, and the services of a run without trace. */
import { Kind } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import { type Curve, lookAtSamplers } from './curves.ts'
import type { LoadModel, LoadState } from './load.ts'
import type { Simulation } from './simulation.ts'

export function lookAround(sim: Simulation, load: LoadState): void {
  const model = sim.model.load as LoadModel
  lookAtSamplers(sim, load.curves, model.curves)
  if (sim.samples !== null) noteServices(sim, model, load)
}

/** So that a playhead has somewhere to stand where no entries are kept. */
function noteServices(sim: Simulation, model: LoadModel, { curves }: LoadState): void {
  const level = (number: number) => (curves.list[number] as Curve).level
  model.services.forEach((service, i) => {
    if (service === null) return
    sim.samples?.append(sim.now, Kind.measured, i, NONE, NONE, NONE, level(service.queue), level(service.busy))
  })
}
