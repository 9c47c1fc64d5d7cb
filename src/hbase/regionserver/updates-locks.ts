import { invariant } from '../../kernel/errors.js'

const NO_WRITER = 0
const WAITS = 1
const HOLDS = 2
const NOBODY: readonly number[] = []

/**
 * HRegion.updatesLock of each region: writes of the region hold it for reading from before their
 * append until they are visible, a flush for writing while it takes its snapshot. From when the
 * flush asks for it, new writes wait. One writer at a time: a region has one flush at a time.
 *
 * Simplification: a write waits for as long as it takes; HBase throws RegionTooBusyException after
 * `hbase.busy.wait.duration` (60 s). Effect: none while a flush's lock is held for less.
 */
export class UpdatesLocks {
  readonly #readers: Int32Array
  readonly #writer: Uint8Array
  readonly #waiting = new Map<number, number[]>()
  /** Regions whose writer waits. */
  writersWaiting = 0

  constructor(regions: number) {
    this.#readers = new Int32Array(regions)
    this.#writer = new Uint8Array(regions)
  }

  /** Takes the read lock; false if the call has to wait for it. */
  lockRead(region: number, slot: number): boolean {
    if (this.#writer[region] !== NO_WRITER) {
      const waiting = this.#waiting.get(region)
      if (waiting === undefined) this.#waiting.set(region, [slot])
      else waiting.push(slot)
      return false
    }
    this.#readers[region] = (this.#readers[region] as number) + 1
    return true
  }

  /** Lets a read lock go; true if the writer has its lock now. */
  unlockRead(region: number): boolean {
    return this.setReaders(region, (this.#readers[region] as number) - 1)
  }

  /** So many read locks are left; true if the writer has its lock now. */
  setReaders(region: number, readers: number): boolean {
    this.#readers[region] = readers
    if (readers > 0 || this.#writer[region] !== WAITS) return false
    this.#writer[region] = HOLDS
    this.writersWaiting--
    return true
  }

  /** Asks for the write lock; it is held when nobody reads any more. */
  requestWrite(region: number): void {
    invariant(this.#writer[region] === NO_WRITER, 'updatesLock has one writer at a time')
    this.#writer[region] = WAITS
    this.writersWaiting++
    this.setReaders(region, this.#readers[region] as number)
  }

  isHeldForWriting(region: number): boolean {
    return this.#writer[region] === HOLDS
  }

  /** Lets the write lock go; calls that waited have their read locks now, in order. */
  unlockWrite(region: number): readonly number[] {
    invariant(this.#writer[region] === HOLDS, 'only a write lock that is held is released')
    this.#writer[region] = NO_WRITER
    const waiting = this.#waiting.get(region) ?? NOBODY
    this.#waiting.delete(region)
    this.#readers[region] = waiting.length
    return waiting
  }

  /** Nobody waits for a read lock any more. */
  clearWaiting(): void {
    this.#waiting.clear()
  }
}
