import type { Extent } from '../extent.js'
import type { ExternalStore, StoredObject } from './external-store.js'
import type { S3Usage } from './s3-operations.js'

/**
 * A multipart upload at the store. Its requests may arrive more than once and out of order: a part
 * counts once, and nothing happens to an upload that is over. One that its writer has left is kept,
 * invisible and billed, until somebody aborts it.
 */
export class MultipartUpload {
  #over = false
  #bytes = 0
  readonly #parts = new Set<number>()

  constructor(
    private readonly store: ExternalStore,
    readonly key: string,
    /** Number of the object among those of its writer. */
    readonly ordinal: number,
    private readonly usage: S3Usage,
  ) {}

  /** The store has begun the upload. */
  begin(nowUs: number): void {
    if (!this.#over) this.store.uploads.set(this, nowUs)
  }

  putPart(part: number, bytes: number): void {
    if (this.#over || this.#parts.has(part)) return
    this.#parts.add(part)
    this.#bytes += bytes
    this.store.pendingMultipartBytes += bytes
    this.usage.pend(bytes)
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
    this.store.uploads.delete(this)
    this.store.pendingMultipartBytes -= this.#bytes
    this.usage.pend(-this.#bytes)
  }
}
