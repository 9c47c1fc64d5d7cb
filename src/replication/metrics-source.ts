/**
 * HBase's metrics of one replication source, under HBase's names (MetricsSource,
 * MetricsReplicationSourceSourceImpl). Metrics of bulk-loaded files are left out. Several lie, and
 * so do they here:
 * - `replicationLagUs` is 0 for a source that is handed nothing: a disabled peer, a full buffer
 * - it has one `timeStampNextToReplicateUs` for all WAL groups and compares it with the latest
 *   shipment of any, so that a fast group hides a stuck one
 * - an age of the last shipped edit stands still while nothing is shipped
 * - `oldestWalAgeUs` is told only when a WAL is queued or left: a source that is stuck in the WAL
 *   being written shows 0 up to the next roll
 */
export class MetricsSource {
  /** Gauge over all WAL groups: 1 for each is healthy. Set by the source's log queue. */
  sizeOfLogQueue = 0
  /** Gauge: age of the oldest queued WAL when the log queue last changed. */
  oldestWalAgeUs = 0
  /** Sources that wait for their endpoint or the peer's cluster id. */
  numInitializing = 0

  logEditsRead = 0
  logEditsFiltered = 0
  logReadInBytes = 0
  completedLogs = 0
  /** WALs without a trailer that were left at the end of what they hold. */
  uncleanlyClosedLogs = 0
  /** Bytes of those files that could not be read. */
  ignoredUncleanlyClosedLogContentsInBytes = 0
  /** Cleanly closed WALs that were read again from their start (HBASE-15983). */
  restartedLogReading = 0
  /** Bytes that were read again in doing so. */
  repeatedLogFileBytes = 0
  /** WAL groups of dead servers' queues that are shipped to their end. */
  completedRecoverQueues = 0

  /** Batches with entries. */
  shippedBatches = 0
  /** Distinct row keys. */
  shippedOps = 0
  /** Heap size of the entries. */
  shippedBytes = 0
  /** Exceptions of the endpoint; a plain `false` does not count. */
  failedBatches = 0
  /** Write time of the last entry of the batch that was last handed over, by whichever group. */
  timeStampNextToReplicateUs = 0

  /**
   * `ageOfLastShippedOp`: the maximum of HBase's time histogram, here over the whole run. HBase's
   * begins anew with every snapshot of its metrics (`HistogramImpl.snapshot` resets it), i.e. every
   * period of a metrics sink or read of the JMX bean, and shows 0 after one until the next shipment;
   * this is the most that any snapshot can have shown.
   */
  maxAgeOfLastShippedOpUs = 0

  readonly #ageOfLastShippedOpUs = new Map<number, number>()
  readonly #lastShippedTimeStampUs = new Map<number, number>()

  /** A batch is handed to the endpoint. */
  handed(lastWriteUs: number): void {
    this.timeStampNextToReplicateUs = lastWriteUs
  }

  /** The endpoint has accepted a batch of WAL group `group`. */
  shipped(group: number, lastWriteUs: number, rowKeys: number, bytes: number, nowUs: number): void {
    this.shippedBatches++
    this.shippedOps += rowKeys
    this.shippedBytes += bytes
    const ageUs = nowUs - lastWriteUs
    this.maxAgeOfLastShippedOpUs = Math.max(this.maxAgeOfLastShippedOpUs, ageUs)
    this.#ageOfLastShippedOpUs.set(group, ageUs)
    this.#lastShippedTimeStampUs.set(group, lastWriteUs)
  }

  /** From the write of the last entry of the group's last batch to its shipping; 0 if there is none. */
  ageOfLastShippedOpUs(group: number): number {
    return this.#ageOfLastShippedOpUs.get(group) ?? 0
  }

  /** Latest of the groups' last shipped write times; 0 if nothing was shipped. */
  get timestampOfLastShippedOpUs(): number {
    return Math.max(0, ...this.#lastShippedTimeStampUs.values())
  }

  /** `MetricsSource.getReplicationDelay` */
  replicationLagUs(nowUs: number): number {
    if (this.timestampOfLastShippedOpUs >= this.timeStampNextToReplicateUs) return 0
    return nowUs - this.timeStampNextToReplicateUs
  }

  /** Whether a batch was handed over since the source was created (`status 'replication'`). */
  get hasEditsSinceRestart(): boolean {
    return this.timeStampNextToReplicateUs > 0
  }

  /** The source is terminated, or about to be created anew: counters go on, its state does not. */
  terminate(): void {
    this.sizeOfLogQueue = 0
    this.timeStampNextToReplicateUs = 0
    this.#lastShippedTimeStampUs.clear()
  }
}
