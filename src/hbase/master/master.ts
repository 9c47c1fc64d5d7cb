import type { Luck } from '../../kernel/draws.js'
import { Host, type Protocol } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import type { Configuration } from '../../storage/configuration.js'
import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import type { Parameters } from '../../storage/parameter.js'
import { Sampler } from '../../storage/sampler.js'
import { AssignmentManager, type RecoveredMemstores } from './assignment-manager.js'
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

export interface MasterOptions<Server extends ManagedServer> {
  readonly scheduler: Scheduler
  readonly luck: Luck
  readonly configuration: Configuration
  /** `recoveryParameters`, or these with other values. */
  readonly parameters: Parameters
  readonly locations: RegionLocations<Server>
  readonly memstores: RecoveredMemstores
  /** Closes a file whose writer is dead (`Hdfs.recoverLease`). */
  recoverLease(file: HdfsFile): Protocol<unknown>
  /** A region is open on a server from this instant on. */
  onRegionOpened(region: number, server: Server): void
  /** Has the replication queues of a dead server claimed by others; ends when they are. */
  claimQueues(server: string): Protocol
}

/**
 * The active HMaster as far as the recovery of region servers goes: it notices deaths and runs a
 * ServerCrashProcedure for each, as many at once as there are. It never fails itself; at the loss of
 * HDFS, which makes a real one abort, whoever builds the cluster kills its `host`.
 */
export class Master<Server extends ManagedServer> {
  /** The process: its chores may be spawned here, too. */
  readonly host: Host
  readonly servers: ServerManager<Server>
  /** All recoveries begun, in that order. */
  readonly recoveries: ServerRecovery[] = []

  constructor(options: MasterOptions<Server>) {
    const { scheduler, configuration, locations, recoverLease, claimQueues } = options
    const number = (key: keyof typeof recoveryProperties) =>
      configuration.number(recoveryProperties, key)
    const host = new Host(scheduler, 'master')
    const sampler = new Sampler(options.parameters, options.luck)
    const servers = new ServerManager<Server>({
      host,
      sessionTimeoutUs: number('zookeeper.session.timeout') * 1000,
      openRegionThreads: number('hbase.regionserver.executor.openregion.threads'),
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
      retry: procedureRetry(configuration),
      recoverLease,
    })
    const assignments = new AssignmentManager<Server>({
      servers,
      locations,
      memstores: options.memstores,
      sampler,
      onRegionOpened: options.onRegionOpened,
    })
    const procedures = { host, locations, splitWals, assignments, claimQueues }
    this.host = host
    this.servers = servers
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
