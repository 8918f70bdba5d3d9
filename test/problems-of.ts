/** For tests: what a visitor hears of the order saga with something wrong in it. */
import { problemLine } from '../src/base/result.ts'
import { orderSaga } from '../src/library/order-world.ts'
import { compile, readScenario } from '../src/scenario/compile.ts'

// biome-ignore lint/suspicious/noExplicitAny: scenarios that are wrong on purpose have no type.
export type Anything = any

/** The order saga as JSON, changed by the test; one line per problem, place first. */
export function problemsOf(change: (scenario: Anything) => unknown): string[] {
  const scenario = JSON.parse(JSON.stringify(orderSaga))
  const replaced = change(scenario)
  const read = readScenario(replaced === undefined ? scenario : replaced)
  const result = read.ok ? compile(read.value) : read
  return result.ok ? [] : result.problems.map(problemLine)
}

export const steps = (scenario: Anything) => scenario.sagas.order.steps
export const charge = (scenario: Anything) => scenario.services.payment.operations.charge
export const ledger = (scenario: Anything) => scenario.services.payment.tables.ledger
export const set = (target: Anything, fields: Anything) => {
  Object.assign(target, fields)
}
