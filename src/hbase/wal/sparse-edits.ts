import { invariant } from '../../kernel/errors.js'
import type { MarkerDescriptor } from './marker-descriptor.js'

/**
 * Some few edits of a log, with their bytes, in order: its markers. What is released with the log's
 * segments is only counted, so that counts from the log's beginning stay right.
 */
export class SparseEdits {
  readonly #edits: number[] = []
  /** Bytes of all edits of the list up to and including this one. */
  readonly #endBytes: number[] = []
  readonly #descriptors = new Map<number, MarkerDescriptor>()
  #releasedBelow = 0
  #releasedCount = 0
  #releasedBytes = 0

  /** Appends an edit that comes after all in the list. */
  add(edit: number, bytes: number): void {
    invariant(edit > (this.#edits.at(-1) ?? -1), 'sparse edits come in order')
    this.#endBytes.push((this.#endBytes.at(-1) ?? this.#releasedBytes) + bytes)
    this.#edits.push(edit)
  }

  describe(edit: number, descriptor: MarkerDescriptor): void {
    this.#descriptors.set(edit, descriptor)
  }

  /** What a marker says; null if it says nothing to replicas, or is none. */
  descriptor(edit: number): MarkerDescriptor | null {
    return this.#descriptors.get(edit) ?? null
  }

  /** How many of the edits `[from, to)` are in the list. */
  countIn(from: number, to: number): number {
    return this.#countBelow(to) - this.#countBelow(from)
  }

  /** Bytes of those. */
  bytesIn(from: number, to: number): number {
    return this.#bytesBelow(to) - this.#bytesBelow(from)
  }

  has(edit: number): boolean {
    if (this.#edits.length === 0) return false
    return this.#edits[this.#lowerBound(edit)] === edit
  }

  /** Nobody asks for edits between the log's beginning and `edit` any more. */
  release(edit: number): void {
    const released = this.#lowerBound(edit)
    this.#releasedBelow = Math.max(this.#releasedBelow, edit)
    if (released === 0) return
    this.#releasedCount += released
    this.#releasedBytes = this.#endBytes[released - 1] as number
    for (const gone of this.#edits.splice(0, released)) this.#descriptors.delete(gone)
    this.#endBytes.splice(0, released)
  }

  #countBelow(edit: number): number {
    if (edit === 0) return 0
    invariant(edit >= this.#releasedBelow, 'the list is released there')
    return this.#releasedCount + this.#lowerBound(edit)
  }

  #bytesBelow(edit: number): number {
    if (edit === 0) return 0
    invariant(edit >= this.#releasedBelow, 'the list is released there')
    const i = this.#lowerBound(edit)
    return i === 0 ? this.#releasedBytes : (this.#endBytes[i - 1] as number)
  }

  /** Position of the first in the list that is not below `edit`. */
  #lowerBound(edit: number): number {
    let low = 0
    let high = this.#edits.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#edits[middle] as number) < edit) low = middle + 1
      else high = middle
    }
    return low
  }
}
