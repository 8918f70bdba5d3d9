/** The page's side of a search: as many workers as there are cores to spare, started when something is to be searched. */
import type { SearchReply, SearchRequest } from './search-protocol.ts'

/** One worker: questions are answered one after the other. */
export interface SearchWorker {
  ask(request: SearchRequest): Promise<SearchReply>
  stop(): void
}

export interface SearchPool {
  readonly workers: readonly SearchWorker[]
  /** Ends all of them at once, whatever they are doing. */
  stop(): void
}

const WORKERS_MAX = 16

/** One core is left to the page. */
export function startPool(
  count = Math.min(WORKERS_MAX, Math.max(1, (navigator.hardwareConcurrency || 2) - 1)),
): SearchPool {
  const workers = Array.from({ length: count }, startSearchWorker)
  return { workers, stop: () => workers.forEach((worker) => worker.stop()) }
}

function startSearchWorker(): SearchWorker {
  const worker = new Worker(new URL('./search-entry.ts', import.meta.url), { type: 'module', name: 'search' })
  const waiting = new Map<number, (reply: SearchReply) => void>()
  let lastId = 0
  worker.onmessage = ({ data }: MessageEvent<{ id: number; reply: SearchReply }>) => {
    waiting.get(data.id)?.(data.reply)
    waiting.delete(data.id)
  }
  worker.onerror = (event) => {
    event.preventDefault()
    const message = `a search worker crashed (${event.message || 'it could not be loaded'})`
    for (const answer of waiting.values()) answer({ type: 'failed', message })
    waiting.clear()
  }
  return {
    ask: (request) =>
      new Promise((resolve) => {
        const id = ++lastId
        waiting.set(id, resolve)
        worker.postMessage({ id, request })
      }),
    stop: () => worker.terminate(),
  }
}
