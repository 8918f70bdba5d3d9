/** A search on several cores: each worker thread searches its stretch, and what they find is put together by the asker. */
import { Worker } from 'node:worker_threads'
import { type SearchTask, search } from './search-worker.ts'

/** Threads load plain JavaScript only: run from the sources, a search has one thread, its own. */
const isBundled = !import.meta.url.endsWith('.ts')
const workerFile = './search-worker.mjs'

/** The results of the tasks, in their order. */
export async function searchAll<T>(tasks: readonly SearchTask[]): Promise<T[]> {
  if (tasks.length === 1 || !isBundled) return tasks.map((task) => search(task) as T)
  return Promise.all(tasks.map((task) => inThread<T>(task)))
}

function inThread<T>(task: SearchTask): Promise<T> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(workerFile, import.meta.url), { workerData: task })
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}
