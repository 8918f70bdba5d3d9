// Turns what the test runners report into the three numbers of the last line. A runner that failed without naming a
// failed test (a file that does not load, a server that does not start, no tests at all) still counts as one failure.

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/** @typedef {{ status: string, assertionResults: { status: string }[] }} VitestFile */

/** @type {Counts} */
const NOTHING = { passed: 0, failed: 0, skipped: 0 }

/** @param {Counts[]} all */
export const sumCounts = (all) =>
  all.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
    }),
    NOTHING,
  )

/**
 * A stage without tests of its own: only its failure counts.
 * @param {boolean} succeeded
 * @returns {Counts}
 */
export const countStage = (succeeded) => (succeeded ? NOTHING : { ...NOTHING, failed: 1 })

/**
 * @param {Counts} counts
 * @param {boolean} succeeded
 * @returns {Counts}
 */
function withRunnerVerdict(counts, succeeded) {
  const hasRun = counts.passed + counts.failed + counts.skipped > 0
  return succeeded && hasRun ? counts : { ...counts, failed: Math.max(counts.failed, 1) }
}

/**
 * @param {{ testResults: VitestFile[] } | undefined} report
 * @param {boolean} succeeded
 */
export function countVitest(report, succeeded) {
  const files = report?.testResults.map(({ status, assertionResults }) => {
    const having = (/** @type {string} */ wanted) => assertionResults.filter((test) => test.status === wanted).length
    const [passed, failed] = [having('passed'), having('failed')]
    const hasBrokenFile = status === 'failed' && failed === 0
    return { passed, failed: hasBrokenFile ? 1 : failed, skipped: assertionResults.length - passed - failed }
  })
  return withRunnerVerdict(sumCounts(files ?? []), succeeded)
}

/**
 * @param {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number } } | undefined} report
 * @param {boolean} succeeded
 */
export function countPlaywright(report, succeeded) {
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = report?.stats ?? {}
  return withRunnerVerdict({ passed: expected + flaky, failed: unexpected, skipped }, succeeded)
}

/** @param {Counts} counts */
export const describeCounts = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
