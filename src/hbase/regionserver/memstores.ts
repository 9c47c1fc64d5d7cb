import { invariant } from '../../kernel/errors.js'

const NEVER = Number.POSITIVE_INFINITY
const ONE_FAMILY: readonly number[] = [1]

/** What a flush in progress writes of one family. */
export interface MemstoreSnapshot {
  readonly family: number
  readonly bytes: number
  readonly cells: number
}

/**
 * The memstores of all regions and families of the cluster, as columns: HBase's HStore memstores
 * with their active set and snapshot (DefaultMemStore), and HRegion's MVCC write point.
 *
 * A put writes one cell in each family of its region. A memstore's heap size is its data and
 * `cellOverhead` bytes for each cell.
 */
export class Memstores {
  readonly #shares: (readonly number[])[] = []
  /** Where the families of a region begin in the columns by family. */
  readonly #first: Int32Array
  readonly #activeBytes: Float64Array
  readonly #activeCells: Float64Array
  readonly #oldestUs: Float64Array
  readonly #snapshotBytes: Float64Array
  readonly #snapshotCells: Float64Array
  readonly #isSnapshot: Uint8Array
  readonly #flushedSequenceId: Float64Array
  readonly #heapBytes: Float64Array
  /** Heap bytes that a put of the region takes beyond its data. */
  readonly #overhead: Float64Array
  readonly #nextSequenceId: Float64Array
  readonly #flushRequested: Uint8Array
  /** Lowest sequence id in the active memstore and in the snapshot, by family. */
  readonly #lowestActive: Float64Array
  readonly #lowestInSnapshot: Float64Array
  /** Per region, the id behind which every edit to come has to be. */
  readonly #appliedSequenceId: Float64Array
  #misplacedEdits = 0

  /**
   * @param flushSize `hbase.hregion.memstore.flush.size` in bytes
   * @param cellOverhead heap bytes of a cell beyond its data
   * @param sharesOf a region's families: what share of a put's bytes each takes, in any unit
   */
  constructor(
    readonly regions: number,
    readonly flushSize: number,
    readonly cellOverhead = 0,
    sharesOf: (region: number) => readonly number[] = () => ONE_FAMILY,
  ) {
    this.#first = new Int32Array(regions + 1)
    for (let region = 0; region < regions; region++) {
      const shares = sharesOf(region)
      this.#shares.push(cumulative(shares))
      this.#first[region + 1] = (this.#first[region] as number) + shares.length
    }
    const stores = this.#first[regions] as number
    this.#activeBytes = new Float64Array(stores)
    this.#activeCells = new Float64Array(stores)
    this.#oldestUs = new Float64Array(stores).fill(NEVER)
    this.#snapshotBytes = new Float64Array(stores)
    this.#snapshotCells = new Float64Array(stores)
    this.#isSnapshot = new Uint8Array(stores)
    this.#flushedSequenceId = new Float64Array(stores)
    this.#heapBytes = new Float64Array(regions)
    this.#overhead = Float64Array.from(this.#shares, ({ length }) => length * cellOverhead)
    this.#nextSequenceId = new Float64Array(regions).fill(1)
    this.#flushRequested = new Uint8Array(regions)
    this.#lowestActive = new Float64Array(stores).fill(NEVER)
    this.#lowestInSnapshot = new Float64Array(stores).fill(NEVER)
    this.#appliedSequenceId = new Float64Array(regions)
  }

  /** Number of families of the region. */
  families(region: number): number {
    return (this.#first[region + 1] as number) - (this.#first[region] as number)
  }

  /** MVCC begin: the next sequence id of the region. */
  beginSequenceId(region: number): number {
    const id = this.#nextSequenceId[region] as number
    this.#nextSequenceId[region] = id + 1
    return id
  }

  /** The highest sequence id that the region has given. */
  lastSequenceId(region: number): number {
    return (this.#nextSequenceId[region] as number) - 1
  }

  /** Heap bytes that a put of so many bytes takes. */
  heapOf(region: number, bytes: number): number {
    return bytes + (this.#overhead[region] as number)
  }

  /** An edit of the region is applied: a cell in the active memstore of each family. */
  apply(region: number, sequenceId: number, bytes: number, nowUs: number): void {
    const first = this.#first[region] as number
    const end = this.#first[region + 1] as number
    this.#heapBytes[region] =
      (this.#heapBytes[region] as number) + bytes + (this.#overhead[region] as number)
    if (sequenceId <= (this.#appliedSequenceId[region] as number)) this.#misplacedEdits++
    this.#appliedSequenceId[region] = sequenceId
    for (let store = first; store < end; store++) this.#cover(store, sequenceId)
    if (end === first + 1) this.#add(first, bytes, 1, nowUs)
    else this.#spread(region, bytes, 1, nowUs)
  }

  /**
   * HRegion.restoreEdit: so many cells of one family are applied by the replay of a region that is
   * not open yet, from sequence id `first` on.
   */
  restore(region: number, family: number, bytes: number, cells: number, first: number): void {
    this.#cover(this.#store(region, family), first)
    this.#heapBytes[region] =
      (this.#heapBytes[region] as number) + bytes + cells * this.cellOverhead
    this.#add(this.#store(region, family), bytes, cells, NEVER)
  }

  /**
   * Fills the active memstores as if the cluster had run before (`cluster.start: steady`); before
   * the region is opened.
   *
   * @param bytes data bytes of all families
   * @param cells cells in each family
   */
  prefill(region: number, bytes: number, oldestUs: number, cells = 0): void {
    this.#heapBytes[region] =
      (this.#heapBytes[region] as number) +
      bytes +
      this.families(region) * cells * this.cellOverhead
    this.#spread(region, bytes, cells, oldestUs)
  }

  /**
   * The region was written before the run: all up to this sequence id is in HFiles, and so many
   * edits more were written, whatever is left of them in memory.
   */
  goOnBehind(region: number, flushedSequenceId: number, edits: number): void {
    for (let family = 0; family < this.families(region); family++) {
      const store = this.#store(region, family)
      this.#flushedSequenceId[store] = flushedSequenceId
      if (edits > 0) this.#cover(store, flushedSequenceId + 1)
    }
    this.#appliedSequenceId[region] = flushedSequenceId + edits
    this.#nextSequenceId[region] = flushedSequenceId + edits + 1
  }

  /** Heap bytes of active memstores and snapshots: what limits are compared with. */
  heapBytes(region: number): number {
    return this.#heapBytes[region] as number
  }

  /** Data bytes of all its active memstores. */
  dataBytes(region: number): number {
    let bytes = 0
    for (let family = 0; family < this.families(region); family++) {
      bytes += this.#activeBytes[this.#store(region, family)] as number
    }
    return bytes
  }

  /** Heap bytes of the active memstore of one family. */
  activeBytes(region: number, family: number): number {
    const store = this.#store(region, family)
    const cells = this.#activeCells[store] as number
    return (this.#activeBytes[store] as number) + cells * this.cellOverhead
  }

  /** When the oldest edit in an active memstore was applied; Infinity if all are empty. */
  oldestUs(region: number): number {
    let oldestUs = NEVER
    for (let family = 0; family < this.families(region); family++) {
      oldestUs = Math.min(oldestUs, this.oldestUsOf(region, family))
    }
    return oldestUs
  }

  oldestUsOf(region: number, family: number): number {
    return this.#oldestUs[this.#store(region, family)] as number
  }

  /**
   * HRegion.requestFlush: true if no flush has been requested since the last one ended
   * (WriteState.flushRequested).
   */
  requestFlush(region: number): boolean {
    if (this.#flushRequested[region] === 1) return false
    this.#flushRequested[region] = 1
    return true
  }

  flushRequested(region: number): boolean {
    return this.#flushRequested[region] === 1
  }

  /** HStore.snapshot: what is active in these families becomes the snapshot. */
  snapshot(region: number, families: readonly number[]): void {
    this.#appliedSequenceId[region] = this.lastSequenceId(region)
    for (const family of families) {
      const store = this.#store(region, family)
      invariant(this.#isSnapshot[store] === 0, 'a memstore has one snapshot at a time')
      this.#isSnapshot[store] = 1
      this.#snapshotBytes[store] = this.#activeBytes[store] as number
      this.#snapshotCells[store] = this.#activeCells[store] as number
      this.#activeBytes[store] = 0
      this.#activeCells[store] = 0
      this.#oldestUs[store] = NEVER
      this.#lowestInSnapshot[store] = this.#lowestActive[store] as number
      this.#lowestActive[store] = NEVER
    }
  }

  /** Lowest sequence id of the family that is in memory; Infinity if none is. */
  lowestSequenceIdOf(region: number, family: number): number {
    const store = this.#store(region, family)
    return Math.min(this.#lowestActive[store] as number, this.#lowestInSnapshot[store] as number)
  }

  /** Edits that came behind one with a higher id, or behind the snapshot that had to have them. */
  get misplacedEdits(): number {
    return this.#misplacedEdits
  }

  /** Of the region's heap bytes, those that its families do not account for. */
  unaccountedBytes(region: number): number {
    let bytes = this.heapBytes(region)
    for (let family = 0; family < this.families(region); family++) {
      const store = this.#store(region, family)
      bytes -= this.activeBytes(region, family) + (this.#snapshotBytes[store] as number)
      bytes -= (this.#snapshotCells[store] as number) * this.cellOverhead
    }
    return bytes
  }

  /** What the flush in progress writes, by family; bytes are data bytes. */
  snapshots(region: number): readonly MemstoreSnapshot[] {
    const snapshots: MemstoreSnapshot[] = []
    for (let family = 0; family < this.families(region); family++) {
      const store = this.#store(region, family)
      if (this.#isSnapshot[store] === 0) continue
      const bytes = this.#snapshotBytes[store] as number
      snapshots.push({ family, bytes, cells: this.#snapshotCells[store] as number })
    }
    return snapshots
  }

  /**
   * The flush is in HFiles: the snapshot is dropped, and all edits of its families up to the
   * flush's sequence id are flushed.
   *
   * @returns heap bytes freed
   */
  commit(region: number, flushOpSeqId: number): number {
    let freedBytes = 0
    for (const { family, bytes, cells } of this.snapshots(region)) {
      const store = this.#store(region, family)
      freedBytes += bytes + cells * this.cellOverhead
      this.#dropSnapshot(store)
      this.#flushedSequenceId[store] = flushOpSeqId
    }
    this.#heapBytes[region] = (this.#heapBytes[region] as number) - freedBytes
    this.#flushRequested[region] = 0
    return freedBytes
  }

  /** Every edit of the region up to this sequence id is in an HFile of every family. */
  flushedSequenceId(region: number): number {
    let flushed = NEVER
    for (let family = 0; family < this.families(region); family++) {
      flushed = Math.min(flushed, this.flushedSequenceIdOf(region, family))
    }
    return flushed
  }

  /** By family, as a server reports them to the master. */
  flushedSequenceIds(region: number): number[] {
    return Array.from({ length: this.families(region) }, (_, family) =>
      this.flushedSequenceIdOf(region, family),
    )
  }

  flushedSequenceIdOf(region: number, family: number): number {
    return this.#flushedSequenceId[this.#store(region, family)] as number
  }

  /**
   * The memory is gone: with its server, or because the region is closed without a flush.
   *
   * @returns heap bytes that were in it
   */
  clear(region: number): number {
    const freedBytes = this.#heapBytes[region] as number
    for (let family = 0; family < this.families(region); family++) {
      const store = this.#store(region, family)
      this.#activeBytes[store] = 0
      this.#activeCells[store] = 0
      this.#oldestUs[store] = NEVER
      this.#lowestActive[store] = NEVER
      this.#dropSnapshot(store)
    }
    this.#heapBytes[region] = 0
    this.#flushRequested[region] = 0
    return freedBytes
  }

  #store(region: number, family: number): number {
    return (this.#first[region] as number) + family
  }

  /** The active memstore has an edit of this id. */
  #cover(store: number, sequenceId: number): void {
    if ((this.#lowestActive[store] as number) > sequenceId) this.#lowestActive[store] = sequenceId
  }

  #add(store: number, bytes: number, cells: number, nowUs: number): void {
    this.#activeBytes[store] = (this.#activeBytes[store] as number) + bytes
    this.#activeCells[store] = (this.#activeCells[store] as number) + cells
    if ((this.#oldestUs[store] as number) > nowUs) this.#oldestUs[store] = nowUs
  }

  /** Whole bytes to each family by its share; together exactly `bytes`. */
  #spread(region: number, bytes: number, cells: number, nowUs: number): void {
    const shares = this.#shares[region] as readonly number[]
    const total = shares[shares.length - 1] as number
    let given = 0
    for (let family = 0; family < shares.length; family++) {
      const upTo = Math.floor((bytes * (shares[family] as number)) / total)
      this.#add(this.#store(region, family), upTo - given, cells, nowUs)
      given = upTo
    }
  }

  #dropSnapshot(store: number): void {
    this.#isSnapshot[store] = 0
    this.#lowestInSnapshot[store] = NEVER
    this.#snapshotBytes[store] = 0
    this.#snapshotCells[store] = 0
  }
}

function cumulative(shares: readonly number[]): number[] {
  let sum = 0
  return shares.map((share) => {
    sum += share
    return sum
  })
}
