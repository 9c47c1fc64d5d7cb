import type { Properties } from '../../../storage/configuration.js'

/**
 * HBase properties of region replication as HBase 3.0 does it (HBASE-26233), with its defaults;
 * HBase 2.6 has none of them.
 */
export const regionReplicationProperties = {
  'hbase.region.read-replica.sink.retries.number': {
    type: 'int',
    value: 3,
    min: 0,
    doc: 'retries of a batch that a secondary replica did not take',
    source: 'RegionReplicationSink',
  },
  'hbase.region.read-replica.sink.rpc.timeout.ms': {
    type: 'ms',
    value: 1000,
    min: 1,
    doc: 'how long one attempt at sending a batch of edits to a secondary replica may take',
    source: 'RegionReplicationSink (200 in the first alphas)',
  },
  'hbase.region.read-replica.sink.operation.timeout.ms': {
    type: 'ms',
    value: 5000,
    min: 1,
    doc: 'how long all attempts at sending a batch of edits to a secondary replica may take',
    source: 'RegionReplicationSink (1,000 in the first alphas)',
  },
  'hbase.region.read-replica.sink.meta-edit.rpc.timeout.ms': {
    type: 'ms',
    value: 15_000,
    min: 1,
    doc: 'the RPC timeout of a batch with a marker, for which the secondary may look for new files',
    source: 'RegionReplicationSink',
  },
  'hbase.region.read-replica.sink.meta-edit.operation.timeout.ms': {
    type: 'ms',
    value: 60_000,
    min: 1,
    doc: 'the operation timeout of a batch with a marker',
    source: 'RegionReplicationSink',
  },
  'hbase.region.read-replica.sink.size.capacity': {
    type: 'bytes',
    value: 1_048_576,
    min: 1,
    doc: 'a batch for the secondary replicas ends with the entry that reaches this size',
    source: 'RegionReplicationSink',
  },
  'hbase.region.read-replica.sink.nb.capacity': {
    type: 'int',
    value: 100,
    min: 1,
    doc: 'entries at which a batch for the secondary replicas ends',
    source: 'RegionReplicationSink',
  },
  'hbase.region.read-replica.sink.max-pending-size': {
    type: 'bytes',
    value: 104_857_600,
    min: 1,
    doc: 'bytes that all primary regions of a server may have queued; beyond, entries are dropped',
    source: 'RegionReplicationBufferManager',
  },
  'hbase.region.read-replica.sink.max-pending-size.soft-limit-percentage': {
    type: 'float',
    value: 0.8,
    min: 0,
    max: 1,
    doc: 'share of the max pending size above which the region with the most queued is flushed',
    source: 'RegionReplicationBufferManager',
  },
  'hbase.region.read-replica.sink.flush.min-interval.secs': {
    type: 'seconds',
    value: 30,
    min: 0,
    doc: 'least time between two flushes that a region asks for because a replica missed entries',
    source: 'RegionReplicationFlushRequester',
  },
} satisfies Properties
