import type { ReadableWal } from './readable-wal.js'
import { shouldReplicate } from './replication-offset-util.js'
import type { ReplicationQueueStorage } from './replication-queue-storage.js'

/** What the cleaner knows before it looks at the first file of a run. */
export interface ReplicationState {
  /** Ids of all peers, enabled or not. */
  readonly peers: readonly string[]
  /** An AddPeerProcedure is running: it holds the cleaner off (HBASE-27214). */
  readonly addPeerRunning: boolean
  /** Server names of those that are online or whose ServerCrashProcedure is not over. */
  readonly notFullyDead: ReadonlySet<string>
  readonly storage: Pick<ReplicationQueueStorage, 'offset' | 'queues' | 'walsOf'>
}

/**
 * A WAL's name ends in its creation time, that of hbase:meta in `.meta` (AbstractFSWALProvider).
 * What is older than the run has a negative time.
 */
const WAL_NAME = /^.+\.-?\d+(\.[0-9A-Za-z]+)?$/
const META_WAL_SUFFIX = '.meta'

/**
 * ReplicationLogCleaner of HBase 3.x: may replication's half of the log cleaner let a WAL in oldWALs
 * go? For a server that may still write, silence is no consent: every peer must have a queue whose
 * offset is past the file. Of a dead server only the queues that exist count, for they are removed
 * when they are done.
 */
export function isLogDeletable(wal: ReadableWal, state: ReplicationState): boolean {
  const { peers, addPeerRunning, notFullyDead, storage } = state
  if (addPeerRunning) return false
  if (peers.length === 0 || !WAL_NAME.test(wal.name) || wal.name.endsWith(META_WAL_SUFFIX)) {
    return true
  }
  const mayStillWrite = notFullyDead.has(wal.server)
  return peers.every((peer) => {
    const queues = storage.queues(peer, null).filter(({ origin }) => origin === wal.server)
    if (queues.length === 0) return !mayStillWrite
    return queues.every((queue) => !shouldReplicate(storage.offset(queue, wal.group), wal))
  })
}

/**
 * ReplicationLogCleaner of HBase 2.x: all WALs but those that have a znode in some queue. A roll
 * adds the znodes before the file is written to, so no other state is asked for.
 */
export function isLogDeletableByZnodes(wal: ReadableWal, { storage }: ReplicationState): boolean {
  return !storage.queues(null, null).some((queue) => storage.walsOf(queue)?.includes(wal))
}
