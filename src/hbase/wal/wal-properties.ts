import type { Properties } from '../../storage/configuration.js'

/** HBase properties of WAL rolls, archiving and FSHLog, with the defaults of HBase 2.6 and 3.0. */
export const walProperties = {
  'hbase.regionserver.maxlogs': {
    type: 'int',
    value: null,
    min: 1,
    doc: 'rolled WALs above which regions are flushed; default max(32, 2 × global memstore / roll size)',
    source: 'AbstractFSWAL',
  },
  'hbase.regionserver.wal.slowsync.ms': {
    type: 'ms',
    value: 100,
    min: 0,
    doc: 'a WAL sync that takes longer is slow',
    source: 'AbstractFSWAL',
  },
  'hbase.regionserver.wal.roll.on.sync.ms': {
    type: 'ms',
    value: 10_000,
    min: 0,
    doc: 'a single WAL sync that takes longer has the WAL rolled',
    source: 'AbstractFSWAL',
  },
  'hbase.regionserver.wal.slowsync.roll.threshold': {
    type: 'int',
    value: 100,
    min: 1,
    doc: 'slow syncs within the interval that have the WAL rolled (filesystem provider only)',
    source: 'AbstractFSWAL.doCheckSlowSync, FSHLog.checkLogRoll',
  },
  'hbase.regionserver.wal.slowsync.roll.interval.ms': {
    type: 'ms',
    value: 60_000,
    min: 1,
    doc: 'the interval in which slow syncs are counted',
    source: 'AbstractFSWAL',
  },
  'hbase.regionserver.wal.sync.batch.count': {
    type: 'int',
    value: null,
    min: 1,
    doc: 'FSHLog: syncs handed to a SyncRunner at once at most; default the handler count',
    source: 'FSHLog',
  },
  'hbase.regionserver.hlog.syncer.count': {
    type: 'int',
    value: 5,
    min: 1,
    max: 64,
    doc: 'FSHLog: SyncRunner threads, hence syncs that overlap',
    source: 'FSHLog',
  },
  'hbase.regionserver.hlog.tolerable.lowreplication': {
    type: 'int',
    value: null,
    min: 0,
    doc: 'FSHLog: a WAL whose pipeline has fewer DataNodes is rolled; default dfs.replication',
    source: 'FSHLog',
  },
  'hbase.regionserver.hlog.lowreplication.rolllimit': {
    type: 'int',
    value: 5,
    min: 0,
    doc: 'FSHLog: so many rolls for low replication, then none until it has recovered',
    source: 'FSHLog',
  },
  'hbase.regionserver.logroll.errors.tolerated': {
    type: 'int',
    value: 2,
    min: 0,
    doc: 'FSHLog: failed closes of rolled WALs before a further one aborts the server',
    source: 'FSHLog',
  },
  'hbase.wal.regiongrouping.delegate.provider': {
    type: 'choice',
    value: 'defaultProvider',
    choices: ['asyncfs', 'filesystem', 'defaultProvider'],
    doc: 'how each WAL of multiwal is written',
    source: 'RegionGroupingProvider',
  },
} satisfies Properties
