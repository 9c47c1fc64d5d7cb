import type { Properties } from '../../storage/configuration.js'

/**
 * HBase properties of secondary region replicas, with the defaults of HBase 2.6 and 3.0.
 */
export const replicaProperties = {
  'hbase.regionserver.storefile.refresh.period': {
    type: 'ms',
    value: 0,
    min: 0,
    doc: 'how often a server’s secondaries look for the primaries’ new files; 0 switches it off',
    source: 'StorefileRefresherChore',
  },
  'hbase.regionserver.meta.storefile.refresh.period': {
    type: 'ms',
    value: 0,
    min: 0,
    doc: 'the same for secondaries of hbase:meta alone; read if the period for all is 0',
    source: 'StorefileRefresherChore',
  },
  'hbase.region.replica.wait.for.primary.flush': {
    type: 'boolean',
    value: true,
    doc: 'a secondary that opens has its primary flushed before it serves reads',
    source: 'ServerRegionReplicaUtil',
  },
  'hbase.regionserver.region.replica.flusher.threads': {
    type: 'int',
    value: null,
    min: 1,
    doc: 'secondaries that can wait for that at once; default executor.openregion.threads',
    source: 'HRegionServer',
  },
  'hbase.region.replica.storefile.refresh': {
    type: 'boolean',
    value: true,
    doc: 'under global memstore pressure a big secondary looks for new files to drop memory',
    source: 'ServerRegionReplicaUtil',
  },
  'hbase.region.replica.storefile.refresh.memstore.multiplier': {
    type: 'float',
    value: 4,
    min: 0,
    doc: 'how many times bigger it has to be than the region that would be flushed',
    source: 'ServerRegionReplicaUtil',
  },
} satisfies Properties
