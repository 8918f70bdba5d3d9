/** What runs inside the worker: the host, on the worker's own message port. */
import { createHost } from './host.ts'
import type { WorkerRequest } from './protocol.ts'

declare const self: DedicatedWorkerGlobalScope

// A message to oneself comes after those that wait already, without the delay that timers get.
const turn = new MessageChannel()
const waiting: (() => void)[] = []
turn.port1.onmessage = () => waiting.shift()?.()

const host = createHost({
  post: (reply, transfer) => self.postMessage(reply, transfer),
  now: () => performance.now(),
  later(callback) {
    waiting.push(callback)
    turn.port2.postMessage(null)
  },
})

self.onmessage = (event: MessageEvent<WorkerRequest>) => host(event.data)
