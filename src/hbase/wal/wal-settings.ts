import type { Configuration } from '../../storage/configuration.js'
import { hbaseProperties } from '../hbase-properties.js'

/** How a region server lays out its WALs. */
export interface WalSettings {
  /** WAL groups per server. */
  readonly groups: number
  /** Block size of a WAL's file, in bytes (WALUtil.getWALBlockSize). */
  readonly blockSize: number
  /** A WAL longer than this is rolled, in bytes. */
  readonly rollSize: number
}

/** @param dfsBlockSize `dfs.blocksize`: a WAL's block is twice as large unless it is set */
export function walSettings(configuration: Configuration, dfsBlockSize: number): WalSettings {
  const number = (key: keyof typeof hbaseProperties) => configuration.number(hbaseProperties, key)
  const provider = configuration.choice(hbaseProperties, 'hbase.wal.provider')
  const blockSizeKey = 'hbase.regionserver.hlog.blocksize'
  const blockSize = configuration.isSet(blockSizeKey) ? number(blockSizeKey) : 2 * dfsBlockSize
  return {
    groups: provider === 'multiwal' ? number('hbase.wal.regiongrouping.numgroups') : 1,
    blockSize,
    rollSize: Math.floor(blockSize * number('hbase.regionserver.logroll.multiplier')),
  }
}
