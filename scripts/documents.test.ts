// What README.md and ARCHITECTURE.md say is still so.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cli } from '../src/cli/cli.ts'

const ROOT = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const documents = ['README.md', 'ARCHITECTURE.md', 'docs/scenario-language.md']
const packages = JSON.parse(read('package.json'))

describe('the documents', () => {
  it.each(documents)('%s name only files that are there', (document) => {
    const folder = join(ROOT, document, '..')
    const links = [...read(document).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => target as string)
    expect(links.filter((target) => !target.endsWith('.png') && !existsSync(join(folder, target)))).toEqual([])
  })

  it.each(documents)('%s name only scripts that package.json has', (document) => {
    const scripts = [...read(document).matchAll(/npm run (?:-s )?([a-z:0-9]+)/g)].map(([, name]) => name as string)
    expect(scripts.filter((name) => packages.scripts[name] === undefined)).toEqual([])
  })

  it.each(documents)('%s name only source files that are there', (document) => {
    const named = [...read(document).matchAll(/`((?:src|scripts|public|docs)\/[\w./-]+\.\w+)`/g)].map(
      ([, path]) => path,
    )
    expect(named.filter((path) => !existsSync(join(ROOT, path as string)))).toEqual([])
  })
})

describe('README.md', () => {
  const commands = [...read('README.md').matchAll(/^npm run -s sagascope -- ([^#\n]+)/gm)]
    .map(([, line]) => (line as string).trim())
    .filter((line) => !line.includes('my-scenario.json'))

  it.each(commands)(
    'shows a command that works: %s',
    async (line) => {
      const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
      const lines: string[] = []
      const code = await cli(words, { out: (text) => lines.push(text), error: (text) => lines.push(text) })
      expect(code, lines.join('\n')).toBe(0)
      expect(lines.length).toBeGreaterThan(0)
    },
    30_000,
  )

  it('names every key of `run --json`', async () => {
    let printed = ''
    await cli(['run', 'trip', '--json'], { out: (text) => (printed = text), error: () => {} })
    const keys = Object.keys(JSON.parse(printed))
    expect(keys.filter((key) => !read('README.md').includes(`\`${key}\``))).toEqual([])
  })
})

describe('ARCHITECTURE.md', () => {
  const text = read('ARCHITECTURE.md')

  it('gives a reason for every package', () => {
    const all = Object.keys({ ...packages.dependencies, ...packages.devDependencies })
    const table = text.slice(text.indexOf('## Dependencies'))
    expect(all.filter((name) => !new RegExp(`[*|, ]${name.replace('/', '\\/')}[*|, ]`).test(table))).toEqual([])
  })

  it('has every room in its table', () => {
    const rooms = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect(rooms.map(({ name }) => name).filter((name) => !text.includes(`| \`src/${name}\` |`))).toEqual([])
  })

  it('names files that are there, wherever it follows the message', () => {
    const named = [...text.matchAll(/`([a-z-]+\/[\w-]+\.tsx?)`/g)].map(([, path]) => path as string)
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((path) => !existsSync(join(ROOT, 'src', path)))).toEqual([])
  })
})
