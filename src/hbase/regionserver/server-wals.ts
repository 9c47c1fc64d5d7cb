import type { RingBufferWal } from '../wal/ring-buffer-wal.js'
import { Step, type WriteSteps } from './write-steps.js'

const NEVER = Number.POSITIVE_INFINITY
const UNASSIGNED = -1

/**
 * The WALs of a server by group: which one a region writes to (BoundedGroupingStrategy: in turn, by
 * first use, for good; hbase:meta has one for itself, WALFactory.getWAL), and whose turn it is.
 */
export class ServerWals {
  /** Those that regions share, then that of hbase:meta if there is one. */
  readonly #wals: RingBufferWal[]
  readonly #steps: WriteSteps
  readonly #groups: number
  readonly #metaRegion: number
  /** The only WAL, as it is by default: then no region's has to be looked up. */
  readonly #onlyWal: RingBufferWal | null
  readonly #groupOf: Int32Array
  #groupsAssigned = 0
  #noRegionsGroup = UNASSIGNED

  constructor(
    wals: readonly RingBufferWal[],
    regions: number,
    metaRegion: number,
    steps: WriteSteps,
  ) {
    this.#wals = [...wals]
    this.#groups = wals.length
    this.#metaRegion = metaRegion
    this.#steps = steps
    this.#onlyWal = wals.length === 1 ? (wals[0] as RingBufferWal) : null
    this.#groupOf = new Int32Array(regions).fill(UNASSIGNED)
  }

  /** In the order of their groups. */
  get all(): readonly RingBufferWal[] {
    return this.#wals
  }

  /** The server gets the WAL of hbase:meta. */
  addOfMeta(wal: RingBufferWal): void {
    this.#wals.push(wal)
  }

  of(region: number): RingBufferWal {
    if (region === this.#metaRegion) return this.#wals[this.#groups] as RingBufferWal
    return this.#onlyWal ?? (this.#wals[this.#groupOfRegion(region)] as RingBufferWal)
  }

  /**
   * A time before which no edit is applied. The syncs of one WAL return in order; with several, one
   * that is idle now may be faster than those that are not. The WAL of hbase:meta does not count:
   * while something is written to it, every step is looked at.
   */
  get nextApplyUs(): number {
    const { dueUs, nextUs } = this.#steps
    const syncUs = dueUs[Step.syncReturns] as number
    if (this.#onlyWal === null || syncUs === NEVER) return nextUs
    return Math.min(syncUs, dueUs[Step.answer] as number)
  }

  /** The WAL of who has no region (RegionGroupingProvider.getWAL of null): its group comes in turn. */
  get ofNoRegion(): RingBufferWal {
    if (this.#noRegionsGroup === UNASSIGNED) this.#noRegionsGroup = this.#nextGroup()
    return this.#wals[this.#noRegionsGroup] as RingBufferWal
  }

  /** The first whose sync returns at `time`. */
  whoseSyncReturns(time: number): RingBufferWal {
    let i = 0
    while ((this.#wals[i] as RingBufferWal).syncDueUs !== time) i++
    return this.#wals[i] as RingBufferWal
  }

  /** The consumer of the first whose turn it is. */
  consume(time: number): void {
    for (let i = 0; i < this.#wals.length; i++) {
      const wal = this.#wals[i] as RingBufferWal
      if (wal.consumerDueUs !== time) continue
      wal.consume(time)
      break
    }
    this.noteSteps()
  }

  /** When the first of the WALs has something to do. */
  noteSteps(): void {
    let syncUs = NEVER
    let consumeUs = NEVER
    for (let i = 0; i < this.#wals.length; i++) {
      const wal = this.#wals[i] as RingBufferWal
      syncUs = Math.min(syncUs, wal.syncDueUs)
      consumeUs = Math.min(consumeUs, wal.consumerDueUs)
    }
    this.#steps.dueUs[Step.syncReturns] = syncUs
    this.#steps.dueUs[Step.consume] = consumeUs
  }

  #groupOfRegion(region: number): number {
    const group = this.#groupOf[region] as number
    if (group !== UNASSIGNED) return group
    const next = this.#nextGroup()
    this.#groupOf[region] = next
    return next
  }

  #nextGroup(): number {
    return this.#groupsAssigned++ % this.#groups
  }
}
