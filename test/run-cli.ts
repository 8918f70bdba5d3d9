/** For tests: the command line run in this process, and scenario files to run it on. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { cli } from '../src/cli/cli.ts'
import type { ScenarioInput } from '../src/scenario/schema.ts'

export async function run(...words: string[]) {
  const out: string[] = []
  const error: string[] = []
  const code = await cli(words, { out: (text) => out.push(text), error: (text) => error.push(text) })
  return { code, out: out.join('\n'), error }
}

const folder = mkdtempSync(join(tmpdir(), 'sagascope-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Writes a file (a scenario, or any text) and returns its path. */
export function file(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

/** One service that counts how often it was asked. */
export const counter: ScenarioInput = {
  sagascope: 1,
  id: 'counter',
  title: 'Counter',
  services: {
    counter: {
      tables: { hits: { columns: ['name', 'count'], key: 'name', rows: [{ name: 'a', count: 0 }] } },
      operations: { hit: { do: [{ update: 'hits', change: 'count += 1' }] } },
    },
  },
  workload: { requests: [{ to: 'counter', message: 'hit' }] },
  observables: { count: 'counter.hits["a"].count' },
  properties: { FEW: { when: 'always', check: 'counter.hits.all(h, h.count <= 1)' } },
}

/** Asked once more: breaks FEW. */
export const twice = { requests: [...(counter.workload?.requests ?? []), { to: 'counter', message: 'hit', atMs: 100 }] }
