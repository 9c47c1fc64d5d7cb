import type { Host, Protocol } from '../../kernel/process.js'
import type { AssignmentManager } from './assignment-manager.js'
import type { RegionLocations } from './region-locations.js'
import {
  type ManagedServer,
  type ServerExit,
  ServerState,
  type ServerStateNode,
} from './server-state-node.js'
import type { SplitWALManager } from './split-wal-manager.js'

/** The recovery of one crashed server: a phase begins where the one before it ends. */
export interface ServerRecovery {
  readonly server: string
  /** `suspended`: it stood still until its session had ended. */
  readonly exit: ServerExit | 'suspended'
  /** When it died, or was last heard of. */
  readonly diedUs: number
  /** When the master found out; WALs are split from here on. */
  readonly detectedUs: number
  /** When all WALs were split; regions are assigned from here on. Null as long as it was not. */
  splitUs: number | null
  /** When all its regions were open elsewhere; replication queues are claimed from here on. */
  assignedUs: number | null
  /** When all its replication queues were claimed, and the recovery over. */
  finishedUs: number | null
  regions: number
  wals: number
  splitBytes: number
  replayedBytes: number
}

export interface ServerCrashProcedureOptions<Server extends ManagedServer> {
  /** The master's process. */
  readonly host: Host
  readonly locations: RegionLocations<Server>
  readonly splitWals: SplitWALManager<Server>
  readonly assignments: AssignmentManager<Server>
  /** Has the replication queues of the server claimed by others; ends when they are. */
  claimQueues(server: string): Protocol
}

export function startOfRecovery(node: ServerStateNode, nowUs: number): ServerRecovery {
  return {
    server: node.server.name,
    exit: node.exit ?? 'suspended',
    diedUs: node.silentUs ?? nowUs,
    detectedUs: nowUs,
    splitUs: null,
    assignedUs: null,
    finishedUs: null,
    regions: 0,
    wals: 0,
    splitBytes: 0,
    replayedBytes: 0,
  }
}

/**
 * Recovers a crashed region server in the order of HBase's ServerCrashProcedure: split all its WALs,
 * then assign all its regions, then have its replication queues claimed. Each step waits for the
 * whole of the one before. hbase:meta is taken to be elsewhere.
 *
 * @param recovery filled in as the procedure goes on
 */
export function* recoverCrashedServer<Server extends ManagedServer>(
  node: ServerStateNode<Server>,
  recovery: ServerRecovery,
  options: ServerCrashProcedureOptions<Server>,
): Protocol {
  const { host, locations, splitWals, assignments } = options
  const { scheduler } = host
  const { server } = node

  const regions = locations.regionsOf(server)
  for (const region of regions) locations.close(region)
  recovery.regions = regions.length

  node.changeTo(ServerState.SPLITTING)
  const wals = server.wals().filter(({ archivedUs }) => archivedUs === null)
  recovery.wals = wals.length
  const splits = wals.map((wal, i) =>
    host.spawn('SplitWALProcedure', splitWals.split(server.name, wal, i)),
  )
  for (const split of splits) recovery.splitBytes += (yield split) as number
  server.splitDone()
  node.changeTo(ServerState.OFFLINE)
  recovery.splitUs = scheduler.now

  const transits = regions.map((region, turn) =>
    host.spawn('TransitRegionStateProcedure', assignments.assign(server.name, region, turn)),
  )
  for (const transit of transits) recovery.replayedBytes += (yield transit) as number
  recovery.assignedUs = scheduler.now

  yield* options.claimQueues(server.name)
  recovery.finishedUs = scheduler.now
  node.recovered = true
}
