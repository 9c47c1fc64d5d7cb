import type { Properties } from '../storage/configuration.js'

/** HBase properties that a replication source reads, with the defaults of HBase 2.6 and 3.0. */
export const replicationProperties = {
  'replication.source.sleepforretries': {
    type: 'ms',
    value: 1000,
    min: 1,
    doc: 'base sleep of every back-off of a source',
    source: 'ReplicationSource',
  },
  'replication.source.maxretriesmultiplier': {
    type: 'int',
    value: 300,
    min: 1,
    doc: 'largest factor of the base sleep',
    source: 'ReplicationSource',
  },
  'replication.source.size.capacity': {
    type: 'bytes',
    value: 67_108_864,
    min: 1,
    doc: 'size at which a batch ends',
    source: 'ReplicationSourceWALReader',
  },
  'replication.source.nb.capacity': {
    type: 'int',
    value: 25_000,
    min: 1,
    doc: 'entries at which a batch ends',
    source: 'ReplicationSourceWALReader',
  },
  'replication.source.nb.batches': {
    type: 'int',
    value: 1,
    min: 1,
    doc: 'batches that the reader may be ahead of the shipper',
    source: 'ReplicationSourceWALReader',
  },
  'replication.total.buffer.quota': {
    type: 'bytes',
    value: 268_435_456,
    min: 1,
    doc: 'bytes read and not yet shipped, one budget per region server for all its sources',
    source: 'HConstants, ReplicationSourceManager',
  },
  'replication.source.getEntries.timeout': {
    type: 'ms',
    value: 20_000,
    min: 1,
    doc: 'how long the shipper waits for a batch before it looks around',
    source: 'ReplicationSourceShipper',
  },
  'replication.source.regionserver.abort': {
    type: 'boolean',
    value: true,
    doc: 'a source that meets an error nobody foresaw aborts its server; otherwise it tries for ever',
    source: 'ReplicationSource',
  },
  'replication.source.eof.autorecovery': {
    type: 'boolean',
    value: false,
    doc: 'skip a WAL whose header cannot be read instead of waiting for ever',
    source: 'WALEntryStream',
  },
  'replication.source.per.peer.node.bandwidth': {
    type: 'int',
    value: 0,
    min: 0,
    doc: 'bytes per second that a source hands to its endpoint; 0 is no limit, the peer’s own wins',
    source: 'ReplicationSource',
  },
  'hbase.replication.shipper.offset.update.interval.ms': {
    type: 'ms',
    // Long.MAX_VALUE in HBase; this is as far as microseconds are exact.
    value: 9_007_199_254_740,
    min: 0,
    doc: 'an offset is stored when the last one is this old; by default never for that reason',
    source: 'ReplicationSourceShipper (HBASE-29823, not in 2.6 nor 3.0)',
  },
  'hbase.replication.shipper.offset.update.size.threshold': {
    type: 'bytes',
    value: -1,
    min: -1,
    doc: 'an offset is stored when so many bytes are shipped since the last; -1 after every batch',
    source: 'ReplicationSourceShipper (HBASE-29823, not in 2.6 nor 3.0)',
  },
  'replication.sleep.before.failover': {
    type: 'ms',
    value: 30_000,
    min: 0,
    doc: 'wait before a dead server’s queue is claimed, and as much again at random',
    source: 'ReplicationSourceManager',
  },
  'replication.executor.workers': {
    type: 'int',
    value: 1,
    min: 1,
    doc: 'queues that a region server claims at a time',
    source: 'ReplicationSourceManager',
  },
} satisfies Properties
