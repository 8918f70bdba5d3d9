import { describe, expect, it } from 'vitest'
import { countPlaywright, countStage, countVitest, describeCounts, sumCounts } from './counts.mjs'

const file = (status: string, ...statuses: string[]) => ({
  status,
  assertionResults: statuses.map((each) => ({ status: each })),
})

describe('the last line of npm test', () => {
  it('sums what every runner reports', () => {
    const unit = countVitest(
      { testResults: [file('failed', 'passed', 'failed'), file('passed', 'passed', 'todo')] },
      false,
    )
    const endToEnd = countPlaywright({ stats: { expected: 3, unexpected: 1, flaky: 0, skipped: 2 } }, false)
    expect(describeCounts(sumCounts([unit, endToEnd]))).toBe('5 passed, 2 failed, 3 skipped')
  })

  it('leaves out skipped tests when there are none', () => {
    expect(describeCounts(countStage(true))).toBe('0 passed, 0 failed')
  })

  it('counts a failed stage once', () => {
    expect(countStage(false).failed).toBe(1)
  })

  it('counts a test file that does not load, or whose hook fails, as a failure', () => {
    expect(countVitest({ testResults: [file('failed'), file('failed', 'skipped')] }, false).failed).toBe(2)
  })

  it('counts a runner that failed without a failed test', () => {
    expect(countVitest({ testResults: [file('passed', 'passed')] }, false)).toMatchObject({ passed: 1, failed: 1 })
    expect(countPlaywright(undefined, false).failed).toBe(1)
  })

  it('counts finding no tests at all as a failure', () => {
    expect(countVitest({ testResults: [] }, true).failed).toBe(1)
    expect(countPlaywright({ stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0 } }, true).failed).toBe(1)
  })
})
