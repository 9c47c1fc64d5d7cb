import { constant } from '../../src/kernel/distribution.js'
import { DrawStream, Luck } from '../../src/kernel/draws.js'
import { Host, type Protocol } from '../../src/kernel/process.js'
import { Scheduler } from '../../src/kernel/scheduler.js'
import { Configuration } from '../../src/storage/configuration.js'
import type { Extent } from '../../src/storage/extent.js'
import { Hdfs, type HdfsOptions } from '../../src/storage/hdfs/hdfs.js'
import { hdfsProfiles } from '../../src/storage/hdfs/profiles.js'
import { IOException } from '../../src/storage/io-exception.js'
import { Node } from '../../src/storage/node.js'
import { override, type Parameters, type ParameterValues } from '../../src/storage/parameter.js'
import { ExternalStore } from '../../src/storage/s3/external-store.js'
import { storeProfiles } from '../../src/storage/s3/profiles.js'
import { S3AFileSystem } from '../../src/storage/s3/s3a-file-system.js'

export const MIB = 1_048_576

/** Every uniform is one half, so a jitter of U(0.5, 1.5) is 1 and full jitter is half its range. */
export class EvenLuck extends Luck {
  override stream(): DrawStream {
    return new EvenStream(0, 0)
  }
}

class EvenStream extends DrawStream {
  override uniform(): number {
    return 0.5
  }
}

/** Round numbers in place of the distributions of `hdfs-nvme`. */
export const plainHdfs: ParameterValues = {
  hflush: constant(500),
  hflushPacket: constant(800),
  hsync: constant(1300),
  nameNodeWrite: constant(2500),
  nameNodeRead: constant(700),
  pipelineSetup: constant(2000),
  finalize: constant(1000),
  readFirstByte: constant(1200),
  closeRetryProbability: 0,
  streamWrite: constant(350e6),
  streamRead: constant(600e6),
}

/** Round numbers in place of the distributions of `s3-standard`. */
export const plainS3: ParameterValues = {
  put: constant(45_000),
  createMultipart: constant(30_000),
  completeMultipart: constant(95_000),
  head: constant(10_000),
  list: constant(24_000),
  delete: constant(12_000),
  roundTrip: constant(1000),
  streamPut: constant(100e6),
  putRateFactor: constant(1),
  errorRate: 0,
  timeoutApplied: 0,
}

export function profile(of: Parameters | undefined, values: ParameterValues): Parameters {
  if (of === undefined) throw new Error('no such profile')
  return override(of, values)
}

export class World {
  readonly scheduler = new Scheduler()
  readonly host = new Host(this.scheduler, 'rs1')
  readonly node: Node

  constructor(
    readonly luck: Luck = new EvenLuck(1),
    nicBytesPerSecond = 3.125e9,
  ) {
    this.node = new Node(this.scheduler, 'rs1', 0, nicBytesPerSecond)
  }

  hdfs(values: ParameterValues = {}, site: Record<string, string> = {}, dataNodes = 5): Hdfs {
    return new Hdfs({
      scheduler: this.scheduler,
      luck: this.luck,
      parameters: profile(hdfsProfiles['hdfs-nvme'], { ...plainHdfs, ...values }),
      dataNodes,
      racks: 3,
      configuration: new Configuration(site),
    })
  }

  /** As `hdfs`, with all phases 0 and whatever else `options` say. */
  hdfsWith(options: Partial<HdfsOptions> = {}, values: ParameterValues = {}): Hdfs {
    return new Hdfs({
      scheduler: this.scheduler,
      luck: this.luck,
      parameters: profile(hdfsProfiles['hdfs-nvme'], { ...plainHdfs, ...values }),
      dataNodes: 5,
      racks: 3,
      phases: 'zero',
      ...options,
    })
  }

  writer(ordinal = 0) {
    return { node: this.node, luckEntity: 'rs1', ordinal }
  }

  store(values: ParameterValues = {}): ExternalStore {
    return new ExternalStore({
      scheduler: this.scheduler,
      luck: this.luck,
      name: 'backup',
      parameters: profile(storeProfiles['s3-standard'], { ...plainS3, ...values }),
    })
  }

  s3a(store: ExternalStore, site: Record<string, string> = {}, host = this.host): S3AFileSystem {
    return new S3AFileSystem({
      store,
      host,
      node: this.node,
      configuration: new Configuration(site),
      entity: 'backup/rs1',
    })
  }

  /** Runs `protocol` to its end, whatever it takes; its result. */
  run<T>(protocol: Protocol<T>): T {
    const results: T[] = []
    this.host.spawn('test', collect(protocol, results))
    this.scheduler.run()
    if (results.length === 0) throw new Error('the protocol has not ended')
    return results[0]
  }

  /** As `run`, but what else is going on stops where `protocol` ends. */
  finish<T>(protocol: Protocol<T>): T {
    const { scheduler } = this
    return this.run(stopAfter())

    function* stopAfter(): Protocol<T> {
      try {
        return yield* protocol
      } finally {
        scheduler.stop()
      }
    }
  }

  /** How long `protocol` takes. */
  timed(protocol: Protocol<unknown>): number {
    return this.run(timed(this.scheduler, protocol))
  }
}

function* collect<T>(protocol: Protocol<T>, results: T[]): Protocol {
  results.push(yield* protocol)
}

/** The time `protocol` takes inside a larger one. */
export function* timed(scheduler: Scheduler, protocol: Protocol<unknown>): Protocol<number> {
  const since = scheduler.now
  yield* protocol
  return scheduler.now - since
}

/** The kind of the IOException that ends `protocol`, or `done`. */
export function* outcome(protocol: Protocol<unknown>): Protocol<string> {
  try {
    yield* protocol
    return 'done'
  } catch (fault) {
    if (fault instanceof IOException) return fault.kind
    throw fault
  }
}

/** `bytes` bytes of one log; edit numbers count bytes. */
export function bytesOf(from: number, bytes: number): Extent {
  return { log: 1, from, to: from + bytes, bytes }
}
