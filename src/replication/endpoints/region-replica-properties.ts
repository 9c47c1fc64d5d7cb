import type { Configuration, Properties } from '../../storage/configuration.js'

/** HBase properties of region replication as HBase 2.6 does it, with its defaults. */
export const regionReplicaProperties = {
  'hbase.region.replica.replication.enabled': {
    type: 'boolean',
    value: false,
    doc: 'primary regions send what is written to them to their secondary replicas',
    source: 'ServerRegionReplicaUtil',
  },
  'hbase.region.replica.replication.catalog.enabled': {
    type: 'boolean',
    value: false,
    doc: 'the same for hbase:meta, whatever the property for other tables says',
    source: 'ServerRegionReplicaUtil (since 2.4)',
  },
  'hbase.region.replica.replication.buffersize': {
    type: 'bytes',
    value: 134_217_728,
    min: 1,
    doc: 'bytes that wait to be sent to replicas above which the source waits, too',
    source: 'RegionReplicaReplicationEndpoint (2.x)',
  },
  'hbase.region.replica.replication.writer.threads': {
    type: 'int',
    value: 3,
    min: 1,
    doc: 'regions whose entries a source sends to their replicas at a time',
    source: 'RegionReplicaReplicationEndpoint (2.x)',
  },
  'hbase.region.replica.replication.client.retries.number': {
    type: 'int',
    value: null,
    min: 0,
    doc: 'retries of entries that a replica did not take; by default those of a client',
    source: 'RegionReplicaReplicationEndpoint (2.x)',
  },
  'hbase.rpc.timeout': {
    type: 'ms',
    value: 60_000,
    min: 1,
    doc: 'how long one attempt at sending entries to a secondary replica may take',
    source: 'hbase-default.xml',
  },
  'hbase.client.serverside.retries.multiplier': {
    type: 'int',
    value: 3,
    min: 1,
    doc: 'region servers as clients try so many times as often; replication to replicas takes it out',
    source: 'HConstants',
  },
  'hbase.region.replica.replication.cache.disabledAndDroppedTables.expiryMs': {
    type: 'ms',
    value: 5000,
    min: 0,
    doc: 'how long entries of a table are skipped that was found disabled',
    source: 'RegionReplicaReplicationEndpoint (2.x)',
  },
  'hbase.region.replica.replication.cache.memstoreReplicationEnabled.expiryMs': {
    type: 'ms',
    value: 5000,
    min: 0,
    doc: 'how long it is remembered whether edits of a table are replicated, or only its markers',
    source: 'RegionReplicaReplicationEndpoint (2.x)',
  },
} satisfies Properties

/** How a source sends entries to secondary replicas. */
export interface RegionReplicaReplicationSettings {
  readonly bufferBytes: number
  readonly writerThreads: number
  readonly retries: number
  readonly disabledTablesExpiryUs: number
  readonly memstoreReplicationExpiryUs: number
}

/**
 * As RegionReplicaReplicationEndpoint.init reads them. The region server has multiplied the client's
 * retries already; the endpoint divides a product above 10 again, so that very few retries are
 * multiplied after all.
 *
 * @param clientRetries `hbase.client.retries.number`
 */
export function regionReplicaReplicationSettings(
  configuration: Configuration,
  clientRetries: number,
): RegionReplicaReplicationSettings {
  const prefix = 'hbase.region.replica.replication.'
  const number = (key: string) => configuration.number(regionReplicaProperties, key)
  const retriesKey = `${prefix}client.retries.number`
  const multiplier = number('hbase.client.serverside.retries.multiplier')
  const ofServer = clientRetries * multiplier
  const byDefault = ofServer > 10 ? clientRetries : ofServer
  return {
    bufferBytes: number(`${prefix}buffersize`),
    writerThreads: number(`${prefix}writer.threads`),
    retries: configuration.isSet(retriesKey) ? number(retriesKey) : byDefault,
    disabledTablesExpiryUs: 1000 * number(`${prefix}cache.disabledAndDroppedTables.expiryMs`),
    memstoreReplicationExpiryUs:
      1000 * number(`${prefix}cache.memstoreReplicationEnabled.expiryMs`),
  }
}
