/**
 * A share link's fragment, `#s1=…`: payload → JSON → phrases and a checksum → deflate → base64url, and back with every
 * step bounded. The same code runs in the page and on the command line; nothing in a link is ever evaluated.
 */

import { fromBase64Url, toBase64Url } from '../base/base64url.ts'
import { hashText } from '../base/hash.ts'
import type { Problem } from '../base/result.ts'
import { fromWire, type LinkPayload, toWire } from './link-payload.ts'
import { packText, unpackText } from './link-text.ts'

export type LinkFailure = 'foreign' | 'future version' | 'too large' | 'damaged'
export type LinkResult =
  | { readonly ok: true; readonly value: LinkPayload }
  | { readonly ok: false; readonly failure: LinkFailure; readonly problems: Problem[] }

const VERSION = 1
/** Longest fragment that is looked at, characters. */
export const FRAGMENT_MAX = 65_536
/** What a link may unpack to, bytes at each stage. */
export const UNPACKED_MAX = 1_000_000

const sentences: Record<LinkFailure, string> = {
  foreign: 'This is not a Sagascope link.',
  'future version': 'This link was made by a newer Sagascope. Reload the page, or open the link where it was made.',
  'too large': 'This link is too large: a link may hold 64 KB and unpack to 1 MB. Ask for the scenario as a file.',
  damaged: 'This link is damaged: a part of it is missing or was changed on the way. Ask for it again.',
}

function failed(failure: LinkFailure): LinkResult {
  return { ok: false, failure, problems: [{ path: '', message: sentences[failure] }] }
}

/** The fragment with its `#`. Longer than FRAGMENT_MAX means that nobody will be able to open it. */
export async function encodeLink(payload: LinkPayload): Promise<string> {
  const packed = sealed(JSON.stringify(toWire(payload)))
  const deflated = await readAll(through(packed, new CompressionStream('deflate-raw')), Number.POSITIVE_INFINITY)
  return `#s${VERSION}=${toBase64Url(deflated as Uint8Array)}`
}

/** Reads a fragment, with or without its `#`, or whatever somebody pasted. */
export async function decodeLink(fragment: string): Promise<LinkResult> {
  const parts = /^#?s(\d{1,6})=/.exec(fragment)
  if (parts === null) return failed('foreign')
  if (Number(parts[1]) !== VERSION) return failed(Number(parts[1]) > VERSION ? 'future version' : 'foreign')
  if (fragment.length > FRAGMENT_MAX) return failed('too large')
  const deflated = fromBase64Url(fragment.slice(parts[0].length))
  if (deflated === undefined) return failed('damaged')
  try {
    return await unpack(deflated)
  } catch {
    // The stream or the JSON was cut or changed.
    return failed('damaged')
  }
}

async function unpack(deflated: Uint8Array<ArrayBuffer>): Promise<LinkResult> {
  const packed = await readAll(through(deflated, new DecompressionStream('deflate-raw')), UNPACKED_MAX)
  if (packed === undefined) return failed('too large')
  const text = unpackText(packed.subarray(CHECKSUM), UNPACKED_MAX)
  if (text === 'too large') return failed('too large')
  if (text === undefined || checksum(packed) !== hashText(text) >>> 0) return failed('damaged')
  const payload = fromWire(JSON.parse(text))
  return payload === undefined ? failed('damaged') : { ok: true, value: payload }
}

const CHECKSUM = 4

/** A changed character in a link often still unpacks to something; the checksum in front tells. */
function sealed(text: string): Uint8Array<ArrayBuffer> {
  const packed = packText(text)
  const bytes = new Uint8Array(CHECKSUM + packed.length)
  new DataView(bytes.buffer).setUint32(0, hashText(text))
  bytes.set(packed, CHECKSUM)
  return bytes
}

function checksum(packed: Uint8Array): number {
  return packed.length < CHECKSUM ? -1 : new DataView(packed.buffer, packed.byteOffset).getUint32(0)
}

// This room names no platform; pages, workers and Node all have these.
interface ByteReader {
  read(): Promise<{ done: boolean; value?: Uint8Array }>
  cancel(): Promise<void>
}
interface ByteStream {
  readonly readable: { getReader(): ByteReader }
  readonly writable: {
    getWriter(): { write(bytes: Uint8Array<ArrayBuffer>): Promise<void>; close(): Promise<void> }
  }
}
declare const CompressionStream: new (format: 'deflate-raw') => ByteStream
declare const DecompressionStream: new (format: 'deflate-raw') => ByteStream

function through(bytes: Uint8Array<ArrayBuffer>, stream: ByteStream): ByteReader {
  const writer = stream.writable.getWriter()
  // What goes wrong in writing is seen by whoever reads.
  writer.write(bytes).catch(() => {})
  writer.close().catch(() => {})
  return stream.readable.getReader()
}

/** Everything that comes, or undefined as soon as it is more than `max`: a bomb is not unpacked to its end. */
async function readAll(reader: ByteReader, max: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const chunk = next.value as Uint8Array
    length += chunk.length
    if (length > max) {
      await reader.cancel().catch(() => {})
      return undefined
    }
    chunks.push(chunk)
  }
  const all = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all
}
