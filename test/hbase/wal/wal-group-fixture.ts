import { EditLog } from '../../../src/hbase/wal/edit-log.js'
import type { RollRecord } from '../../../src/hbase/wal/roll-record.js'
import type { Wal } from '../../../src/hbase/wal/wal.js'
import {
  WalGroup,
  type WalGroupOptions,
  type WalListener,
  walPath,
} from '../../../src/hbase/wal/wal-group.js'
import { createWal } from '../../../src/hbase/wal/wal-provider.js'
import { constant } from '../../../src/kernel/distribution.js'
import { World } from '../../storage/world.js'
import { RingBufferDriver } from './ring-buffer-driver.js'
import { variateOf } from './wal-fixture.js'

export const SECOND = 1_000_000
export const A = 0
export const B = 1

export const fsHLog = {
  syncerCount: 5,
  maxBatchCount: 200,
  tolerableReplication: 3,
  lowReplicationRollLimit: 5,
  closeErrorsTolerated: 2,
}

/** One WAL group on an HDFS with constant times; every region has two families. */
export class WalGroupWorld {
  readonly world = new World()
  readonly hdfs = this.world.hdfs()
  readonly driver = new RingBufferDriver()
  readonly group: WalGroup
  readonly rolls: RollRecord[] = []
  readonly archived: Wal[] = []
  readonly listeners: WalListener[] = []
  rollsNeeded = 0
  #operations = 0

  constructor(options: Partial<WalGroupOptions> = {}, walRollSize = 1e12) {
    const pipeline = options.fsHLog !== undefined
    const { hdfs, world, driver } = this
    const path = walPath('rs1', 0, 1, 0)
    this.group = new WalGroup(
      0,
      {
        host: world.host,
        server: 'rs1',
        groups: 1,
        regions: 4,
        listeners: this.listeners,
        families: () => 2,
        walSteps: () => driver,
        advance: () => this.advance(),
        recoverLease: (file) => hdfs.recoverLease(file),
        onRollNeeded: () => {
          this.rollsNeeded++
        },
        archive: (wal) => {
          wal.archive(world.scheduler.now)
          this.archived.push(wal)
        },
      },
      {
        log: new EditLog(0),
        maxLogs: 1,
        slowSyncs: {
          slowUs: 1000,
          rollOnSyncUs: 10_000,
          rollThreshold: 100,
          rollIntervalUs: 60_000,
        },
        sync: variateOf(constant(500), 'sync'),
        firstWal: pipeline
          ? hdfs.openPipeline(path, world.writer(0))
          : hdfs.openFanOut(path, world.writer(0)),
        firstWalAgeUs: 0,
        createWalFile: (file, ordinal) =>
          pipeline
            ? hdfs.createPipeline(file, world.writer(ordinal))
            : hdfs.createFanOut(file, world.writer(ordinal)),
        ...options,
      },
    )
    const latencies = { walAppend: variateOf(constant(5), 'append'), walBytesPerSecond: 1e9 }
    const { writes } = this.group
    driver.wals = [
      createWal(driver.calls, writes, { walBatchSize: 65_536, walRollSize, latencies }),
    ]
    this.group.onRoll = (record) => this.rolls.push(record)
    this.group.start()
  }

  get nowUs(): number {
    return this.world.scheduler.now
  }

  advance(): void {
    this.driver.advance(this.nowUs)
    this.group.updateFile()
  }

  /** So many edits of a region, and time for them to be durable. */
  edits(region: number, count: number): void {
    for (let n = 0; n < count; n++) {
      this.driver.append(this.nowUs, region, 1000, this.#operations++)
    }
    this.pass(SECOND)
  }

  /** Time passes; somebody looks when the WALs want it. */
  pass(us: number): void {
    const endUs = this.nowUs + us
    while (this.nowUs < endUs) {
      const lookUs = Math.max(this.nowUs + 1, this.driver.nextCauseUs())
      this.world.scheduler.run(Math.min(endUs, lookUs))
      this.advance()
    }
  }

  /** Rolls, and lets the old file close. */
  roll(): Map<number, number[]> {
    let toFlush = new Map<number, number[]>()
    const { group } = this
    this.world.host.spawn(
      'LogRoller',
      (function* () {
        toFlush = yield* group.rollWriter('request')
      })(),
    )
    this.pass(SECOND)
    return toFlush
  }

  flush(region: number): void {
    this.group.accounting.startCacheFlush(region, [0, 1])
    this.group.accounting.completeCacheFlush(region)
  }

  /** A DataNode of the block being written dies. */
  killDataNode(): void {
    this.advance()
    const dataNode = this.group.wal.file.lastBlock?.dataNodes.find(({ up }) => up)
    if (dataNode === undefined) throw new Error('no DataNode of the block is alive')
    this.hdfs.killDataNode(dataNode.index + 1)
  }
}
