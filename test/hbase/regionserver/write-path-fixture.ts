import { CallQueues } from '../../../src/hbase/regionserver/call-queues.js'
import { RegionDurabilities } from '../../../src/hbase/regionserver/durability.js'
import { Memstores } from '../../../src/hbase/regionserver/memstores.js'
import { WritePath } from '../../../src/hbase/regionserver/write-path.js'
import type { WritePathOptions } from '../../../src/hbase/regionserver/write-path-options.js'
import { EditLog } from '../../../src/hbase/wal/edit-log.js'
import { Wal } from '../../../src/hbase/wal/wal.js'
import { constant } from '../../../src/kernel/distribution.js'
import { EventStream, type ProgressReader } from '../../../src/kernel/event-stream.js'
import { FSNamesystem } from '../../../src/storage/hdfs/fs-namesystem.js'
import { HdfsFile } from '../../../src/storage/hdfs/hdfs-file.js'
import {
  clientLuck,
  durabilityOf,
  type EditOutcome,
  hsyncOf,
  latenciesOf,
  readOf,
  regionsInOrder,
  syncOf,
  type WriteScenario,
} from './write-scenario.js'

/** One handler per call, constant times and a WAL that is never full. */
export const calmScenario: WriteScenario = {
  seed: 1,
  handlers: 30,
  queueFactor: 0.1,
  queueLimit: 300,
  retries: 15,
  clientPauseUs: 1000,
  pauseUs: 1000,
  walBatchSize: 65_536,
  walRollSize: 1e12,
  walBytesPerSecond: 1e9,
  regions: 1,
  durabilities: [],
  useHsync: false,
  groups: 1,
  flushSize: 1e12,
  regionLimit: 4e12,
  upperLimit: 1e15,
  lowerLimit: 1e15,
  families: 1,
  cellOverhead: 0,
  rowLockWaitUs: 30_000_000,
  getCpu: constant(20),
  read: constant(30),
  network: constant(100),
  putCpu: constant(20),
  walAppend: constant(5),
  sync: constant(500),
  hsync: constant(1300),
  memstoreApply: constant(10),
  createWalUs: 7000,
  puts: [],
  rollsUs: [],
  suspensions: [],
  regionWork: [],
  breaks: [],
  lossUs: Number.POSITIVE_INFINITY,
  killUs: Number.POSITIVE_INFINITY,
}

/** One put of 1000 bytes at each of these times. */
export function putsAt(...sentUs: number[]): WriteScenario['puts'] {
  return sentUs.map((us) => ({ sentUs: us, region: 0, bytes: 1000 }))
}

export interface WritePathHooks {
  readonly reader?: ProgressReader
  readonly observer?: Partial<WritePathOptions['observer']>
  readonly scheduler?: WritePathOptions['scheduler']
  readonly refusesReads?: WritePathOptions['refusesReads']
  readonly awaitedAnswers?: NonNullable<WritePathOptions['awaitedAnswers']>
  onFlushWanted?(region: number): void
  onMemstorePressure?(): void
  onRollNeeded?(group: number): void
  onSafePoint?(group: number): void
}

export interface BuiltWritePath {
  readonly path: WritePath
  readonly logs: readonly EditLog[]
  /** Edits of SKIP_WAL. */
  readonly skippedWal: EditLog
  readonly memstores: Memstores
  readonly callQueues: CallQueues
  readonly firstWals: readonly Wal[]
}

/** The write path of a scenario before anything has happened; its puts are not offered yet. */
export function buildWritePath(
  scenario: WriteScenario,
  hooks: WritePathHooks = {},
): BuiltWritePath {
  const { handlers, queueFactor, queueLimit, regions, flushSize } = scenario
  const logs = Array.from({ length: scenario.groups }, (_, group) => new EditLog(group))
  const shares = Array.from({ length: scenario.families }, () => 1)
  const memstores = new Memstores(regions, flushSize, scenario.cellOverhead, () => shares)
  const read = readOf(scenario)
  const callQueues = new CallQueues(handlers, queueFactor, queueLimit)
  const luck = clientLuck(scenario, callQueues.count)
  const events = new EventStream()
  if (hooks.reader !== undefined) events.subscribe(0, hooks.reader)
  const { durabilities, useHsync } = scenario
  const names = Array.from({ length: regions }, (_, region) => durabilityOf(scenario, region))
  const skippedWal = new EditLog(scenario.groups)
  const firstWals = logs.map((log) => newWal(scenario, log, 0))
  const path = new WritePath({
    ...(hooks.awaitedAnswers && { awaitedAnswers: hooks.awaitedAnswers }),
    groups: logs.map((log, group) => ({
      log,
      firstWal: firstWals[group],
      sync: syncOf(scenario, group),
      hsync: hsyncOf(scenario, group),
      onRollNeeded: () => hooks.onRollNeeded?.(group),
      onSafePoint: () => hooks.onSafePoint?.(group),
    })),
    useHsync,
    ...(durabilities.length > 0 && { durabilities: new RegionDurabilities(names), skippedWal }),
    events,
    scheduler: hooks.scheduler ?? { now: 0 },
    observer: {
      answered() {},
      failed() {},
      read() {},
      refused() {},
      notServing() {},
      ...hooks.observer,
    },
    memstores,
    callQueues,
    latencies: latenciesOf(scenario),
    retries: {
      limit: scenario.retries,
      clientPauseUs: scenario.clientPauseUs,
      serverOverloadedPauseUs: scenario.pauseUs,
      jitter: luck.jitter,
    },
    memstoreLimits: {
      region: scenario.regionLimit,
      upper: scenario.upperLimit,
      lower: scenario.lowerLimit,
    },
    rowLockWaitUs: scenario.rowLockWaitUs,
    regionName: (region: number) => region,
    readUs: (_region, operation, attempt) => read.draw(operation, attempt),
    refusesReads: (region) => hooks.refusesReads?.(region) ?? null,
    onFlushWanted: (region) => hooks.onFlushWanted?.(region),
    onMemstorePressure: () => hooks.onMemstorePressure?.(),
    onDisturbed() {},
    chooseQueue: luck.chooseQueue,
    walBatchSize: scenario.walBatchSize,
    walRollSize: scenario.walRollSize,
  })
  for (const region of regionsInOrder(scenario)) path.openRegion(region)
  return { path, logs, skippedWal, memstores, callQueues, firstWals }
}

/** All that was appended to the log. */
export function editsOf(log: EditLog): EditOutcome[] {
  return Array.from({ length: log.length }, (_, edit) => ({
    operation: log.operation(edit),
    region: log.region(edit),
    sequenceId: log.sequenceId(edit),
    bytes: log.bytesOf(edit, edit + 1),
    writtenUs: log.writtenUs(edit),
  }))
}

/** A WAL in a file that nobody stores. */
export function newWal(scenario: WriteScenario, log: EditLog, createdUs: number): Wal {
  const file = new HdfsFile(`wal.${createdUs}`, new FSNamesystem(1e15, 3, 2), 1e12)
  return new Wal({
    name: file.path,
    createdUs,
    log,
    group: log.id,
    server: 'rs1',
    regions: scenario.regions,
    file,
  })
}
