import { CallQueues } from '../../src/hbase/call-queues.js'
import { EditLog } from '../../src/hbase/edit-log.js'
import { Memstores } from '../../src/hbase/memstores.js'
import { RegionServer, type RegionServerOptions } from '../../src/hbase/region-server.js'
import { EventStream } from '../../src/kernel/event-stream.js'
import type { Scheduler } from '../../src/kernel/scheduler.js'
import type { Hdfs } from '../../src/storage/hdfs/hdfs.js'
import type { ParameterValues } from '../../src/storage/parameter.js'
import { World } from '../storage/world.js'
import { calmScenario } from './write-path-fixture.js'
import { clientLuck, latenciesOf, type WriteScenario } from './write-scenario.js'

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
      node,
      memstores: this.memstores,
      writePath: {
        log: new EditLog(0),
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
      createWalFile: (path, ordinal) => this.hdfs.createFanOut(path, this.world.writer(ordinal)),
      firstWal: this.hdfs.openFanOut('WALs/rs1/rs1.0', this.world.writer()),
      regions: () => Array.from({ length: scenario.regions }, (_, region) => region),
      logRollPeriodUs: 3600 * SECOND,
      wakeFrequencyUs: 10 * SECOND,
      flushIntervalUs: 3600 * SECOND,
      phaseUs: 0,
      firstWalAgeUs: 0,
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

  /** Lets time pass. Nobody looks at the server but it itself. */
  run(untilUs: number): void {
    this.world.scheduler.run(untilUs)
  }
}
