import type { Extent } from '../storage/extent.js'
import type { CoveredFile, FileClass } from './covered-file.js'
import type { Holder } from './file-cover.js'

/**
 * The file of a WAL, and how what survives of it grows with it. While nothing happens to the file
 * but that it grows, the prefix that survives a disaster either keeps up with what is flushed or
 * stands still, and growing once shows which: the file need not be asked again, as long as its
 * syncs are all hsyncs or all hflushes.
 */
export class WalTail implements Holder {
  readonly #bytes = new Map<FileClass, number>()
  readonly #keepsUp = new Map<FileClass, boolean>()
  #seenBytes = 0
  #seenSyncedBytes = 0
  /** Where the last hsync ended if that is not all there is; else −1. */
  #syncedBytes = -1

  constructor(readonly file: CoveredFile) {}

  get extents(): readonly Extent[] {
    return this.file.extents
  }

  /** Something happened to the file. */
  disturbed(): void {
    this.#keepsUp.clear()
    this.#seenBytes = -1
  }

  /** Whether it has grown since it was last seen, or something happened to it. */
  get hasGrown(): boolean {
    return this.file.bytesFlushed !== this.#seenBytes
  }

  /** An hsync has come where hflushes were before: it keeps edits that were at risk until then. */
  get catchesUp(): boolean {
    return this.#seenSyncedBytes < this.#seenBytes && this.file.bytesSynced > this.#seenSyncedBytes
  }

  seen(): void {
    this.#seenBytes = this.file.bytesFlushed
    this.#seenSyncedBytes = this.file.bytesSynced
  }

  survivingBytes(survival: FileClass): number {
    this.#noteSyncs()
    const keepsUp = this.#keepsUp.get(survival)
    const before = this.#bytes.get(survival) ?? 0
    if (keepsUp === false) return before
    const { file } = this
    const bytes = keepsUp === true ? file.bytesFlushed : file.survivingBytes(survival)
    if (keepsUp === undefined && this.#seenBytes >= 0 && this.hasGrown) {
      if (bytes === file.bytesFlushed) this.#keepsUp.set(survival, true)
      else if (bytes === before) this.#keepsUp.set(survival, false)
    }
    this.#bytes.set(survival, bytes)
    return bytes
  }

  #noteSyncs(): void {
    const { bytesSynced, bytesFlushed } = this.file
    const syncedBytes = bytesSynced === bytesFlushed ? -1 : bytesSynced
    if (syncedBytes === this.#syncedBytes) return
    this.#syncedBytes = syncedBytes
    this.#keepsUp.clear()
  }
}
