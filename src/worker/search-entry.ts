/** What runs inside a search worker: the host, on the worker's own message port. */
import { createSearchHost } from './search-host.ts'
import type { SearchRequest } from './search-protocol.ts'

declare const self: DedicatedWorkerGlobalScope

const answer = createSearchHost()
self.onmessage = ({ data }: MessageEvent<{ id: number; request: SearchRequest }>) => {
  self.postMessage({ id: data.id, reply: answer(data.request) })
}
