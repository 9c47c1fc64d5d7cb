import type { Luck, Purpose } from '../../kernel/draws.js'
import type { Protocol } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import { Configuration } from '../configuration.js'
import { IOException } from '../io-exception.js'
import type { Node } from '../node.js'
import type { Parameters } from '../parameter.js'
import { EntitySampler, Sampler } from '../sampler.js'
import { DataNodes } from './data-nodes.js'
import { DfsClient, type HdfsWriter } from './dfs-client.js'
import { FanOutOutput } from './fan-out-output.js'
import { FSNamesystem } from './fs-namesystem.js'
import { HdfsFile } from './hdfs-file.js'
import { HdfsInputStream } from './hdfs-input-stream.js'
import { HdfsOutputStream } from './hdfs-output-stream.js'
import { hdfsProperties } from './hdfs-properties.js'
import { NameNode } from './name-node.js'

export interface HdfsOptions {
  readonly scheduler: Scheduler
  readonly luck: Luck
  /** A profile of `hdfsProfiles`, or one like it. */
  readonly parameters: Parameters
  readonly dataNodes: number
  readonly racks: number
  /** Site properties, `dfs.*`; the defaults of Hadoop without them. */
  readonly configuration?: Configuration
}

const READ: Purpose = { name: 'hdfs.read', sharing: 'matched' }
const NAMESPACE: Purpose = { name: 'hdfs.namespace', sharing: 'matched' }

/** `hbase.lease.recovery.first.pause` */
const LEASE_RECOVERY_FIRST_PAUSE_US = 4_000_000

/**
 * One HDFS. Everything it does takes the time of its profile; draws for a file's writing are named
 * by its writer, draws for reading and deleting it by its path.
 */
export class Hdfs {
  readonly blockSize: number
  /** Replicas of each block. */
  readonly replicas: number
  readonly #sampler: Sampler
  readonly #namesystem: FSNamesystem
  readonly #nameNode: NameNode
  readonly #dataNodes: DataNodes
  readonly #closeRetries: number

  constructor(options: HdfsOptions) {
    const { scheduler, dataNodes, racks, configuration = new Configuration() } = options
    const sampler = new Sampler(options.parameters, options.luck)
    const replicas = Math.min(configuration.number(hdfsProperties, 'dfs.replication'), dataNodes)
    const nodeWrite = Math.min(sampler.number('nic'), sampler.number('nodeAggregateWrite'))

    this.blockSize = configuration.number(hdfsProperties, 'dfs.blocksize')
    this.replicas = replicas
    this.#closeRetries = configuration.number(
      hdfsProperties,
      'dfs.client.block.write.locateFollowingBlock.retries',
    )
    this.#sampler = sampler
    this.#namesystem = new FSNamesystem(
      sampler.number('capacity') * dataNodes,
      replicas,
      Math.min(replicas, racks, 2),
    )
    this.#nameNode = new NameNode(scheduler, this.#namesystem)
    this.#dataNodes = new DataNodes(scheduler, {
      streamWrite: sampler.number('streamWrite'),
      streamRead: sampler.number('streamRead'),
      aggregateWrite: (nodeWrite * dataNodes) / replicas,
    })
  }

  /** Disk space in use, replicas included. */
  get usedBytes(): number {
    return this.#namesystem.usedBytes
  }

  get maxUsedBytes(): number {
    return this.#namesystem.maxUsedBytes
  }

  get capacityBytes(): number {
    return this.#namesystem.capacityBytes
  }

  get files(): number {
    return this.#namesystem.files
  }

  /**
   * Creates a file and the pipeline of its first block: two NameNode RPCs and the set-up.
   *
   * @throws IOException `no-space`, `lost`
   */
  *create(
    path: string,
    writer: HdfsWriter,
    blockSize: number = this.blockSize,
  ): Protocol<HdfsOutputStream> {
    const client = this.#client(writer)
    const file = yield* this.#allocate(path, client, blockSize)
    return new HdfsOutputStream(file, client, blockSize)
  }

  /**
   * Creates a WAL file of one block, twice as large as others so that the WAL rolls before it is
   * full (`WALUtil.getWALBlockSize`). Takes as long as `create`.
   *
   * @throws IOException `no-space`, `lost`
   */
  *createFanOut(path: string, writer: HdfsWriter): Protocol<FanOutOutput> {
    const client = this.#client(writer)
    return new FanOutOutput(yield* this.#allocate(path, client, 2 * this.blockSize), client)
  }

  /** A WAL file that was created before the run began. */
  openFanOut(path: string, writer: HdfsWriter): FanOutOutput {
    return new FanOutOutput(this.register(path, 2 * this.blockSize), this.#client(writer))
  }

  /** A file whose writer models the protocol itself and advances the file directly. */
  register(path: string, blockSize: number = this.blockSize): HdfsFile {
    return new HdfsFile(path, this.#namesystem, blockSize)
  }

  /** @throws IOException `lost` */
  *delete(file: HdfsFile): Protocol {
    const draws = new EntitySampler(this.#sampler, file.path)
    const us = draws.durationUs(NAMESPACE, 'nameNodeWrite', 0)
    yield* this.#nameNode.call(us, () => file.remove())
  }

  /**
   * The file's length as the NameNode knows it: exact once it is closed, lagging behind what can be
   * read before.
   *
   * @throws IOException `not-found` for a deleted file, `lost`
   */
  *getFileStatus(file: HdfsFile): Protocol<number> {
    const draws = new EntitySampler(this.#sampler, file.path)
    const us = draws.durationUs(NAMESPACE, 'nameNodeRead', file.lookUps++, 1)
    const bytes = yield* this.#nameNode.call(us, () => file.statusBytes())
    checkExists(file)
    return bytes
  }

  /**
   * Opens the file at the machine `node`, up to its first byte.
   *
   * @throws IOException `not-found` for a deleted file, `lost`
   */
  *open(file: HdfsFile, node: Node): Protocol<HdfsInputStream> {
    this.#nameNode.checkAvailable()
    checkExists(file)
    const draws = new EntitySampler(this.#sampler, file.path)
    yield draws.durationUs(READ, 'readFirstByte', file.lookUps++)
    this.#nameNode.checkAvailable()
    return new HdfsInputStream(this.#nameNode, this.#dataNodes, node)
  }

  /**
   * Closes a file whose writer gave up, as HBase's RecoverLeaseFSUtils does: block recovery ends it
   * at its last acknowledged byte, and is looked at again after a first pause of 4 s. All DataNodes
   * are taken to be alive.
   *
   * @throws IOException `lost`
   */
  *recoverLease(file: HdfsFile): Protocol {
    const draws = new EntitySampler(this.#sampler, file.path)
    const us = draws.durationUs(NAMESPACE, 'nameNodeWrite', 0, 2)
    yield* this.#nameNode.call(us, () => {})
    yield LEASE_RECOVERY_FIRST_PAUSE_US
    this.#nameNode.checkAvailable()
    file.recover()
  }

  /** All of it is gone at this instant; every later call and every one under way fails. */
  lose(): void {
    this.#namesystem.lose()
  }

  *#allocate(path: string, client: DfsClient, blockSize: number): Protocol<HdfsFile> {
    const file = yield* client.nameNodeWrite(() => this.register(path, blockSize))
    yield* client.addBlock(0, blockSize)
    return file
  }

  #client(writer: HdfsWriter): DfsClient {
    const sampler = this.#sampler.entity(writer.luckEntity)
    return new DfsClient(this.#nameNode, this.#dataNodes, writer, sampler, this.#closeRetries)
  }
}

function checkExists(file: HdfsFile): void {
  if (file.deleted) throw new IOException('not-found', `${file.path} does not exist`)
}
