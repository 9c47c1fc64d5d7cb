export interface SlowSyncSettings {
  /** `hbase.regionserver.wal.slowsync.ms`: a sync that takes longer is slow. */
  readonly slowUs: number
  /** `hbase.regionserver.wal.roll.on.sync.ms`: one that takes longer has the WAL rolled. */
  readonly rollOnSyncUs: number
  /** `hbase.regionserver.wal.slowsync.roll.threshold` */
  readonly rollThreshold: number
  /** `hbase.regionserver.wal.slowsync.roll.interval.ms` */
  readonly rollIntervalUs: number
}

/**
 * The slow syncs of one WAL group (AbstractFSWAL.postSync and doCheckSlowSync). That many of them
 * within the interval lead to a roll, in the hope of faster DataNodes; HBase asks so with FSHLog
 * only, after each sync. A single sync that is very slow leads to one with either provider.
 */
export class SlowSyncs {
  /** Of the whole run. */
  total = 0
  #count = 0
  #lastCheckUs: number

  constructor(
    readonly settings: SlowSyncSettings,
    nowUs: number,
  ) {
    this.#lastCheckUs = nowUs
  }

  /** A sync has returned. True if it was so slow that the WAL must be rolled. */
  note(tookUs: number): boolean {
    if (tookUs <= this.settings.slowUs) return false
    this.total++
    this.#count++
    return tookUs > this.settings.rollOnSyncUs
  }

  /**
   * True if too many were slow since the last check, once the interval is over. A count that was
   * reached only after a second interval is not held against the stream.
   */
  exceeded(nowUs: number): boolean {
    const { rollIntervalUs, rollThreshold } = this.settings
    const elapsedUs = nowUs - this.#lastCheckUs
    if (elapsedUs < rollIntervalUs) return false
    const exceeded = this.#count >= rollThreshold && elapsedUs < 2 * rollIntervalUs
    this.#count = 0
    this.#lastCheckUs = nowUs
    return exceeded
  }

  /** Before this time `exceeded` is not true, if no more than `further` syncs return. */
  notBeforeUs(further: number): number {
    const { rollIntervalUs, rollThreshold } = this.settings
    if (this.#count + further < rollThreshold) return Number.POSITIVE_INFINITY
    return this.#lastCheckUs + rollIntervalUs
  }

  /** There is a new file. */
  restart(nowUs: number): void {
    this.#count = 0
    this.#lastCheckUs = nowUs
  }
}
