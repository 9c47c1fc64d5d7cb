/** The persisted offset of one WAL group of a queue of the backup peer. */
export interface CheckpointOffset {
  /** Server that holds the queue: a claimed queue counts under its new owner's name. */
  readonly owner: string
  /** Start time of the WAL at the offset, which its name carries in milliseconds. */
  readonly walCreatedUs: number
}

/**
 * The cluster's checkpoint: what was written up to then is in the backup, HBase believes
 * (`BackupUtils`, HBASE-29220). Per server the start of the oldest WAL at an offset less 1 ms, or the
 * timestamp stored for it if that is greater; the minimum over the servers that have a queue. Without
 * markers it lags behind by up to the life of a WAL.
 *
 * The stored timestamp is the last write time seen, not a minimum: with several WAL groups, or a
 * queue claimed from a dead server, it may pass what is not backed up yet. Kept as HBase has it.
 *
 * @param storedUs with markers, the checkpoint timestamp stored per server; null without
 * @returns microseconds in whole milliseconds; null if there is no queue
 */
export function replicationCheckpointUs(
  offsets: Iterable<CheckpointOffset>,
  storedUs: ReadonlyMap<string, number> | null,
): number | null {
  const byOwner = new Map<string, number>()
  for (const { owner, walCreatedUs } of offsets) {
    const beforeUs = (Math.floor(walCreatedUs / 1000) - 1) * 1000
    byOwner.set(owner, Math.min(byOwner.get(owner) ?? beforeUs, beforeUs))
  }
  let checkpointUs: number | null = null
  for (const [owner, walUs] of byOwner) {
    const ownerUs = Math.max(walUs, storedUs?.get(owner) ?? walUs)
    checkpointUs = Math.min(checkpointUs ?? ownerUs, ownerUs)
  }
  return checkpointUs
}
