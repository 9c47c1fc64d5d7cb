import { CallQueues } from '../../../src/hbase/regionserver/call-queues.js'
import type { CompactionRecord } from '../../../src/hbase/regionserver/compact-split.js'
import { RegionDurabilities } from '../../../src/hbase/regionserver/durability.js'
import { HFileArchive } from '../../../src/hbase/regionserver/hfile-archive.js'
import { HFileIo, HFileNames } from '../../../src/hbase/regionserver/hfile-io.js'
import { Memstores } from '../../../src/hbase/regionserver/memstores.js'
import { RecoveredEdits } from '../../../src/hbase/regionserver/recovered-edits.js'
import type { FlushRecord } from '../../../src/hbase/regionserver/region-flush.js'
import type { RegionOpening } from '../../../src/hbase/regionserver/region-open.js'
import {
  RegionServer,
  type RegionServerOptions,
} from '../../../src/hbase/regionserver/region-server.js'
import { Stores } from '../../../src/hbase/regionserver/stores.js'
import type { UnansweredCall } from '../../../src/hbase/regionserver/write-path-options.js'
import { EditLog } from '../../../src/hbase/wal/edit-log.js'
import { type WalGroup, type WalGroupOptions, walPath } from '../../../src/hbase/wal/wal-group.js'
import { EventStream } from '../../../src/kernel/event-stream.js'
import type { Scheduler } from '../../../src/kernel/scheduler.js'
import type { Hdfs } from '../../../src/storage/hdfs/hdfs.js'
import type { ParameterValues } from '../../../src/storage/parameter.js'
import { World } from '../../storage/world.js'
import { type RegionChanges, regionSettings } from './region-settings.js'
import { calmScenario } from './write-path-fixture.js'
import { clientLuck, latenciesOf, readOf, syncOf, type WriteScenario } from './write-scenario.js'

export const SECOND = 1_000_000

/** Creating a WAL: two NameNode RPCs and the pipeline. */
export const CREATE_US = 2500 + 2500 + 2000
/** Closing a WAL: a last round trip, finalizing the block and the complete RPC. */
export const CLOSE_US = 500 + 1000 + 2500
/** What a put takes if it waits for nothing. */
export const ACKNOWLEDGED_US = 736

/** What differs from calmScenario, HBase's defaults and a server with one WAL. */
export interface ServerChanges {
  readonly scenario?: Partial<WriteScenario>
  readonly options?: Partial<RegionServerOptions>
  readonly hdfs?: ParameterValues
  readonly group?: Partial<WalGroupOptions>
  readonly regions?: RegionChanges
}

/** A region server on an HDFS with constant times, where calls take what calmScenario says. */
export class ServerWorld {
  readonly world = new World()
  readonly hdfs: Hdfs
  readonly memstores: Memstores
  readonly stores: Stores
  readonly archive = new HFileArchive()
  readonly recoveredEdits = new RecoveredEdits()
  readonly server: RegionServer
  readonly flushes: FlushRecord[] = []
  readonly compactions: CompactionRecord[] = []
  readonly openings: RegionOpening[] = []
  /** When clients had their answers, in the order in which the servers gave them. */
  readonly answeredUs: number[] = []
  /** Calls that were answered NotServingRegionException. */
  readonly notServing: UnansweredCall[] = []
  readonly #scenario: WriteScenario
  readonly #changes: ServerChanges
  readonly #names = new HFileNames()
  #openings = 0
  #operations = 0

  constructor(changes: ServerChanges = {}) {
    this.#changes = changes
    this.#scenario = { ...calmScenario, ...changes.scenario }
    const { regions, flushSize, families, cellOverhead } = this.#scenario
    const shares = Array.from({ length: families }, () => 1)
    this.hdfs = this.world.hdfs(changes.hdfs)
    this.memstores = new Memstores(regions, flushSize, cellOverhead, () => shares)
    this.stores = new Stores(Array.from({ length: regions }, () => families))
    this.server = this.buildServer(
      'rs1',
      Array.from({ length: regions }, (_, region) => region),
    )
  }

  /** Another server of the same cluster. */
  buildServer(name: string, regions: readonly number[]): RegionServer {
    const scenario = this.#scenario
    const { scheduler, node } = this.world
    const { memstores, stores, archive, recoveredEdits, hdfs } = this
    return new RegionServer({
      scheduler,
      name,
      hostName: name,
      node,
      shared: { memstores, stores, archive, recoveredEdits },
      hfiles: new HFileIo({
        hdfs,
        node,
        names: this.#names,
        regionDirectory: (region) => `data/usertable/${region}`,
        familyName: (_region, family) => `cf${family}`,
      }),
      regionSettings: regionSettings(this.flushes, this.compactions, this.#changes.regions ?? {}),
      closeRegionThreads: 3,
      reportIntervalUs: 3 * SECOND,
      reportPhaseUs: 0,
      report: () => true,
      groups: Array.from({ length: scenario.groups }, (_, group) =>
        this.#groupOptions(name, group),
      ),
      recoverLease: (file) => hdfs.recoverLease(file),
      writePath: this.#writePathOptions(),
      walHsync: false,
      regionsAtStart: regions,
      logRollPeriodUs: 3600 * SECOND,
      wakeFrequencyUs: 10 * SECOND,
      phaseUs: 0,
      logRollRetries: 0,
      logRollWaitTimeoutUs: 30 * SECOND,
      lowReplicationCheckUs: 30 * SECOND,
      ...this.#changes.options,
    })
  }

  get scheduler(): Scheduler {
    return this.world.scheduler
  }

  /** Clients send a put of 1000 bytes at each of these times. */
  put(...sentUs: number[]): void {
    for (const us of sentUs) this.putTo(0, us)
  }

  putTo(region: number, sentUs: number, bytes = 1000, server = this.server): void {
    server.writePath.offer(sentUs, region, bytes, this.#operations++)
    server.advance()
  }

  /** The server's first, and as a rule only, WAL group. */
  get group(): WalGroup {
    return this.server.groups[0]
  }

  /** HFiles of a region, of all families. */
  filesOf(region: number) {
    return this.stores.of(region).flatMap(({ files }) => files)
  }

  /** Begins a flush of a region as a user asks for it. */
  flush(region = 0): void {
    this.server.host.spawn('flush', this.server.regions.flush(region))
  }

  /** A server closes a region, in a process of its own. */
  closeRegion(region: number, server = this.server): void {
    server.host.spawn('close', server.closeRegion(region))
  }

  /** A server opens a region, in a process of its own. */
  openRegion(region: number, server: RegionServer): void {
    const { openings } = this
    const opening = this.#openings++
    server.host.spawn(
      'open',
      (function* () {
        openings.push(yield* server.regions.open(region, opening))
      })(),
    )
  }

  /** A DataNode of the block that the first WAL group is writing dies. */
  breakStream(): void {
    this.server.advance()
    const dataNode = this.group.wal.file.lastBlock?.dataNodes.find(({ up }) => up)
    if (dataNode === undefined) throw new Error('no DataNode of the block is alive')
    this.hdfs.killDataNode(dataNode.index + 1)
  }

  /** Lets time pass. Nobody looks at the server but it itself. */
  run(untilUs: number): void {
    this.world.scheduler.run(untilUs)
  }

  #groupOptions(name: string, group: number): WalGroupOptions {
    const { hdfs, world } = this
    const scenario = this.#scenario
    const path = walPath(name, group, scenario.groups, Math.floor(this.scheduler.now / 1000))
    return {
      log: new EditLog(group),
      sync: syncOf(scenario, group),
      maxLogs: 32,
      slowSyncs: {
        slowUs: 100_000,
        rollOnSyncUs: 10 * SECOND,
        rollThreshold: 100,
        rollIntervalUs: 60 * SECOND,
      },
      firstWal: hdfs.openFanOut(path, world.writer(1000 * group)),
      firstWalAgeUs: 0,
      createWalFile: (next: string, ordinal: number) =>
        hdfs.createFanOut(next, world.writer(1000 * group + ordinal)),
      ...this.#changes.group,
    }
  }

  #writePathOptions(): RegionServerOptions['writePath'] {
    const scenario = this.#scenario
    const { handlers, queueFactor, queueLimit, durabilities } = scenario
    const callQueues = new CallQueues(handlers, queueFactor, queueLimit)
    const luck = clientLuck(scenario, callQueues.count)
    const read = readOf(scenario)
    return {
      scheduler: this.scheduler,
      events: new EventStream(),
      observer: {
        answered: (_sentUs, acknowledgedUs) => this.answeredUs.push(acknowledgedUs),
        failed() {},
        read() {},
        refused() {},
        notServing: (call) => this.notServing.push(call),
      },
      memstores: this.memstores,
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
      chooseQueue: luck.chooseQueue,
      ...(durabilities.length > 0 && { durabilities: new RegionDurabilities(durabilities) }),
      walBatchSize: scenario.walBatchSize,
      walRollSize: scenario.walRollSize,
    }
  }
}
