/**
 * The model as a proof runs it: without the scenario's own losses, copies, delays, crashes and pauses, because a budget
 * takes their place, and with a crash at every gap of every handler that the explorer can arm. Refusals, errors and
 * poison stay: they are the business's, not the weather's.
 */
import { pointNames } from '../kernel/faults.ts'
import { Falls, type HandlingFault, type Model, type ServiceModel } from '../kernel/model.ts'

const OWN_KINDS: readonly HandlingFault['kind'][] = ['refuse', 'fail', 'poison']
/** A count so low that the fault strikes in no run. */
export const DISARMED = -1_000_000

/** The gaps between two rows of an outbox: before publishing, and after it but before the row is marked. */
const RELAY_POINTS = [0, 3]

export interface ProofModel {
  readonly model: Model
  /** By service: the number of the first crash fault made for it; the gaps of a handler follow each other. */
  readonly firstCrash: readonly number[]
  /** Numbers below are the scenario's own faults. */
  readonly ownFaults: number
}

export const GAPS: number = pointNames.length
export const RELAY_GAPS: number = RELAY_POINTS.length

export function withoutWeather(model: Model): ProofModel {
  const ownFaults = model.header.faults.length
  const perService = GAPS + RELAY_GAPS
  const firstCrash = model.services.map((_, i) => ownFaults + i * perService)
  const services = model.services.map(
    (service, i): ServiceModel => ({
      ...service,
      faults: [
        ...service.faults.filter(({ kind }) => OWN_KINDS.includes(kind)),
        ...(service.isClient ? [] : crashes(firstCrash[i] as number, service.restartTime)),
      ],
    }),
  )
  const names = [...model.header.faults, ...services.flatMap(() => new Array(perService).fill('crash'))]
  return {
    ownFaults,
    firstCrash,
    model: {
      ...model,
      services,
      header: { ...model.header, faults: names },
      endTime: Number.POSITIVE_INFINITY,
      messageFaults: [],
      partitions: [],
      crashes: [],
      amnesias: [],
      pauses: [],
      skews: [],
      countsEffects: false,
      scalings: [],
      load: null,
    },
  }
}

/** One for each gap of a handler, then one for each gap of the relay. */
function crashes(first: number, restart: number): HandlingFault[] {
  const gaps = pointNames.map((_, point) => crash(first + point, null, point, restart))
  return [...gaps, ...RELAY_POINTS.map((point, i) => crash(first + GAPS + i, 'relay', point, restart))]
}

function crash(number: number, on: string | null, point: number, restart: number): HandlingFault {
  return {
    number,
    kind: 'crash',
    on,
    nth: 1,
    times: 1,
    after: 0,
    until: Number.POSITIVE_INFINITY,
    point,
    restart,
    replica: Falls.service,
    by: 0,
    inTransaction: false,
    afterCommit: false,
    reason: '',
  }
}
