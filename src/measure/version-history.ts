/** Keys up to which the newest versions are held in columns: 100 MB once all were written. */
export const MAX_DENSE_KEYS = 4_194_304

const NONE = -1

/**
 * The versions that a table's keys had lately, newest first per key, to tell whether a read
 * returned what it should. It holds the last `writes` writes, and of a table of up to 4 million keys
 * the newest version of each key however old. With more keys one that was last written longer ago
 * counts as never written, so that reads of it count as fresh.
 */
export class VersionHistory {
  readonly #newest: NewestVersions
  readonly #keys: Float64Array
  readonly #sequenceIds: Float64Array
  readonly #acknowledgedUs: Float64Array
  /** Ordinal of the write of the same key before; NONE if it is not known. */
  readonly #previous: Float64Array
  #written = 0

  /** @param keyCount keys of the table, numbered from 0 */
  constructor(keyCount: number, writes = 1_048_576) {
    this.#newest = keyCount <= MAX_DENSE_KEYS ? new DenseVersions(keyCount) : new SparseVersions()
    this.#keys = new Float64Array(writes)
    this.#sequenceIds = new Float64Array(writes)
    this.#acknowledgedUs = new Float64Array(writes)
    this.#previous = new Float64Array(writes)
  }

  /** A version is visible on the primary; those of a key come in the order of their ids. */
  write(key: number, sequenceId: number, acknowledgedUs: number): void {
    const ordinal = this.#written++
    const at = ordinal % this.#keys.length
    if (ordinal >= this.#keys.length) {
      this.#newest.expire(this.#keys[at], ordinal - this.#keys.length)
    }
    this.#keys[at] = key
    this.#sequenceIds[at] = sequenceId
    this.#acknowledgedUs[at] = acknowledgedUs
    this.#previous[at] = this.#newest.ordinal(key)
    this.#newest.set(key, ordinal, sequenceId, acknowledgedUs)
  }

  /** The newest version acknowledged by `timeUs`; null if none is known. */
  newestAt(key: number, timeUs: number): Version | null {
    return this.#find(key, timeUs, null)
  }

  /** Of the versions known, the newest that a replica has; 0 if it has none of them. */
  newestReadable(key: number, isReadable: (sequenceId: number) => boolean): number {
    return this.#find(key, Number.POSITIVE_INFINITY, isReadable)?.sequenceId ?? 0
  }

  #find(
    key: number,
    timeUs: number,
    isReadable: ((sequenceId: number) => boolean) | null,
  ): Version | null {
    const newest = this.#newest
    let ordinal = newest.ordinal(key)
    if (ordinal === NONE) return null
    let sequenceId = newest.sequenceId(key)
    let acknowledgedUs = newest.acknowledgedUs(key)
    while (acknowledgedUs > timeUs || (isReadable !== null && !isReadable(sequenceId))) {
      if (!this.#isHeld(ordinal)) return null
      ordinal = this.#previous[ordinal % this.#keys.length]
      if (!this.#isHeld(ordinal)) return null
      sequenceId = this.#sequenceIds[ordinal % this.#keys.length]
      acknowledgedUs = this.#acknowledgedUs[ordinal % this.#keys.length]
    }
    return { sequenceId, acknowledgedUs }
  }

  #isHeld(ordinal: number): boolean {
    return ordinal !== NONE && ordinal >= this.#written - this.#keys.length
  }
}

export interface Version {
  readonly sequenceId: number
  readonly acknowledgedUs: number
}

/** The newest version of every key. */
interface NewestVersions {
  /** Number of its write; NONE if the key has none. */
  ordinal(key: number): number
  sequenceId(key: number): number
  acknowledgedUs(key: number): number
  set(key: number, ordinal: number, sequenceId: number, acknowledgedUs: number): void
  /** The write `ordinal` of the key is held no longer. */
  expire(key: number, ordinal: number): void
}

class DenseVersions implements NewestVersions {
  /** One more than the ordinal, so that pages of keys never written are never touched. */
  readonly #ordinals: Float64Array
  readonly #sequenceIds: Float64Array
  readonly #acknowledgedUs: Float64Array

  constructor(keyCount: number) {
    this.#ordinals = new Float64Array(keyCount)
    this.#sequenceIds = new Float64Array(keyCount)
    this.#acknowledgedUs = new Float64Array(keyCount)
  }

  ordinal(key: number): number {
    return this.#ordinals[key] - 1
  }

  sequenceId(key: number): number {
    return this.#sequenceIds[key]
  }

  acknowledgedUs(key: number): number {
    return this.#acknowledgedUs[key]
  }

  set(key: number, ordinal: number, sequenceId: number, acknowledgedUs: number): void {
    this.#ordinals[key] = ordinal + 1
    this.#sequenceIds[key] = sequenceId
    this.#acknowledgedUs[key] = acknowledgedUs
  }

  expire(): void {}
}

class SparseVersions implements NewestVersions {
  readonly #versions = new Map<number, Version & { readonly ordinal: number }>()

  ordinal(key: number): number {
    return this.#versions.get(key)?.ordinal ?? NONE
  }

  sequenceId(key: number): number {
    return this.#versions.get(key)?.sequenceId ?? 0
  }

  acknowledgedUs(key: number): number {
    return this.#versions.get(key)?.acknowledgedUs ?? 0
  }

  set(key: number, ordinal: number, sequenceId: number, acknowledgedUs: number): void {
    this.#versions.set(key, { ordinal, sequenceId, acknowledgedUs })
  }

  expire(key: number, ordinal: number): void {
    if (this.#versions.get(key)?.ordinal === ordinal) this.#versions.delete(key)
  }
}
