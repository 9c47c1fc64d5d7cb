import type { Properties } from '../storage/configuration.js'

/**
 * HBase properties that the write path, the WAL and the master's cleaners read, with the defaults of
 * HBase 2.6 and 3.0.
 */
export const hbaseProperties = {
  'hbase.regionserver.handler.count': {
    type: 'int',
    value: 30,
    min: 1,
    max: 10_000,
    doc: 'RPC handlers of a region server; a write holds one until it is answered',
    source: 'hbase-default.xml',
  },
  'hbase.ipc.server.callqueue.handler.factor': {
    type: 'float',
    value: 0.1,
    min: 0,
    max: 1,
    doc: 'call queues per handler',
    source: 'hbase-default.xml',
  },
  'hbase.ipc.server.max.callqueue.length': {
    type: 'int',
    value: null,
    min: 1,
    doc: 'calls that one queue holds before CallQueueTooBigException; default 10 × handlers',
    source: 'SimpleRpcScheduler, RpcExecutor',
  },
  'hbase.client.retries.number': {
    type: 'int',
    value: 15,
    min: 0,
    doc: 'retries of a client operation',
    source: 'hbase-default.xml',
  },
  'hbase.client.pause.server.overloaded': {
    type: 'ms',
    value: 500,
    min: 0,
    doc: 'base pause of a client after CallQueueTooBigException, times RETRY_BACKOFF',
    source: 'ConnectionConfiguration (HBASE-26807)',
  },
  'hbase.wal.hsync': {
    type: 'boolean',
    value: false,
    doc: 'WAL syncs are hsync instead of hflush',
    source: 'HRegion',
  },
  'hbase.wal.batch.size': {
    type: 'bytes',
    value: 65_536,
    min: 1,
    doc: 'unsynced bytes at which AsyncFSWAL issues a sync before the ring buffer is drained',
    source: 'AsyncFSWAL',
  },
  'hbase.regionserver.hlog.blocksize': {
    type: 'bytes',
    value: null,
    min: 1,
    doc: 'WAL block size; default 2 × dfs.blocksize',
    source: 'WALUtil',
  },
  'hbase.regionserver.logroll.multiplier': {
    type: 'float',
    value: 0.5,
    min: 0.000_001,
    max: 1,
    doc: 'a WAL longer than this share of its block size is rolled',
    source: 'AbstractFSWAL',
  },
  'hbase.regionserver.logroll.period': {
    type: 'ms',
    value: 3_600_000,
    min: 1,
    doc: 'age at which a WAL with entries is rolled',
    source: 'hbase-default.xml',
  },
  'hbase.server.thread.wakefrequency': {
    type: 'ms',
    value: 10_000,
    min: 1,
    doc: 'how often the log roller and the memstore flusher look at ages',
    source: 'hbase-default.xml',
  },
  'hbase.hregion.memstore.flush.size': {
    type: 'bytes',
    value: 134_217_728,
    min: 1,
    doc: 'a region whose memstore is larger is flushed',
    source: 'hbase-default.xml',
  },
  'hbase.regionserver.optionalcacheflushinterval': {
    type: 'ms',
    value: 3_600_000,
    min: 0,
    doc: 'age of the oldest edit at which a region is flushed; 0 switches it off',
    source: 'HRegion',
  },
  'hbase.master.logcleaner.ttl': {
    type: 'ms',
    value: 600_000,
    min: 0,
    doc: 'an archived WAL is kept at least this long',
    source: 'hbase-default.xml',
  },
  'hbase.master.cleaner.interval': {
    type: 'ms',
    value: 600_000,
    min: 1,
    doc: 'period of the master’s log cleaner',
    source: 'hbase-default.xml',
  },
} satisfies Properties
