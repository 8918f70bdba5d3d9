/** Which requests can be made once more by somebody else: starts of sagas whose id is a plain text field. */
import type { ScenarioInput } from '../scenario/schema.ts'
import type { RequestCopy } from './schedule.ts'

/** A crowd needs no more company. */
const REQUESTS_MAX = 8

export function copiesOf(scenario: ScenarioInput): RequestCopy[] {
  const requests = scenario.workload?.requests ?? []
  if (requests.length > REQUESTS_MAX || requests.some(({ copies = 1 }) => copies > 1)) return []
  const sagas = Object.values(scenario.sagas ?? {})
  const taken = new Set(requests.flatMap(({ payload = {} }) => Object.values(payload)))
  return requests.flatMap((request) => {
    const field = sagas.find(({ start }) => start === request.message)?.id
    const id = field === undefined ? undefined : request.payload?.[field]
    if (field === undefined || typeof id !== 'string') return []
    const other = anotherId(id, taken)
    taken.add(other)
    const { id: _id, ...rest } = request
    return [{ request: { ...rest, payload: { ...request.payload, [field]: other } }, title: other }]
  })
}

/** `o1` → `o2`, `order` → `order-2`; whatever is not taken yet. */
function anotherId(id: string, taken: ReadonlySet<unknown>): string {
  const [, stem = '', digits = ''] = /^(.*?)(\d*)$/.exec(id) ?? []
  for (let n = digits === '' ? 2 : Number(digits) + 1; ; n++) {
    const other = digits === '' ? `${id}-${n}` : `${stem}${n}`
    if (!taken.has(other)) return other
  }
}
