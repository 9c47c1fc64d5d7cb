import type { Extent } from '../extent.js'
import type { ExternalStore, StoredObject } from './external-store.js'

/**
 * A multipart upload at the store. Its requests may arrive more than once and out of order: a part
 * counts once, and nothing happens to an upload that is over.
 */
export class MultipartUpload {
  #over = false
  #bytes = 0
  readonly #parts = new Set<number>()

  constructor(
    private readonly store: ExternalStore,
    private readonly key: string,
  ) {}

  putPart(part: number, bytes: number): void {
    if (this.#over || this.#parts.has(part)) return
    this.#parts.add(part)
    this.#bytes += bytes
    this.store.pendingMultipartBytes += bytes
  }

  /** The object, visible from now on; null if the upload is over. */
  complete(extents: readonly Extent[]): StoredObject | null {
    if (this.#over) return null
    this.#end()
    return this.store.addObject(this.key, extents, this.#bytes)
  }

  abort(): void {
    if (this.#over) return
    this.#end()
    this.store.discardedBytes += this.#bytes
  }

  #end(): void {
    this.#over = true
    this.store.pendingMultipartBytes -= this.#bytes
  }
}
