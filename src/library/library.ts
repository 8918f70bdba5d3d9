/** Complete stories, as data: scenario, lesson text, expected outcome. Listed in the order of the lesson. */
import type { ScenarioInput } from '../scenario/schema.ts'
import { crashPoints, partition } from './bus.ts'
import { lostResponse } from './idempotency.ts'
import { orderSaga } from './order-world.ts'
import { afterPivot, orchestratorCrash, pivotUnknown } from './saga-endurance.ts'
import { lateSuccess, lostReply, noMoney, outOfStock, overtaking } from './saga-recovery.ts'
import { trip } from './trip.ts'

export const library: readonly ScenarioInput[] = [
  orderSaga,
  outOfStock,
  noMoney,
  lostReply,
  overtaking,
  lateSuccess,
  orchestratorCrash,
  afterPivot,
  pivotUnknown,
  lostResponse,
  crashPoints,
  partition,
  trip,
]
