// The command line as plain JavaScript, for searches: run from sources they would pay for the tool that strips the
// types, and threads could not be started at all. Built when a source has changed since the last time.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from './packages.mjs'

const CACHE = join(ROOT, 'node_modules/.cache/sagascope-cli')
const ROOMS = ['base', 'trace', 'kernel', 'patterns', 'scenario', 'library', 'checker', 'cli']

/** The path of the bundled main module. */
export async function bundledCli() {
  const folder = join(CACHE, sourcesHash())
  if (!existsSync(folder)) await build(folder)
  return join(folder, 'main.mjs')
}

function sourcesHash() {
  const hash = createHash('sha256')
  for (const room of ROOMS) {
    const files = readdirSync(join(ROOT, 'src', room), { recursive: true, encoding: 'utf8' }).sort()
    for (const file of files) {
      const { size, mtimeMs } = statSync(join(ROOT, 'src', room, file))
      hash.update(`${room}/${file} ${size} ${mtimeMs}\n`)
    }
  }
  return hash.digest('hex').slice(0, 16)
}

/** @param {string} folder */
async function build(folder) {
  const vite = await import(pathToFileURL(createRequire(import.meta.url).resolve('vite')).href)
  mkdirSync(CACHE, { recursive: true })
  const unfinished = `${folder}.${process.pid}`
  await vite.build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir: unfinished,
      emptyOutDir: true,
      minify: false,
      target: 'node20',
      rolldownOptions: {
        input: { main: join(ROOT, 'src/cli/main.ts'), 'search-worker': join(ROOT, 'src/cli/search-worker.ts') },
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
    ssr: { noExternal: true },
  })
  // Somebody else may have built the same meanwhile.
  if (existsSync(folder)) rmSync(unfinished, { recursive: true })
  else renameSync(unfinished, folder)
  for (const old of readdirSync(CACHE).filter((name) => !folder.endsWith(name) && !name.includes('.'))) {
    rmSync(join(CACHE, old), { recursive: true, force: true })
  }
}
