import { describe, expect, it } from 'vitest'
import type { LibraryItem, ScenarioInput } from '../../session/session-types.ts'
import { chapters, fileName, variantRows } from './library-layout.ts'

const item = (id: string, chapter: string, rest: Partial<LibraryItem> = {}): LibraryItem => ({
  id,
  title: id,
  case: '',
  chapter,
  text: '',
  variants: [],
  ...rest,
})
const library = [
  item('happy', 'Sagas', { case: 'S01' }),
  item('lost reply', 'Sagas', { case: 'S05', variants: [{ name: 'B', title: 'register before' }] }),
  item('inbox', 'Messaging', { text: 'A redelivery is turned away.' }),
  item('loose', ''),
]
const found = (query: string) => chapters(library, query).flatMap((chapter) => chapter.items.map(({ id }) => id))

describe('the library', () => {
  it('keeps the order of its chapters and puts what has none last', () => {
    expect(chapters(library, '').map(({ title, items }) => [title, items.length])).toEqual([
      ['Sagas', 2],
      ['Messaging', 1],
      ['Further', 1],
    ])
  })

  it('finds scenarios by case, lesson or variant, every word in any order', () => {
    expect(found('s05')).toEqual(['lost reply'])
    expect(found('REDELIVERY')).toEqual(['inbox'])
    expect(found('before lost')).toEqual(['lost reply'])
    expect(found('before happy')).toEqual([])
  })
})

describe('variants', () => {
  it('begin with the scenario as written, unless one of them is just that, and know which of them show the failure', () => {
    const base = {
      variants: {
        A: { title: 'compensate what reported', patch: { seed: 2 }, breaks: ['all or nothing'] },
        B: { title: 'register before', patch: { seed: 3 } },
      },
    } as unknown as ScenarioInput
    const rows = (scenario: ScenarioInput) => variantRows(scenario).map(({ name, breaks }) => [name, breaks.length])
    expect(rows(base)).toEqual([
      [null, 0],
      ['A', 1],
      ['B', 0],
    ])
    const named = { variants: { ...base.variants, A: { title: 'as written', breaks: ['all or nothing'] } } }
    expect(rows(named as unknown as ScenarioInput)).toEqual([
      ['A', 1],
      ['B', 0],
    ])
  })

  it('are not listed when there are none', () => {
    expect(variantRows({} as ScenarioInput)).toEqual([])
  })
})

describe('a saved file', () => {
  it('is named after scenario and variant, in letters every system takes', () => {
    expect(fileName('lost-reply', null)).toBe('lost-reply.sagascope.json')
    expect(fileName('lost-reply', 'C + fence')).toBe('lost-reply-c-fence.sagascope.json')
  })
})
