// The rooms of this code base and what each may know. Everything may import its own room and base; a test may import
// anything. Beside a room, a single file of it can be named ('worker/client'). The map with reasons: ARCHITECTURE.md.

import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOMS: Record<string, string[]> = {
  base: [],
  trace: [],
  kernel: ['trace'],
  patterns: ['kernel', 'trace'],
  scenario: ['patterns', 'kernel', 'trace'],
  library: ['scenario'],
  checker: ['scenario', 'kernel', 'trace'],
  worker: ['trace', 'kernel', 'patterns', 'scenario', 'library', 'checker'],
  session: [
    'worker/client',
    'worker/protocol',
    'worker/sql-client',
    'worker/sql-protocol',
    'worker/search-pool',
    'worker/search-protocol',
    'scenario',
    'trace',
  ],
  views: ['session', 'trace', 'ui'],
  ui: [],
  app: ['session', 'views', 'ui', 'worker/client'],
  cli: ['trace', 'kernel', 'patterns', 'scenario', 'library', 'checker', 'worker'],
}

const SRC = import.meta.dirname

// Static and dynamic imports, re-exports, globs, and the URL of a worker or asset. A text search and no parser: an
// import that is commented out counts as well, and has no business here either.
const IMPORTS = [
  /\b(?:from|import)\s*(?:\(\s*)?(?:\/\*.*?\*\/\s*)?(['"`])(?<target>[./][^'"`]*)\1/g,
  /\bimport\.meta\.glob(?:<[^(]*>)?\(\s*\[?\s*(['"`])(?<target>[./][^'"`]*)\1/g,
  /\bnew\s+URL\(\s*(['"`])(?<target>[./][^'"`]*)\1\s*,\s*import\.meta\.url/g,
]

type SourceFile = { path: string; text: string }
type Import = { line: number; target: string }

function importsOf({ path, text }: SourceFile): Import[] {
  const matches = IMPORTS.flatMap((pattern) => [...text.matchAll(pattern)])
  return matches.map((match) => {
    const target = match.groups!.target!
    const line = text.slice(0, match.index + match[0].indexOf(target)).split('\n').length
    const fromRoot = target.startsWith('/') ? target.slice(1) : posix.join('src', posix.dirname(path), target)
    return { line, target: fromRoot.replace(/\?.*$/, '') }
  })
}

const roomOf = (path: string) => path.split('/')[0]!

function mayImport(room: string, target: string): boolean {
  const inSrc = target.replace(/^src\//, '')
  if (inSrc === target) return false
  const named = [roomOf(inSrc), inSrc.replace(/\.tsx?$/, '')]
  return [room, 'base', ...(ROOMS[room] ?? [])].some((allowed) => named.includes(allowed))
}

function describeAllowed(room: string): string {
  if (room === 'base') return 'but base may import nothing'
  if (!(room in ROOMS)) return `but ${room} is no room of the table in rooms.test.ts`
  return `but ${room} may only import ${['base', ...ROOMS[room]!].join(', ')}`
}

/** One line for each import that leaves its room without leave. */
function trespasses(files: SourceFile[]): string[] {
  return files.flatMap((file) => {
    const room = roomOf(file.path)
    return importsOf(file)
      .filter(({ target }) => !mayImport(room, target))
      .map(({ line, target }) => `src/${file.path}:${line} imports ${target}, ${describeAllowed(room)}`)
  })
}

const readSources = (): SourceFile[] =>
  readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.tsx?$/.test(path) && !/\.(test\.tsx?|d\.ts)$/.test(path))
    .map((path) => ({ path, text: readFileSync(join(SRC, path), 'utf8') }))

describe('the rooms', () => {
  const sources = readSources()

  it('hold every source file', () => {
    expect(sources.map(({ path }) => path).filter((path) => !(roomOf(path) in ROOMS))).toEqual([])
  })

  it('import only what the table allows', () => {
    expect(trespasses(sources)).toEqual([])
  })
})

describe('the check itself', () => {
  const check = (path: string, ...lines: string[]) => trespasses([{ path, text: lines.join('\n') }])

  it('names file, line and rule when a view reaches for the kernel', () => {
    const text = ["import { useState } from 'react'", 'import {', '  Kernel,', "} from '../kernel/kernel.ts'"]
    expect(check('views/stage.tsx', ...text)).toEqual([
      'src/views/stage.tsx:4 imports src/kernel/kernel.ts, but views may only import base, session, trace, ui',
    ])
  })

  it.each([
    "import type { Scenario } from '../scenario/scenario.ts'",
    "import '../scenario/scenario.ts'",
    "export * from '../scenario/scenario.ts'",
    "const late = await import('../scenario/scenario.ts')",
    "type Late = import('../scenario/scenario.ts').Scenario",
    "new Worker(new URL('../scenario/scenario.ts', import.meta.url), { type: 'module' })",
    "import url from '../scenario/scenario.ts?worker&url'",
    "const all = import.meta.glob<Story>(['../scenario/*.ts'])",
    "import '/src/scenario/scenario.ts'",
  ])('sees %s', (line) => {
    expect(check('kernel/agenda.ts', line)).toHaveLength(1)
    expect(check('library/order.ts', line)).toEqual([])
  })

  it('grants single files without granting their room', () => {
    expect(check('session/runs.ts', "import { connect } from '../worker/client.ts'")).toEqual([])
    expect(check('session/runs.ts', "import { pool } from '../worker/pool.ts'")).toHaveLength(1)
    expect(check('app/main.tsx', "import { Request } from '../worker/protocol.ts'")).toHaveLength(1)
  })

  it('does not pass leave on: what an imported room may know stays its own', () => {
    expect(check('library/order.ts', "import { step } from '../kernel/kernel.ts'")).toHaveLength(1)
  })

  it('keeps base free of everything, src free of the outside, and new folders out until they are in the table', () => {
    expect(check('base/heap.ts', "import { Entry } from '../trace/trace.ts'")).toHaveLength(1)
    expect(check('cli/main.ts', "import { story } from '../../e2e/story.ts'")).toHaveLength(1)
    expect(check('misc/thing.ts', "import { Entry } from '../trace/trace.ts'")).toHaveLength(1)
  })
})
