import type { Protocol } from '../../../src/kernel/process.js'
import { Signal } from '../../../src/kernel/signal.js'
import type { FutureSync } from '../wal/plain-wal.js'
import { PlainReadWriteLock } from './plain-read-write-lock.js'
import type { WriteScenario } from './write-scenario.js'

/** A write that MVCC has begun and not yet made visible. */
export interface WriteEntry {
  readonly sequenceId: number
  completed: boolean
}

/** A region: its MultiVersionConcurrencyControl, its locks and a memstore without families. */
export class PlainRegion {
  readonly updatesLock = new PlainReadWriteLock()
  readonly rowLocks = new Map<number, PlainReadWriteLock>()
  open = true
  flushRequested = false
  activeBytes = 0
  snapshotBytes = 0
  oldestUs = Number.POSITIVE_INFINITY
  flushedSequenceId = 0
  lastSequenceId = 0
  /** The marker of this region whose own writer waits for its sync; null if there never was one. */
  syncedMarker: FutureSync | null = null
  #readPoint = 0
  #operations = 0
  /** What is appended and not yet answered, by sequence id. */
  readonly #underWay = new Set<number>()
  readonly #writes: WriteEntry[] = []
  readonly #readPointMoved = new Signal()
  readonly #answered = new Signal()
  readonly #idle = new Signal()

  constructor(private readonly scenario: WriteScenario) {}

  get heapBytes(): number {
    return this.activeBytes + this.snapshotBytes
  }

  beginOperation(): void {
    this.#operations++
  }

  endOperation(): void {
    this.#operations--
    if (this.#operations === 0) this.#idle.notifyAll()
  }

  /** New operations are refused; waits for those under way. */
  *close(): Protocol {
    this.open = false
    while (this.#operations > 0) yield this.#idle
  }

  rowLock(key: number): PlainReadWriteLock {
    const lock = this.rowLocks.get(key) ?? new PlainReadWriteLock()
    this.rowLocks.set(key, lock)
    return lock
  }

  begin(): WriteEntry {
    const entry = { sequenceId: ++this.lastSequenceId, completed: false }
    this.#writes.push(entry)
    return entry
  }

  beginWrite(): WriteEntry {
    const entry = this.begin()
    this.#underWay.add(entry.sequenceId)
    return entry
  }

  complete(entry: WriteEntry): void {
    entry.completed = true
    while (this.#writes.length > 0 && this.#writes[0].completed) {
      this.#readPoint = this.#writes[0].sequenceId
      this.#writes.shift()
    }
    this.#readPointMoved.notifyAll()
  }

  /** The read point moves to the highest contiguous completed id; waits until it is at `entry`. */
  *completeAndWait(entry: WriteEntry): Protocol {
    this.complete(entry)
    while (this.#readPoint < entry.sequenceId) yield this.#readPointMoved
  }

  /** Begins nothing and waits for all writes begun before: until their handlers are through. */
  *await(): Protocol {
    const entry = this.begin()
    this.complete(entry)
    while ([...this.#underWay].some((id) => id < entry.sequenceId)) yield this.#answered
  }

  /** Heap bytes of an edit. */
  heapOf(bytes: number): number {
    return bytes + this.scenario.families * this.scenario.cellOverhead
  }

  /** The memstore counts an edit when it is visible. */
  apply(bytes: number, nowUs: number): void {
    this.activeBytes += this.heapOf(bytes)
    this.oldestUs = Math.min(this.oldestUs, nowUs)
  }

  /** A write has let its locks go. */
  answered(sequenceId: number): void {
    this.#underWay.delete(sequenceId)
    this.#answered.notifyAll()
  }

  snapshot(): void {
    this.snapshotBytes = this.activeBytes
    this.activeBytes = 0
    this.oldestUs = Number.POSITIVE_INFINITY
  }

  /** Answers what is freed. */
  commit(flushOpSeqId: number): number {
    const freedBytes = this.snapshotBytes
    this.snapshotBytes = 0
    this.flushedSequenceId = flushOpSeqId
    this.flushRequested = false
    return freedBytes
  }

  clear(): number {
    const freedBytes = this.heapBytes
    this.snapshot()
    this.snapshotBytes = 0
    this.flushRequested = false
    return freedBytes
  }
}
