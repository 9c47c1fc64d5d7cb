import type { Host, Protocol } from '../../kernel/process.js'
import type { Assignment, AssignmentManager } from './assignment-manager.js'
import type { RegionLocations } from './region-locations.js'
import { RegionUnavailability } from './region-unavailability.js'
import {
  type ManagedServer,
  type ServerExit,
  ServerState,
  type ServerStateNode,
  type SplittableWal,
} from './server-state-node.js'
import type { SplitWALManager } from './split-wal-manager.js'
import type { WalSplit } from './wal-splitter.js'

/**
 * The recovery of one crashed server: a phase begins where the one before it ends. Times are null as
 * long as they have not come.
 */
export interface ServerRecovery {
  readonly server: string
  /** `suspended`: it stood still until its session had ended. */
  readonly exit: ServerExit | 'suspended'
  /** hbase:meta was open on it, or was being opened by it. */
  carriesMeta: boolean
  /** When it died, or was last heard of. */
  readonly diedUs: number
  /** When the master found out; WALs are split from here on, those of hbase:meta first. */
  readonly detectedUs: number
  /** When the WALs of hbase:meta were split; stays null if it carried none. */
  metaSplitUs: number | null
  /** When hbase:meta could be used, so that other WALs are split from here on. */
  metaAvailableUs: number | null
  /** When all WALs were split; regions are assigned from here on. */
  splitUs: number | null
  /** When all its regions were open elsewhere; replication queues are claimed from here on. */
  assignedUs: number | null
  /** When all its replication queues were claimed, and the recovery over. */
  finishedUs: number | null
  /** Regions to be assigned, hbase:meta included; those that were being moved are not. */
  regions: number
  wals: number
  splitBytes: number
  /** Of `splitBytes`, what was written to recovered files: the rest was in HFiles. */
  recoveredBytes: number
  replayedBytes: number
  /** In order of their end. */
  readonly splits: WalSplit[]
  /** In order of opening. */
  readonly assignments: Assignment[]
  /** Of `regions`, from the server's death on. */
  readonly unavailable: RegionUnavailability
  /** In a run that is traced, by region: its being unavailable (`Tracer`). */
  readonly spans: Map<number, number>
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
    carriesMeta: false,
    diedUs: node.silentUs ?? nowUs,
    detectedUs: nowUs,
    metaSplitUs: null,
    metaAvailableUs: null,
    splitUs: null,
    assignedUs: null,
    finishedUs: null,
    regions: 0,
    wals: 0,
    splitBytes: 0,
    recoveredBytes: 0,
    replayedBytes: 0,
    splits: [],
    assignments: [],
    unavailable: new RegionUnavailability(),
    spans: new Map(),
  }
}

/**
 * Recovers a crashed region server in the order of HBase's ServerCrashProcedure: if it carried
 * hbase:meta, split the WALs of that and assign it; wait until hbase:meta can be used; split all
 * other WALs; then assign all its regions; then have its replication queues claimed. Each step waits
 * for the whole of the one before.
 *
 * @param recovery filled in as the procedure goes on
 */
export function recoverCrashedServer<Server extends ManagedServer>(
  node: ServerStateNode<Server>,
  recovery: ServerRecovery,
  options: ServerCrashProcedureOptions<Server>,
): Protocol {
  const { tracer } = options.host.scheduler
  const procedure = executeProcedure(node, recovery, options)
  const { server, exit, diedUs } = recovery
  const outcome = () => {
    const { regions, wals, splitBytes, replayedBytes } = recovery
    return { regions, wals, splitBytes, replayedBytes }
  }
  const details = { server, exit, diedUs }
  return tracer?.around('ServerCrashProcedure', details, procedure, outcome) ?? procedure
}

function* executeProcedure<Server extends ManagedServer>(
  node: ServerStateNode<Server>,
  recovery: ServerRecovery,
  options: ServerCrashProcedureOptions<Server>,
): Protocol {
  const { host, locations, assignments } = options
  const { scheduler } = host
  const { server } = node
  const { metaRegion } = locations

  const carriesMeta = assignments.carriesMeta(server)
  const regions = locations.regionsOf(server).filter((region) => !assignments.isMoving(region))
  for (const region of locations.regionsOf(server)) locations.close(region)
  recovery.carriesMeta = carriesMeta
  recovery.regions = regions.length
  recovery.unavailable.set(recovery.diedUs, regions.length)
  const wals = server.wals().filter(({ archivedUs }) => archivedUs === null)
  const { tracer } = scheduler
  for (const region of tracer === null ? [] : regions) {
    recovery.spans.set(region, tracer?.begin('region unavailable', { region }) ?? 0)
  }

  if (carriesMeta) {
    node.changeTo(ServerState.SPLITTING_META)
    yield* splitAll(wals, true, node, recovery, options)
    node.changeTo(ServerState.SPLITTING_META_DONE)
    recovery.metaSplitUs = scheduler.now
    yield* assignAll(
      regions.filter((region) => region === metaRegion),
      node,
      recovery,
      options,
    )
  }
  yield* locations.waitForMeta()
  recovery.metaAvailableUs = scheduler.now

  node.changeTo(ServerState.SPLITTING)
  yield* splitAll(wals, false, node, recovery, options)
  server.splitDone()
  node.changeTo(ServerState.OFFLINE)
  recovery.splitUs = scheduler.now

  yield* assignAll(
    regions.filter((region) => region !== metaRegion),
    node,
    recovery,
    options,
  )
  recovery.assignedUs = scheduler.now

  const claims = options.claimQueues(server.name)
  yield* tracer?.around('assign queues', { server: server.name }, claims) ?? claims
  recovery.finishedUs = scheduler.now
  node.recovered = true
}

/** Splits the WALs of hbase:meta, or the others. */
function* splitAll<Server extends ManagedServer>(
  wals: readonly SplittableWal[],
  isMeta: boolean,
  node: ServerStateNode<Server>,
  recovery: ServerRecovery,
  { host, splitWals }: ServerCrashProcedureOptions<Server>,
): Protocol {
  // Draws for the others do not hang on how many WALs hbase:meta had.
  const name = isMeta ? `${node.server.name}/meta` : node.server.name
  function* split(wal: SplittableWal, ordinal: number): Protocol {
    const splitting = splitWals.split(name, wal, ordinal)
    const { tracer } = host.scheduler
    const outcome = ({ bytes }: WalSplit) => ({ bytes })
    const done = yield* tracer?.around(
      'SplitWALProcedure',
      { wal: wal.name },
      splitting,
      outcome,
    ) ?? splitting
    recovery.splits.push(done)
    recovery.splitBytes += done.bytes
    recovery.recoveredBytes += done.recoveredBytes
  }
  const splits = wals
    .filter((wal) => wal.isMeta === isMeta)
    .map((wal, ordinal) => host.spawn('SplitWALProcedure', split(wal, ordinal)))
  recovery.wals += splits.length
  for (const process of splits) yield process
}

function* assignAll<Server extends ManagedServer>(
  regions: readonly number[],
  node: ServerStateNode<Server>,
  recovery: ServerRecovery,
  { host, assignments }: ServerCrashProcedureOptions<Server>,
): Protocol {
  function* assign(region: number, turn: number): Protocol {
    const assigning = assignments.assign(node.server.name, region, turn)
    const { tracer } = host.scheduler
    const outcome = ({ server }: Assignment) => ({ server })
    const assignment = yield* tracer?.around(
      'TransitRegionStateProcedure',
      { region },
      assigning,
      outcome,
    ) ?? assigning
    tracer?.end(recovery.spans.get(region) ?? 0)
    recovery.assignments.push(assignment)
    recovery.replayedBytes += assignment.opening.replayedBytes
    const left = recovery.regions - recovery.assignments.length
    recovery.unavailable.set(assignment.openUs, left)
  }
  const transits = regions.map((region, turn) =>
    host.spawn('TransitRegionStateProcedure', assign(region, turn)),
  )
  for (const transit of transits) yield transit
}
