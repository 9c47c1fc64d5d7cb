import { invariant } from '../../../kernel/errors.js'
import type { RegionEntries } from './region-entries.js'

/**
 * Entries that wait to be sent, in a buffer per primary region (HBase's EntryBuffers). While a buffer
 * of a region is being sent, what comes for the region gathers in another, which nobody gets: that
 * keeps them in order.
 *
 * Simplification: an entry counts with the bytes of its cells, without the overhead of objects.
 */
export class EntryBuffers {
  readonly #maxBytes: number
  readonly #waiting = new Map<number, RegionEntries>()
  readonly #beingWritten = new Set<number>()
  /** The waiting buffers, the one to be taken next at the end; null if it must be found out anew. */
  #order: RegionEntries[] | null = null
  #bytes = 0
  #maxBuffered = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Bytes that wait or are being sent. */
  get bytes(): number {
    return this.#bytes
  }

  /** The most that there ever was. */
  get maxBuffered(): number {
    return this.#maxBuffered
  }

  /** The reader waits: the limit is exceeded. */
  get full(): boolean {
    return this.#bytes > this.#maxBytes
  }

  /** Bytes that can be added so that the buffers are not full yet. */
  get room(): number {
    return Math.max(0, this.#maxBytes - this.#bytes)
  }

  /** Buffers that a writer could take. */
  get takeable(): number {
    let takeable = this.#waiting.size
    for (const region of this.#beingWritten) if (this.#waiting.has(region)) takeable--
    return takeable
  }

  append({ region, entries, bytes }: RegionEntries): void {
    const waiting = this.#waiting.get(region)
    if (waiting === undefined) this.#waiting.set(region, { region, entries, bytes })
    else {
      waiting.entries.push(...entries)
      waiting.bytes += bytes
    }
    this.#order = null
    this.#bytes += bytes
    this.#maxBuffered = Math.max(this.#maxBuffered, this.#bytes)
  }

  /** The largest buffer of a region that nobody writes; null if there is none. */
  getChunkToWrite(): RegionEntries | null {
    this.#order ??= Array.from(this.#waiting.values()).sort(smallerFirst)
    const order = this.#order
    for (let i = order.length - 1; i >= 0; i--) {
      const buffer = order[i]
      if (this.#beingWritten.has(buffer.region)) continue
      order.splice(i, 1)
      this.#waiting.delete(buffer.region)
      this.#beingWritten.add(buffer.region)
      return buffer
    }
    return null
  }

  /** The buffer is sent, or given up. */
  doneWriting({ region, bytes }: RegionEntries): void {
    invariant(this.#beingWritten.delete(region), 'a buffer is done that nobody writes')
    this.#bytes -= bytes
  }
}

/** Of two as large, the one of the lower number is taken first. */
function smallerFirst(a: RegionEntries, b: RegionEntries): number {
  return a.bytes - b.bytes || b.region - a.region
}
