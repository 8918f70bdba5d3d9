/** Complete stories, as data: scenario, lesson text, expected outcome. Listed in the order of the lesson. */
import type { ScenarioInput } from '../scenario/schema.ts'
import { orderSaga } from './order-world.ts'

export const library: readonly ScenarioInput[] = [orderSaga]
