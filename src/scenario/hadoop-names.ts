/**
 * Old names of modelled properties that Hadoop knows: what is set under one is set under the new
 * one, in the order of the resources (HdfsConfiguration.addDeprecatedKeys). The deprecations of
 * HBaseConfiguration concern nothing that is modelled.
 */
export const DEPRECATED: Readonly<Record<string, string>> = {
  'dfs.block.size': 'dfs.blocksize',
}

/**
 * Old names that HBase reads where the new one is not set, whatever comes first (MemorySizeUtil,
 * ConnectionConfiguration, AbstractFSWAL).
 */
export const FALLBACKS: Readonly<Record<string, string>> = {
  'hbase.regionserver.global.memstore.upperLimit': 'hbase.regionserver.global.memstore.size',
  'hbase.client.pause.cqtbe': 'hbase.client.pause.server.overloaded',
  'hbase.regionserver.hlog.slowsync.ms': 'hbase.regionserver.wal.slowsync.ms',
}

/** Old names that mean something else than the new ones, with what to write instead. */
export const CHANGED: Readonly<Record<string, string>> = {
  'hbase.regionserver.global.memstore.lowerLimit':
    'hbase.regionserver.global.memstore.size.lower.limit, a share of the upper limit',
}
