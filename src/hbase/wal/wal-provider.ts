import type { WriteCalls } from '../regionserver/write-calls.js'
import type { WalGroupWrites } from '../regionserver/write-path-options.js'
import { AsyncFSWAL } from './async-fs-wal.js'
import { FSHLog } from './fs-hlog.js'
import type { RingBufferOptions, RingBufferWal } from './ring-buffer-wal.js'

/** The WAL of a group as `hbase.wal.provider` wants it (WALFactory). */
export function createWal(
  calls: WriteCalls,
  group: WalGroupWrites,
  options: RingBufferOptions,
): RingBufferWal {
  const { fsHLog } = group
  if (fsHLog !== undefined) return new FSHLog(calls, group, options, fsHLog)
  return new AsyncFSWAL(calls, group, options)
}
