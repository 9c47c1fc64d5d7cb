/** A region's place in the flush queue (MemStoreFlusher.FlushRegionEntry). */
export interface FlushRegionEntry {
  readonly region: number
  /** The families to flush; null: the flush policy chooses. */
  readonly families: readonly number[] | null
  readonly reason: FlushReason
  readonly createdUs: number
  /** How often it was put off, a delay asked for at its creation included. */
  readonly requeueCount: number
  readonly dueUs: number
}

/** What set a flush off. */
export type FlushReason =
  | 'size'
  | 'age'
  | 'changes'
  | 'pressure'
  | 'max-logs'
  | 'close'
  | 'request'
  | 'replica'

/**
 * The DelayQueue of a MemStoreFlusher, with at most one entry per region. Entries due at one instant
 * leave in the order in which they entered.
 */
export class FlushQueue {
  /** By time at which they are due. */
  readonly #entries: FlushRegionEntry[] = []

  get length(): number {
    return this.#entries.length
  }

  /** When the first entry is due, Infinity if there is none. */
  get dueUs(): number {
    return this.#entries[0]?.dueUs ?? Number.POSITIVE_INFINITY
  }

  has(region: number): boolean {
    return this.#entries.some((entry) => entry.region === region)
  }

  /**
   * MemStoreFlusher.requestFlush: takes the place of an entry that was put off and is not yet due.
   *
   * @returns false if the region has an entry that is due
   */
  request(
    region: number,
    families: readonly number[] | null,
    reason: FlushReason,
    nowUs: number,
  ): boolean {
    const present = this.#entries.find((entry) => entry.region === region)
    if (present !== undefined && present.dueUs <= nowUs) return false
    if (present !== undefined) this.remove(region)
    const created = { region, families, reason, createdUs: nowUs, requeueCount: 0, dueUs: nowUs }
    this.#insert(created)
    return true
  }

  /**
   * MemStoreFlusher.requestDelayedFlush.
   *
   * @returns false if the region has an entry
   */
  requestDelayed(region: number, delayUs: number, reason: FlushReason, nowUs: number): boolean {
    if (this.has(region)) return false
    const dueUs = nowUs + delayUs
    this.#insert({ region, families: null, reason, createdUs: nowUs, requeueCount: 1, dueUs })
    return true
  }

  /** Puts an entry that was taken back, to be due in `delayUs`. */
  requeue(entry: FlushRegionEntry, delayUs: number, nowUs: number): void {
    this.#insert({ ...entry, requeueCount: entry.requeueCount + 1, dueUs: nowUs + delayUs })
  }

  /** Takes the first entry if it is due. */
  poll(nowUs: number): FlushRegionEntry | null {
    return this.dueUs <= nowUs ? (this.#entries.shift() ?? null) : null
  }

  /** @returns the entry of the region, which is none any more */
  remove(region: number): FlushRegionEntry | null {
    const i = this.#entries.findIndex((entry) => entry.region === region)
    return i === -1 ? null : (this.#entries.splice(i, 1)[0] ?? null)
  }

  clear(): void {
    this.#entries.length = 0
  }

  #insert(entry: FlushRegionEntry): void {
    const i = this.#entries.findIndex(({ dueUs }) => dueUs > entry.dueUs)
    this.#entries.splice(i === -1 ? this.#entries.length : i, 0, entry)
  }
}
