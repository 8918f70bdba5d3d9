import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const SCRIPT = join(import.meta.dirname, '../../scripts/sagascope.mjs')

describe('the command as people start it', () => {
  it('ends with the right code and keeps the two streams apart', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, 'run', 'nobody'], { encoding: 'utf8' })
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toBe('no scenario "nobody" in the library\n')
  }, 30_000)

  it('does not mind a reader that stops reading', () => {
    const command = `"${process.execPath}" "${SCRIPT}" trace partition-heals | head -n 1`
    const { stdout, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8' })
    expect(stdout.split('\n')).toHaveLength(2)
    expect(stderr).toBe('')
  }, 30_000)
})
