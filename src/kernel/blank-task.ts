/** Tasks are made and forgotten for every message: their memory is used again. */
import { Outcome } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import type { Task } from './task.ts'

export function blankTask(slot: number): Task {
  return {
    slot,
    generation: 0,
    alive: false,
    service: NONE,
    message: null,
    replica: 0,
    program: NONE,
    pc: 0,
    tx: null,
    ownTx: null,
    branch: null,
    waitingSince: NONE,
    wasBlocked: false,
    savepoint: 0,
    outcome: Outcome.none,
    reason: null,
    answer: true,
    payload: NO_PAYLOAD,
    returned: null,
    locals: [],
    sends: [],
    publications: [],
    outboxRows: [],
    keyRow: null,
    point: null,
    inboxRow: null,
    fenceRow: null,
    emitted: 0,
    storedIn: NONE,
    saga: NONE,
    step: NONE,
    compensation: false,
    crashPoint: NONE,
    crashRestart: 0,
    crashesAlone: false,
    crashFault: NONE,
    slowFault: NONE,
    answerFault: NONE,
    slowBefore: 0,
    slowInside: 0,
    refusal: null,
    failure: null,
    isPoisoned: false,
    lateFailure: null,
    receipt: 0,
    epoch: 0,
    pausePoint: NONE,
    pauseLength: 0,
    pauseFault: NONE,
    cause: NONE,
    timer: null,
    call: null,
    lockToken: 0,
    lockDeadline: -1,
    released: [],
    scratch: null,
    phasePc: 0,
    phasePublications: 0,
    returnProgram: NONE,
    returnPc: 0,
  }
}
const NO_PAYLOAD = {}

/** A new life: everything as at the beginning, one generation on. Setting a length is dear, so only where it must be. */
export function refresh(task: Task): void {
  task.generation++
  task.alive = true
  task.message = null
  task.pc = 0
  task.tx = null
  task.ownTx = null
  task.branch = null
  task.waitingSince = NONE
  task.wasBlocked = false
  task.savepoint = 0
  task.outcome = Outcome.none
  task.reason = null
  task.answer = true
  task.payload = NO_PAYLOAD
  task.returned = null
  if (task.locals.length > 0) task.locals = []
  if (task.sends.length > 0) task.sends = []
  if (task.publications.length > 0) task.publications = []
  if (task.outboxRows.length > 0) task.outboxRows = []
  task.keyRow = null
  task.point = null
  task.inboxRow = null
  task.fenceRow = null
  task.emitted = 0
  task.storedIn = NONE
  task.saga = NONE
  task.step = NONE
  task.compensation = false
  task.crashPoint = NONE
  task.crashRestart = 0
  task.slowBefore = 0
  task.slowInside = 0
  task.refusal = null
  task.failure = null
  task.isPoisoned = false
  task.lateFailure = null
  task.receipt = 0
  task.epoch = 0
  task.pausePoint = NONE
  task.timer = null
  task.call = null
  task.lockToken = 0
  task.lockDeadline = -1
  if (task.released.length > 0) task.released = []
  task.scratch = null
  task.phasePc = 0
  task.phasePublications = 0
  task.returnProgram = NONE
  task.returnPc = 0
}
