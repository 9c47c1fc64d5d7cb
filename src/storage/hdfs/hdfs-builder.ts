import type { Luck, Purpose } from '../../kernel/draws.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import type { Configuration } from '../configuration.js'
import type { EditsWithin } from '../extent.js'
import type { Parameters } from '../parameter.js'
import { Sampler } from '../sampler.js'
import type { DataNode } from './data-node.js'
import { DataTransfer } from './data-transfer.js'
import type { DfsParts, DfsSettings } from './dfs-parts.js'
import { FSNamesystem } from './fs-namesystem.js'
import { hdfsProperties } from './hdfs-properties.js'
import { NameNode } from './name-node.js'
import { RedundancyMonitor } from './redundancy-monitor.js'
import { Writeback } from './writeback.js'

export interface HdfsOptions {
  readonly scheduler: Scheduler
  readonly luck: Luck
  /** A profile of `hdfsProfiles`, or one like it. */
  readonly parameters: Parameters
  readonly dataNodes: number
  readonly racks: number
  /** Site properties, `dfs.*`; the defaults of Hadoop without them. */
  readonly configuration?: Configuration
  /**
   * Brings files up to date that their writers advance only when they are looked at. Called before
   * every tick of the writeback, every fault and every recovery of a file. With it ticks go on as
   * long as a file is open.
   */
  readonly beforeTick?: () => void
  /** Phases of heartbeats and writeback: drawn per DataNode, or 0 for all. */
  readonly phases?: 'drawn' | 'zero'
  /** Where a cut through an extent leaves its edits; without it they are taken to be equally long. */
  readonly editsWithin?: EditsWithin
}

const WRITEBACK: Purpose = { name: 'hdfs.writeback', sharing: 'world' }
const HEARTBEAT: Purpose = { name: 'hdfs.heartbeat', sharing: 'world' }

/** `dfs.heartbeat.interval` */
export const HEARTBEAT_US = 3_000_000

export function buildParts(options: HdfsOptions, configuration: Configuration): DfsParts {
  const { scheduler, dataNodes, racks, editsWithin } = options
  const sampler = new Sampler(options.parameters, options.luck)
  const settings = settingsOf(configuration)
  const replicas = Math.min(settings.replication, dataNodes)
  const nodeWrite = Math.min(sampler.number('nic'), sampler.number('nodeAggregateWrite'))
  const capacity = sampler.number('capacity') * dataNodes
  const namesystem = new FSNamesystem(capacity, replicas, racks, dataNodes, editsWithin)
  const nameNode = new NameNode(scheduler, namesystem)
  const copyRate = sampler.number('replicaCopyRate')
  const redundancy = new RedundancyMonitor(scheduler, namesystem, nameNode, copyRate)
  const transfer = new DataTransfer(scheduler, {
    streamWrite: sampler.number('streamWrite'),
    streamRead: sampler.number('streamRead'),
    aggregateWrite: (nodeWrite * dataNodes) / replicas,
  })
  return { scheduler, sampler, namesystem, nameNode, transfer, redundancy, settings }
}

/** The page caches of the DataNodes go to their disks from now on. */
export function startWriteback(options: HdfsOptions, { namesystem, sampler }: DfsParts): Writeback {
  const { scheduler, beforeTick = null } = options
  const intervalUs = sampler.number('writebackInterval')
  return new Writeback({
    scheduler,
    dataNodes: namesystem.dataNodes,
    watchers: namesystem.watchers,
    intervalUs,
    ageUs: sampler.number('writebackAge'),
    phaseUs: phases(options, WRITEBACK, intervalUs),
    beforeTick,
  })
}

export function heartbeatPhases(options: HdfsOptions): (dataNode: DataNode) => number {
  return phases(options, HEARTBEAT, HEARTBEAT_US)
}

function phases(
  options: HdfsOptions,
  purpose: Purpose,
  intervalUs: number,
): (dataNode: DataNode) => number {
  if (options.phases === 'zero') return () => 0
  const drawn = new Map<DataNode, number>()
  return (dataNode) => {
    const known = drawn.get(dataNode)
    if (known !== undefined) return known
    const u = options.luck.stream(purpose, dataNode.name).uniform(0)
    const phase = Math.floor(u * intervalUs)
    drawn.set(dataNode, phase)
    return phase
  }
}

function settingsOf(configuration: Configuration): DfsSettings {
  const number = (key: string) => configuration.number(hdfsProperties, key)
  const boolean = (key: string) => configuration.boolean(hdfsProperties, key)
  const replace = 'dfs.client.block.write.replace-datanode-on-failure'
  return {
    replication: number('dfs.replication'),
    closeRetries: number('dfs.client.block.write.locateFollowingBlock.retries'),
    blockWriteRetries: number('dfs.client.block.write.retries'),
    replaceDataNode: boolean(`${replace}.enable`),
    replaceBestEffort: boolean(`${replace}.best-effort`),
  }
}
