import { CallQueues } from '../../../src/hbase/regionserver/call-queues.js'
import { Memstores } from '../../../src/hbase/regionserver/memstores.js'
import {
  RegionServer,
  type RegionServerOptions,
} from '../../../src/hbase/regionserver/region-server.js'
import { EditLog } from '../../../src/hbase/wal/edit-log.js'
import { type WalGroup, type WalGroupOptions, walPath } from '../../../src/hbase/wal/wal-group.js'
import { EventStream } from '../../../src/kernel/event-stream.js'
import type { Scheduler } from '../../../src/kernel/scheduler.js'
import type { Hdfs } from '../../../src/storage/hdfs/hdfs.js'
import type { ParameterValues } from '../../../src/storage/parameter.js'
import { World } from '../../storage/world.js'
import { calmScenario } from './write-path-fixture.js'
import { clientLuck, latenciesOf, syncOf, type WriteScenario } from './write-scenario.js'

export const SECOND = 1_000_000

/** Creating a WAL: two NameNode RPCs and the pipeline. */
export const CREATE_US = 2500 + 2500 + 2000
/** Closing a WAL: a last round trip, finalizing the block and the complete RPC. */
export const CLOSE_US = 500 + 1000 + 2500
/** What a put takes if it waits for nothing. */
export const ACKNOWLEDGED_US = 736

/** A region server on an HDFS with constant times, where calls take what calmScenario says. */
export class ServerWorld {
  readonly world = new World()
  readonly hdfs: Hdfs
  readonly memstores: Memstores
  readonly server: RegionServer
  #operations = 0

  constructor(
    changes: Partial<WriteScenario> = {},
    options: Partial<RegionServerOptions> = {},
    hdfsValues: ParameterValues = {},
    groupOptions: Partial<WalGroupOptions> = {},
  ) {
    const scenario = { ...calmScenario, ...changes }
    const { scheduler, node } = this.world
    this.hdfs = this.world.hdfs(hdfsValues)
    this.memstores = new Memstores(scenario.regions, scenario.flushSize)
    const callQueues = new CallQueues(scenario.handlers, scenario.queueFactor, scenario.queueLimit)
    const luck = clientLuck(scenario, callQueues.count)
    this.server = new RegionServer({
      scheduler,
      name: 'rs1',
      hostName: 'rs1',
      node,
      memstores: this.memstores,
      groups: Array.from({ length: scenario.groups }, (_, group) => ({
        log: new EditLog(group),
        sync: syncOf(scenario, group),
        firstWal: this.hdfs.openFanOut(
          walPath('rs1', group, scenario.groups, 0),
          this.world.writer(1000 * group),
        ),
        firstWalAgeUs: 0,
        createWalFile: (path: string, ordinal: number) =>
          this.hdfs.createFanOut(path, this.world.writer(1000 * group + ordinal)),
        ...groupOptions,
      })),
      recoverLease: (file) => this.hdfs.recoverLease(file),
      writePath: {
        events: new EventStream(),
        observer: { answered() {}, failed() {} },
        memstores: this.memstores,
        callQueues,
        latencies: latenciesOf(scenario),
        retries: { limit: scenario.retries, pauseUs: scenario.pauseUs, jitter: luck.jitter },
        chooseQueue: luck.chooseQueue,
        walBatchSize: scenario.walBatchSize,
        walRollSize: scenario.walRollSize,
      },
      walHsync: false,
      regions: () => Array.from({ length: scenario.regions }, (_, region) => region),
      logRollPeriodUs: 3600 * SECOND,
      wakeFrequencyUs: 10 * SECOND,
      flushIntervalUs: 3600 * SECOND,
      phaseUs: 0,
      logRollRetries: 0,
      logRollWaitTimeoutUs: 30 * SECOND,
      lowReplicationCheckUs: 30 * SECOND,
      flushDelayUs: () => 0,
      ...options,
    })
  }

  get scheduler(): Scheduler {
    return this.world.scheduler
  }

  /** Clients send a put of 1000 bytes at each of these times. */
  put(...sentUs: number[]): void {
    for (const us of sentUs) this.putTo(0, us)
  }

  putTo(region: number, sentUs: number): void {
    this.server.writePath.offer(sentUs, region, 1000, this.#operations++)
    this.server.advance()
  }

  /** The server's first, and as a rule only, WAL group. */
  get group(): WalGroup {
    return this.server.groups[0]
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
}
