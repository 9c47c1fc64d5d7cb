/** HBase's metrics of one replication source, under HBase's names. */
export class MetricsSource {
  logEditsRead = 0
  logEditsFiltered = 0
  logReadInBytes = 0
  completedLogs = 0
  uncleanlyClosedLogs = 0
  shippedBatches = 0
  shippedOps = 0
  shippedBytes = 0
  /** Exceptions of the endpoint; a plain `false` does not count. */
  failedBatches = 0
  /** Frozen while nothing is shipped. */
  ageOfLastShippedOpUs = 0
  /** Largest age so far: HBase exports the maximum of a histogram. */
  maxAgeOfLastShippedOpUs = 0
  timestampOfLastShippedOpUs = 0
  timeStampNextToReplicateUs = 0

  /** A batch is handed to the endpoint. */
  handed(lastWriteUs: number): void {
    this.timeStampNextToReplicateUs = lastWriteUs
  }

  shipped(lastWriteUs: number, entries: number, bytes: number, nowUs: number): void {
    this.shippedBatches++
    this.shippedOps += entries
    this.shippedBytes += bytes
    this.ageOfLastShippedOpUs = nowUs - lastWriteUs
    this.maxAgeOfLastShippedOpUs = Math.max(this.maxAgeOfLastShippedOpUs, this.ageOfLastShippedOpUs)
    this.timestampOfLastShippedOpUs = Math.max(this.timestampOfLastShippedOpUs, lastWriteUs)
  }

  /** 0 for a source that has nothing handed over, however far it is behind. */
  replicationLagUs(nowUs: number): number {
    if (this.timestampOfLastShippedOpUs >= this.timeStampNextToReplicateUs) return 0
    return nowUs - this.timeStampNextToReplicateUs
  }
}
