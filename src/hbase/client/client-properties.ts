import type { Properties } from '../../storage/configuration.js'

/** HBase properties of clients that read from replicas, with the defaults of HBase 2.6 and 3.0. */
export const clientProperties = {
  'hbase.client.primaryCallTimeout.get': {
    type: 'int',
    value: 10_000,
    min: 0,
    doc: 'microseconds that a TIMELINE get waits for the primary before it asks the secondaries',
    source: 'ConnectionConfiguration',
  },
  'hbase.client.primaryCallTimeout.multiget': {
    type: 'int',
    value: 10_000,
    min: 0,
    doc: 'the same for a TIMELINE multiget, in microseconds; 2.x only',
    source: 'AsyncProcess',
  },
  'hbase.client.replicaCallTimeout.scan': {
    type: 'int',
    value: 1_000_000,
    min: 0,
    doc: 'microseconds that a call of a TIMELINE scan waits for a replica before it asks the others',
    source: 'ConnectionConfiguration',
  },
  'hbase.meta.replicas.use': {
    type: 'boolean',
    value: false,
    doc: 'clients look regions up in any replica of hbase:meta',
    source: 'HConstants.USE_META_REPLICAS',
  },
} satisfies Properties
