import type { Configuration } from '../../storage/configuration.js'
import { hbaseProperties } from '../hbase-properties.js'
import type { FSHLogSettings } from './fs-hlog.js'
import type { SlowSyncSettings } from './slow-syncs.js'
import { walProperties } from './wal-properties.js'

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

/**
 * Settings of FSHLog, null if WALs are written as asyncfs does.
 *
 * @param replication `dfs.replication`
 */
export function fsHLogSettings(
  configuration: Configuration,
  replication: number,
): FSHLogSettings | null {
  const number = (key: keyof typeof walProperties) => configuration.number(walProperties, key)
  const provider = configuration.choice(hbaseProperties, 'hbase.wal.provider')
  const delegate = configuration.choice(walProperties, 'hbase.wal.regiongrouping.delegate.provider')
  if ((provider === 'multiwal' ? delegate : provider) !== 'filesystem') return null
  const batchKey = 'hbase.regionserver.wal.sync.batch.count'
  const tolerableKey = 'hbase.regionserver.hlog.tolerable.lowreplication'
  return {
    syncerCount: number('hbase.regionserver.hlog.syncer.count'),
    maxBatchCount: configuration.isSet(batchKey)
      ? number(batchKey)
      : configuration.number(hbaseProperties, 'hbase.regionserver.handler.count'),
    tolerableReplication: configuration.isSet(tolerableKey) ? number(tolerableKey) : replication,
    lowReplicationRollLimit: number('hbase.regionserver.hlog.lowreplication.rolllimit'),
    closeErrorsTolerated: number('hbase.regionserver.logroll.errors.tolerated'),
  }
}

export function slowSyncSettings(configuration: Configuration): SlowSyncSettings {
  const number = (key: keyof typeof walProperties) => configuration.number(walProperties, key)
  return {
    slowUs: 1000 * number('hbase.regionserver.wal.slowsync.ms'),
    rollOnSyncUs: 1000 * number('hbase.regionserver.wal.roll.on.sync.ms'),
    rollThreshold: number('hbase.regionserver.wal.slowsync.roll.threshold'),
    rollIntervalUs: 1000 * number('hbase.regionserver.wal.slowsync.roll.interval.ms'),
  }
}
