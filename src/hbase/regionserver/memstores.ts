/**
 * Memstores and store files of all regions, as columns by region number: a stand-in for HBase's
 * Store. A region's edits enter a virtual HFile the instant its memstore exceeds the flush size or
 * its oldest edit the flush interval; no lock, I/O or marker yet, and an edit's memstore size is its
 * WAL size. Effect: flushes cost no latency here, while WALs are archived as late as they should be.
 */
export class Memstores {
  readonly #bytes: Float64Array
  readonly #oldestUs: Float64Array
  readonly #nextSequenceId: Float64Array
  readonly #appliedSequenceId: Float64Array
  readonly #flushedSequenceId: Float64Array

  constructor(
    readonly regions: number,
    readonly flushSize: number,
  ) {
    this.#bytes = new Float64Array(regions)
    this.#oldestUs = new Float64Array(regions).fill(Number.POSITIVE_INFINITY)
    this.#nextSequenceId = new Float64Array(regions).fill(1)
    this.#appliedSequenceId = new Float64Array(regions)
    this.#flushedSequenceId = new Float64Array(regions)
  }

  /** MVCC begin: the next sequence id of the region. */
  beginSequenceId(region: number): number {
    const id = this.#nextSequenceId[region] as number
    this.#nextSequenceId[region] = id + 1
    return id
  }

  /** An edit of the region is applied; more than the flush size enters an HFile at once. */
  apply(region: number, sequenceId: number, bytes: number, nowUs: number): void {
    this.#appliedSequenceId[region] = sequenceId
    const total = (this.#bytes[region] as number) + bytes
    this.#bytes[region] = total
    if ((this.#oldestUs[region] as number) > nowUs) this.#oldestUs[region] = nowUs
    if (total > this.flushSize) this.flush(region)
  }

  /** Fills the memstore as if the cluster had run before (`cluster.start: steady`). */
  prefill(region: number, bytes: number, oldestUs: number): void {
    this.#bytes[region] = bytes
    this.#oldestUs[region] = oldestUs
  }

  flush(region: number): void {
    this.#bytes[region] = 0
    this.#oldestUs[region] = Number.POSITIVE_INFINITY
    this.#flushedSequenceId[region] = this.#appliedSequenceId[region] as number
  }

  bytes(region: number): number {
    return this.#bytes[region] as number
  }

  /** Time at which the oldest unflushed edit of the region was applied; Infinity if none. */
  oldestUs(region: number): number {
    return this.#oldestUs[region] as number
  }

  /** Every edit of the region up to this sequence id is in an HFile. */
  flushedSequenceId(region: number): number {
    return this.#flushedSequenceId[region] as number
  }
}
