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
  'replication.source.eof.autorecovery': {
    type: 'boolean',
    value: false,
    doc: 'skip a WAL whose header cannot be read instead of waiting for ever',
    source: 'WALEntryStream',
  },
} satisfies Properties
