// A few runs as readable lines. A difference here is a change of behaviour that somebody has to have wanted; then:
//   npx vitest run src/library/golden.test.ts -u
import { describe, expect, it } from 'vitest'
import { openStory, prepare } from '../cli/stories.ts'
import { traceLines } from '../cli/trace-command.ts'

const stories: [id: string, variant: string | null][] = [
  ['order-saga', null],
  ['lost-reply', 'B'],
  ['crash-points', 'CP2 inbox outbox'],
  ['trip', 'no car'],
]

describe('the golden trace', () => {
  it.each(stories)('of %s %s', async (id, variant) => {
    const story = openStory(id)
    const lines = [...traceLines(story, prepare(story, variant), undefined)]
    const file = [id, ...(variant === null ? [] : [variant])].join('-').replaceAll(' ', '-')
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`./golden/${file}.txt`)
  })
})
