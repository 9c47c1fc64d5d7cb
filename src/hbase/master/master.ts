import type { Luck } from '../../kernel/draws.js'
import { Host, type Protocol } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import type { Configuration } from '../../storage/configuration.js'
import type { Parameters } from '../../storage/parameter.js'
import { Sampler } from '../../storage/sampler.js'
import type { RecoveredEdits } from '../regionserver/recovered-edits.js'
import { type Assignment, AssignmentManager, type RegionHandlers } from './assignment-manager.js'
import { FlushedSequenceIds } from './flushed-sequence-ids.js'
import { procedureRetry } from './procedure-retry.js'
import { recoveryProperties } from './recovery-properties.js'
import type { RegionLocations } from './region-locations.js'
import {
  recoverCrashedServer,
  type ServerRecovery,
  startOfRecovery,
} from './server-crash-procedure.js'
import { ServerManager } from './server-manager.js'
import { type ManagedServer, type RemoteResult, ServerState } from './server-state-node.js'
import { SplitWALManager } from './split-wal-manager.js'
import type { SplitStorage } from './wal-splitter.js'

export interface MasterOptions<Server extends ManagedServer> {
  readonly scheduler: Scheduler
  readonly luck: Luck
  readonly configuration: Configuration
  /** `recoveryParameters`, or these with other values. */
  readonly parameters: Parameters
  readonly locations: RegionLocations<Server>
  readonly recoveredEdits: RecoveredEdits
  readonly storage: SplitStorage
  /** By family of the region, the shares of an edit's bytes; they add up to 1. */
  familyShares(region: number): readonly number[]
  readonly regions: RegionHandlers<Server>
  /** Has the replication queues of a dead server claimed by others; ends when they are. */
  claimQueues(server: string): Protocol
}

/**
 * The active HMaster as far as region servers and their regions go: it notices deaths and runs a
 * ServerCrashProcedure for each, as many at once as there are, and moves regions. It never fails itself; at the loss of
 * HDFS, which makes a real one abort, whoever builds the cluster kills its `host`.
 */
export class Master<Server extends ManagedServer> {
  /** The process: its chores may be spawned here, too. */
  readonly host: Host
  readonly servers: ServerManager<Server>
  /** All recoveries begun, in that order. */
  readonly recoveries: ServerRecovery[] = []

  /** What it knows of flushes. */
  readonly flushed = new FlushedSequenceIds()
  readonly #assignments: AssignmentManager<Server>

  constructor(options: MasterOptions<Server>) {
    const { scheduler, configuration, locations, claimQueues } = options
    const number = (key: keyof typeof recoveryProperties) =>
      configuration.number(recoveryProperties, key)
    const host = new Host(scheduler, 'master')
    const sampler = new Sampler(options.parameters, options.luck)
    const retry = procedureRetry(configuration)
    const { flushed } = this
    const servers = new ServerManager<Server>({
      host,
      sessionTimeoutUs: number('zookeeper.session.timeout') * 1000,
      flushed,
      threads: {
        openRegion: number('hbase.regionserver.executor.openregion.threads'),
        openMeta: number('hbase.regionserver.executor.openmeta.threads'),
        closeRegion: number('hbase.regionserver.executor.closeregion.threads'),
      },
      onExpired: (node) => {
        const recovery = startOfRecovery(node, scheduler.now)
        this.recoveries.push(recovery)
        host.spawn('ServerCrashProcedure', recoverCrashedServer(node, recovery, procedures))
      },
    })
    const splitWals = new SplitWALManager<Server>({
      servers,
      sampler,
      maxSplitters: number('hbase.regionserver.wal.max.splitters'),
      retry,
      splitter: {
        storage: options.storage,
        recoveredEdits: options.recoveredEdits,
        flushed,
        familyShares: (region) => options.familyShares(region),
        writerThreads: number('hbase.regionserver.hlog.splitlog.writer.threads'),
        splitToHFile: configuration.boolean(recoveryProperties, 'hbase.wal.split.to.hfile'),
      },
    })
    const { regions } = options
    const assignments = new AssignmentManager<Server>({
      scheduler,
      servers,
      locations,
      sampler,
      retry,
      regions,
    })
    const procedures = { host, locations, splitWals, assignments, claimQueues }
    this.host = host
    this.servers = servers
    this.#assignments = assignments
  }

  /**
   * Moves a region (HMaster.move); ends when it is open there, or elsewhere if that server crashes.
   *
   * @param target a server's name; null: any other
   * @returns null if the region is in transition, or is there already
   */
  move(region: number, target: string | null): Protocol<Assignment | null> {
    return this.#assignments.move(region, target)
  }

  /** True while a server that is found dead is not recovered. */
  get recovering(): boolean {
    return this.recoveries.some(({ finishedUs }) => finishedUs === null)
  }

  /** Servers that the master takes for alive, in order of their start. */
  onlineServers(): Server[] {
    return this.servers.online().map(({ server }) => server)
  }

  /** Names of the servers that are online or whose recovery is not over. */
  notFullyDeadServers(): Set<string> {
    return new Set(this.servers.notFullyDead().map(({ server }) => server.name))
  }

  /** Has `task` done on a server; `crashed` is known when the master finds the server dead. */
  call(server: string, name: string, task: Protocol): Protocol<RemoteResult> {
    return this.servers.nodeOf(server).call(name, task, ServerState.CRASHED)
  }
}
