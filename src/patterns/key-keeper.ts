/**
 * What looks after a service's idempotency keys: the completer takes up requests that nobody finished, as their clients
 * may never come back, and the reaper deletes rows that are old enough. Both wake for a row, not every so often.
 */

import { send } from '../kernel/bus.ts'
import { untilClock } from '../kernel/clock.ts'
import type { Row, Table } from '../kernel/disk.ts'
import type { PatternModel, Timer } from '../kernel/model.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Task } from '../kernel/task.ts'
import { Outcome, Role } from '../trace/kinds.ts'
import { NONE, type Value } from '../trace/trace-format.ts'
import { deleteAtOnce } from './dedup-store.ts'
import { At, isFree, type KeySettings, Status, type StoredRequest } from './key-row.ts'
import { KEY_PATTERN } from './pattern-numbers.ts'

const COMPLETE = 0
const REAP = 1

export function keyKeeper(keepers: readonly KeySettings[]): PatternModel {
  const settingsOf = (timer: Timer) => keepers.find(({ service }) => service === timer.service)
  return {
    name: 'key keeper',
    init: () => null,
    isStale: (sim, timer) => {
      const settings = settingsOf(timer)
      const cells = settings === undefined ? null : cellsOf(sim, settings, timer)
      return cells === null || (timer.step === COMPLETE && cells[At.status] === Status.done)
    },
    onTimer: (sim, timer) => {
      const settings = settingsOf(timer)
      const cells = settings === undefined ? null : cellsOf(sim, settings, timer)
      if (settings === undefined || cells === null) return
      if (timer.step === REAP) reap(sim, settings, timer)
      else if (isFree(sim, cells, settings)) complete(sim, settings, cells, timer)
      else
        wake(
          sim,
          settings,
          timer.subject,
          COMPLETE,
          sim.now + untilClock(sim, settings.service, (cells[At.lockedAt] as number) * 1000 + settings.lockTimeout),
          timer.cause,
        )
    },
  }
}

/** A claim is about to be committed: somebody looks after it when its time has come. */
export function watchClaim(sim: Simulation, task: Task, settings: KeySettings): void {
  const { id } = task.keyRow as Row
  wake(sim, settings, id, COMPLETE, sim.now + settings.completer, task.cause)
  wake(sim, settings, id, REAP, sim.now + settings.reaper, task.cause)
}

function wake(
  sim: Simulation,
  { service }: KeySettings,
  subject: number,
  step: number,
  at: number,
  cause: number,
): void {
  if (at === Number.POSITIVE_INFINITY) return
  sim.setTimer({ pattern: KEY_PATTERN, service, subject, step, token: 0, durable: true, cause }, at)
}

function cellsOf(sim: Simulation, settings: KeySettings, timer: Timer): readonly Value[] | null {
  return (sim.tables[settings.table] as Table).rows.get(timer.subject)?.cells ?? null
}

/** The stored request once more, with its key: it goes on where the first attempt stopped. Nobody waits for an answer. */
function complete(sim: Simulation, settings: KeySettings, cells: readonly Value[], timer: Timer): void {
  const { message, payload } = cells[At.request] as unknown as StoredRequest
  send(
    sim,
    settings.service,
    {
      type: sim.model.messageTypes.indexOf(message),
      to: settings.service,
      role: Role.event,
      outcome: Outcome.none,
      saga: NONE,
      step: NONE,
      compensation: false,
      attempt: 1,
      key: cells[At.key] as string,
      reason: null,
      payload,
      answers: NONE,
      group: COMPLETER_GROUPS + timer.subject,
      request: NONE,
      hops: 0,
      delay: 0,
      subscribers: NONE,
    },
    timer.cause,
  )
}
/** A group of its own for each: a completed request waits behind no other message. */
const COMPLETER_GROUPS = 2 ** 25

function reap(sim: Simulation, settings: KeySettings, timer: Timer): void {
  const table = sim.tables[settings.table] as Table
  const row = table.rows.get(timer.subject)
  if (row !== undefined) deleteAtOnce(sim, settings, row, timer.cause)
}
