import type { CallKind } from '../../../src/hbase/regionserver/call-kind.js'
import type { DurabilityName } from '../../../src/hbase/regionserver/durability.js'
import type {
  UnansweredCall,
  WritePathLatencies,
  WritePathOptions,
} from '../../../src/hbase/regionserver/write-path-options.js'
import { type DistributionSpec, distribution } from '../../../src/kernel/distribution.js'
import { Luck } from '../../../src/kernel/draws.js'
import { Variate } from '../../../src/kernel/variate.js'

/** Everything that can happen to one region server's write path. */
export interface WriteScenario {
  readonly seed: number
  readonly handlers: number
  /** `hbase.ipc.server.callqueue.handler.factor` */
  readonly queueFactor: number
  readonly queueLimit: number
  readonly retries: number
  /** The clients' pauses: of all refusals, and of those because the server is overloaded. */
  readonly clientPauseUs: number
  readonly pauseUs: number
  readonly walBatchSize: number
  readonly walRollSize: number
  readonly walBytesPerSecond: number
  readonly regions: number
  /** Of the regions in turn; none if all have the default. */
  readonly durabilities: readonly DurabilityName[]
  /** `hbase.wal.hsync` */
  readonly useHsync: boolean
  /** WAL groups. */
  readonly groups: number
  readonly flushSize: number
  /** Writes to a region are refused above, all writes wait from, pressure is told from. */
  readonly regionLimit: number
  readonly upperLimit: number
  readonly lowerLimit: number
  readonly families: number
  readonly cellOverhead: number
  readonly rowLockWaitUs: number
  readonly getCpu: DistributionSpec
  readonly read: DistributionSpec
  readonly network: DistributionSpec
  readonly putCpu: DistributionSpec
  readonly walAppend: DistributionSpec
  readonly sync: DistributionSpec
  readonly hsync: DistributionSpec
  readonly memstoreApply: DistributionSpec
  /** Time from the request of a roll until the new file is there. */
  readonly createWalUs: number
  /** In order of sending; an operation's number is its place here. */
  readonly puts: readonly ScenarioPut[]
  /** Clients that wait for their answers, beside those that send `puts`; none if not given. */
  readonly closedLoop?: ClosedLoopScenario
  /** When the period of the log roller is over. */
  readonly rollsUs: readonly number[]
  readonly suspensions: readonly Suspension[]
  /** One after the other in each region. */
  readonly regionWork: readonly RegionWork[]
  readonly breaks: readonly StreamBreak[]
  /** The cluster is lost when everything of this instant is done; Infinity: never. */
  readonly lossUs: number
  /** The server's process is killed then; what it had answered arrives. */
  readonly killUs: number
}

/** Their operation n of client c has the number 2^40 + n × 2^14 + c. */
export interface ClosedLoopScenario {
  readonly clients: number
  readonly thinkTime: DistributionSpec
  /** From one operation of a client to its next at the target throughput; 0 if there is none. */
  readonly tickUs: number
  /** They begin within so long from `fromUs` on. */
  readonly fromUs: number
  readonly spreadUs: number
  readonly untilUs: number
  readonly gets: number
  readonly increments: number
  readonly keyCount: number
  readonly bytes: DistributionSpec
}

export interface ScenarioPut {
  readonly sentUs: number
  readonly region: number
  readonly bytes: number
  /** A put unless told otherwise. */
  readonly kind?: CallKind
  /** The row; none is locked unless told. */
  readonly key?: number
}

/** A flush of a region, or that it is closed and opened again with an empty memstore. */
export interface RegionWork {
  readonly kind: 'flush' | 'close'
  readonly region: number
  readonly atUs: number
  /** How long the flush holds the lock, or the region stays closed. */
  readonly holdUs: number
  /** How long the flush writes its file. */
  readonly writeUs: number
}

/** From the end of `fromUs` to the beginning of `untilUs`. */
export interface Suspension {
  readonly fromUs: number
  readonly untilUs: number
}

/** A DataNode of the stream that a WAL group writes to dies when all of this instant is done. */
export interface StreamBreak {
  readonly group: number
  readonly atUs: number
}

/** What both models must agree upon. */
export interface WriteOutcome {
  readonly groups: readonly GroupOutcome[]
  /** Edits that are in no WAL; answers know them by the number behind that of the last group. */
  readonly skipped: readonly EditOutcome[]
  /** In the order in which the server answered. */
  readonly answers: readonly AnswerOutcome[]
  /** When the operations that failed for good were first sent, in the order in which they failed. */
  readonly failedSentUs: readonly number[]
  /** What a killed server owes an answer, by time of sending; none if it lives. */
  readonly unanswered: readonly UnansweredCall[]
  readonly queuedUs: number
  readonly memstores: readonly MemstoreOutcome[]
  readonly memstoreBytes: number
  readonly reads: readonly ReadOutcome[]
  readonly notServing: readonly NotServingOutcome[]
  readonly flushesWanted: readonly { readonly region: number; readonly atUs: number }[]
  readonly pressureUs: readonly number[]
  readonly regionWork: readonly RegionWorkOutcome[]
}

export interface ReadOutcome {
  readonly sentUs: number
  readonly answeredUs: number
  readonly region: number
}

export interface NotServingOutcome {
  readonly operation: number
  readonly attempt: number
  readonly atUs: number
}

/** How far a flush or a closing came; `place` is its number in the scenario. */
export interface RegionWorkOutcome {
  readonly place: number
  readonly what: 'closed' | 'opened' | 'locked' | 'unlocked' | 'synced' | 'committed' | 'flushed'
  readonly atUs: number
}

export interface GroupOutcome {
  readonly edits: readonly EditOutcome[]
  readonly wals: readonly WalOutcome[]
  readonly rollsNeededUs: readonly number[]
  readonly safePointsUs: readonly number[]
  /** Edits written to a WAL and edits whose sync has returned. */
  readonly writtenEdits: number
  readonly syncedEdits: number
}

/** An edit of the log, at its place. */
export interface EditOutcome {
  readonly operation: number
  readonly region: number
  readonly sequenceId: number
  readonly bytes: number
  readonly writtenUs: number
}

export interface AnswerOutcome {
  readonly group: number
  readonly edit: number
  /** First edit of the sync that made it durable. */
  readonly syncedWith: number
  /** When the client had it; null if it was under way when the cluster was lost. */
  readonly acknowledgedUs: number | null
}

export interface WalOutcome {
  readonly firstEdit: number
  readonly entries: number
  readonly bytes: number
  readonly syncedEntries: number
  readonly syncedBytes: number
  /** Up to the end of the last hsync. */
  readonly hsyncedBytes: number
  readonly reappendedEntries: number
  /** What lease recovery finds if the server was killed, else all. */
  readonly recoverableEntries: number
  /** When the writer switched to it. */
  readonly sinceUs: number
}

export interface MemstoreOutcome {
  readonly heapBytes: number
  readonly lastSequenceId: number
  readonly oldestUs: number
  readonly flushedSequenceId: number
}

export function latenciesOf(scenario: WriteScenario): WritePathLatencies {
  return {
    network: variateOf(scenario, 'network'),
    putCpu: variateOf(scenario, 'putCpu'),
    getCpu: variateOf(scenario, 'getCpu'),
    walAppend: variateOf(scenario, 'walAppend'),
    memstoreApply: variateOf(scenario, 'memstoreApply'),
    walBytesPerSecond: scenario.walBytesPerSecond,
  }
}

export function syncOf(scenario: WriteScenario, group: number): Variate {
  return variateOf(scenario, 'sync', `rs1/${group}`)
}

export function hsyncOf(scenario: WriteScenario, group: number): Variate {
  return variateOf(scenario, 'hsync', `rs1/${group}`)
}

/** What a table has that says nothing of it is for `hbase.wal.hsync` to decide. */
export function durabilityOf({ durabilities, useHsync }: WriteScenario, region: number) {
  const usual = useHsync ? 'FSYNC_WAL' : 'SYNC_WAL'
  return durabilities.length === 0 ? usual : durabilities[region % durabilities.length]
}

/** Reads of block cache and HFiles. */
export function readOf(scenario: WriteScenario): Variate {
  return variateOf(scenario, 'read')
}

type Drawn =
  | 'getCpu'
  | 'read'
  | 'network'
  | 'putCpu'
  | 'walAppend'
  | 'sync'
  | 'hsync'
  | 'memstoreApply'

function variateOf(scenario: WriteScenario, name: Drawn, entity = 'rs1'): Variate {
  const stream = new Luck(scenario.seed).stream({ name, sharing: 'own' }, entity)
  return new Variate(distribution(scenario[name]), stream)
}

/** The WAL group of each region: regions are dealt out in turn, as they are opened. */
export function groupsOfRegions(scenario: WriteScenario): Map<number, number> {
  const groupOf = new Map<number, number>()
  for (const region of regionsInOrder(scenario)) groupOf.set(region, groupOf.size % scenario.groups)
  return groupOf
}

/** Regions in the order in which they are opened: that of their first call, then the others. */
export function regionsInOrder({ puts, regions }: WriteScenario): readonly number[] {
  const all = Array.from({ length: regions }, (_, region) => region)
  return [...new Set([...puts.map(({ region }) => region), ...all])]
}

/** Regions' work by region, in order of time; with its place in the scenario. */
export function workByRegion({ regionWork, regions }: WriteScenario): (RegionWork & {
  place: number
})[][] {
  const numbered = regionWork.map((work, place) => ({ ...work, place }))
  return Array.from({ length: regions }, (_, region) =>
    numbered.filter((work) => work.region === region).sort((a, b) => a.atUs - b.atUs),
  )
}

/** The luck of clients: which queue a call gets into, the jitter of a retry. */
export function clientLuck(
  scenario: WriteScenario,
  queues: number,
): Pick<WritePathOptions, 'chooseQueue'> & { jitter(operation: number, attempt: number): number } {
  const luck = new Luck(scenario.seed)
  const queueDraws = luck.stream({ name: 'queue', sharing: 'own' }, 'all')
  const jitterDraws = luck.stream({ name: 'jitter', sharing: 'own' }, 'all')
  return {
    chooseQueue: (operation, attempt) =>
      Math.floor(queueDraws.uniform(operation, attempt) * queues),
    jitter: (operation, attempt) => jitterDraws.uniform(operation, attempt),
  }
}
