import type { Purpose } from '../../kernel/draws.js'
import { invariant } from '../../kernel/errors.js'
import type { Protocol } from '../../kernel/process.js'
import { Configuration } from '../configuration.js'
import { IOException } from '../io-exception.js'
import type { Node } from '../node.js'
import { EntitySampler } from '../sampler.js'
import { BlockRecovery } from './block-recovery.js'
import type { DataNode } from './data-node.js'
import { DfsClient, type HdfsWriter } from './dfs-client.js'
import type { DfsParts } from './dfs-parts.js'
import { FanOutOutput } from './fan-out-output.js'
import type { FileWatcher } from './file-watchers.js'
import { buildParts, type HdfsOptions, heartbeatPhases, startWriteback } from './hdfs-builder.js'
import { checkExists, HdfsFile } from './hdfs-file.js'
import { HdfsInputStream } from './hdfs-input-stream.js'
import { HdfsOutputStream } from './hdfs-output-stream.js'
import { hdfsProperties } from './hdfs-properties.js'
import { recoverLease } from './lease-recovery.js'
import { PipelineOutput } from './pipeline-output.js'
import { DEAD_AFTER_US, REDUNDANCY_INTERVAL_US } from './redundancy-monitor.js'
import type { Writeback } from './writeback.js'

export type { HdfsOptions } from './hdfs-builder.js'

const READ: Purpose = { name: 'hdfs.read', sharing: 'matched' }
const NAMESPACE: Purpose = { name: 'hdfs.namespace', sharing: 'matched' }

/**
 * One HDFS. Everything it does takes the time of its profile; draws for a file's writing are named
 * by its writer, draws for reading and deleting it by its path.
 */
export class Hdfs {
  readonly blockSize: number
  /** Replicas of each block. */
  readonly replicas: number
  readonly #parts: DfsParts
  readonly #blockRecovery: BlockRecovery
  readonly #writeback: Writeback
  readonly #catchUp: () => void
  readonly #racks: number
  readonly #racksOff = new Set<number>()
  /** How often something was asked of a path; numbers the draws of doing so. */
  readonly #asked = new Map<string, number>()

  constructor(options: HdfsOptions) {
    const { racks, configuration = new Configuration(), beforeTick = () => {} } = options
    this.#parts = buildParts(options, configuration)
    this.#catchUp = beforeTick
    this.#racks = racks
    this.#blockRecovery = new BlockRecovery(this.#parts, heartbeatPhases(options), beforeTick)
    this.blockSize = configuration.number(hdfsProperties, 'dfs.blocksize')
    this.replicas = this.#parts.namesystem.replicas
    this.#writeback = startWriteback(options, this.#parts)
  }

  /** Disk space in use, replicas included. */
  get usedBytes(): number {
    return this.#parts.namesystem.usedBytes
  }

  get maxUsedBytes(): number {
    return this.#parts.namesystem.maxUsedBytes
  }

  get capacityBytes(): number {
    return this.#parts.namesystem.capacityBytes
  }

  get files(): number {
    return this.#parts.namesystem.files.size
  }

  /** Tells `watcher` what alters what survives of files whose path begins with `prefix`. */
  watch(prefix: string, watcher: FileWatcher): void {
    this.#parts.namesystem.watchers.add(prefix, watcher)
  }

  /**
   * Creates a file and the pipeline of its first block: two NameNode RPCs and the set-up.
   *
   * @throws IOException `no-space`, `pipeline`, `lost`, `refused`
   */
  *create(
    path: string,
    writer: HdfsWriter,
    blockSize: number = this.blockSize,
  ): Protocol<HdfsOutputStream> {
    const client = new DfsClient(this.#parts, writer)
    const file = yield* this.#allocate(path, client, blockSize)
    return new HdfsOutputStream(file, client, blockSize)
  }

  /**
   * Creates a WAL file of one block, by default twice as large as others so that the WAL rolls before
   * it is full (`WALUtil.getWALBlockSize`). Takes as long as `create`.
   *
   * @throws IOException `no-space`, `pipeline`, `lost`, `refused`
   */
  *createFanOut(
    path: string,
    writer: HdfsWriter,
    blockSize: number = 2 * this.blockSize,
  ): Protocol<FanOutOutput> {
    const client = new DfsClient(this.#parts, writer)
    return new FanOutOutput(yield* this.#allocate(path, client, blockSize), client)
  }

  /** A WAL file that was created before the run began. */
  openFanOut(
    path: string,
    writer: HdfsWriter,
    blockSize: number = 2 * this.blockSize,
  ): FanOutOutput {
    const client = new DfsClient(this.#parts, writer)
    const file = new HdfsFile(path, this.#parts.namesystem, blockSize, client.place)
    file.addBlock()
    return new FanOutOutput(file, client)
  }

  /**
   * Creates a WAL file of FSHLog: one block, through an ordinary pipeline.
   *
   * @throws IOException `no-space`, `pipeline`, `lost`, `refused`
   */
  *createPipeline(
    path: string,
    writer: HdfsWriter,
    blockSize: number = 2 * this.blockSize,
  ): Protocol<PipelineOutput> {
    const client = new DfsClient(this.#parts, writer)
    return new PipelineOutput(yield* this.#allocate(path, client, blockSize), client)
  }

  /** The same, created before the run began. */
  openPipeline(
    path: string,
    writer: HdfsWriter,
    blockSize: number = 2 * this.blockSize,
  ): PipelineOutput {
    const client = new DfsClient(this.#parts, writer)
    const file = new HdfsFile(path, this.#parts.namesystem, blockSize, client.place)
    file.addBlock()
    return new PipelineOutput(file, client)
  }

  /** A file of so many bytes that was written, closed and on disk before the run began. */
  existing(path: string, writer: HdfsWriter, bytes: number, blockSize: number): HdfsFile {
    const client = new DfsClient(this.#parts, writer)
    const file = new HdfsFile(path, this.#parts.namesystem, blockSize, client.place)
    file.append({ log: 0, from: 0, to: 0, bytes })
    file.acknowledge(bytes, bytes)
    file.markClosed()
    return file
  }

  /** A file whose writer models the protocol itself and advances the file directly. */
  register(path: string, blockSize: number = this.blockSize): HdfsFile {
    return new HdfsFile(path, this.#parts.namesystem, blockSize)
  }

  /** @throws IOException `lost`, `refused` */
  *delete(file: HdfsFile): Protocol {
    const us = this.#draws(file.path).durationUs(NAMESPACE, 'nameNodeWrite', 0)
    yield* this.#parts.nameNode.call(us, () => file.change(() => file.remove()))
  }

  /**
   * The files below `directory`, at any depth, oldest first.
   *
   * @throws IOException `lost`, `refused`
   */
  list(directory: string): Protocol<HdfsFile[]> {
    const { nameNode, namesystem } = this.#parts
    const n = this.#count(`list ${directory}`)
    const us = this.#draws(directory).durationUs(NAMESPACE, 'nameNodeRead', n, 3)
    return nameNode.call(us, () => namesystem.filesAt(directory))
  }

  /**
   * Renames a file or a directory with all below it, at one instant. False if there is nothing at
   * `from`, or something at `to`.
   *
   * @throws IOException `lost`, `refused`
   */
  rename(from: string, to: string): Protocol<boolean> {
    const { nameNode, namesystem } = this.#parts
    const n = this.#count(`rename ${from}`)
    const us = this.#draws(from).durationUs(NAMESPACE, 'nameNodeWrite', n, 4)
    return nameNode.call(us, () => {
      const files = namesystem.filesAt(from)
      if (files.length === 0 || namesystem.filesAt(to).length > 0) return false
      const pathAfter = ({ path }: HdfsFile) => to + path.slice(from.length)
      namesystem.watchers.around(
        files,
        () => {
          for (const file of files) file.rename(pathAfter(file))
        },
        pathAfter,
      )
      return true
    })
  }

  /**
   * The file's length as the NameNode knows it: exact once it is closed, lagging behind what can be
   * read before.
   *
   * @throws IOException `not-found` for a deleted file, `lost`, `refused`
   */
  *getFileStatus(file: HdfsFile): Protocol<number> {
    const us = this.#draws(file.path).durationUs(NAMESPACE, 'nameNodeRead', file.lookUps++, 1)
    const bytes = yield* this.#parts.nameNode.call(us, () => file.statusBytes())
    checkExists(file)
    return bytes
  }

  /**
   * Opens the file at the machine `node`, up to its first byte. Fails at once where a block is
   * missing; the real one would when it comes to that block.
   *
   * @throws IOException `not-found` for a deleted file, `missing-block`, `lost`, `refused`
   */
  *open(file: HdfsFile, node: Node): Protocol<HdfsInputStream> {
    const { nameNode, transfer } = this.#parts
    nameNode.checkAvailable()
    checkExists(file)
    yield this.#draws(file.path).durationUs(READ, 'readFirstByte', file.lookUps++)
    nameNode.checkAvailable()
    if (!file.readable) throw new IOException('missing-block', `${file.path} has no replica left`)
    return new HdfsInputStream(nameNode, transfer, node)
  }

  /**
   * Closes a file whose writer gave up, as HBase's RecoverLeaseFSUtils does (see `recoverLease`).
   *
   * @returns false if it is still open after 900 s; HBase goes on then as if it were closed
   * @throws IOException `lost`; `not-found` for a deleted file
   */
  recoverLease(file: HdfsFile): Protocol<boolean> {
    const recovery = recoverLease(this.#parts, this.#blockRecovery, file)
    const { tracer } = this.#parts.scheduler
    return tracer?.around('recover lease', { file: file.path }, recovery) ?? recovery
  }

  /** The process of dn<number> dies; its disk and page cache stay. */
  killDataNode(number: number): void {
    this.#catchUp()
    const dataNode = this.#dataNode(number)
    const { scheduler, namesystem, redundancy } = this.#parts
    const files = namesystem.filesOn([dataNode])
    namesystem.watchers.around(files, () => dataNode.crash(scheduler.now))
    for (const file of files) if (file.damaged) file.output?.broken('data-node')
    redundancy.checkIn(DEAD_AFTER_US)
  }

  /** It starts again, if its machine has power. */
  startDataNode(number: number): void {
    const dataNode = this.#dataNode(number)
    const { namesystem, redundancy } = this.#parts
    namesystem.watchers.around(namesystem.filesOn([dataNode]), () => dataNode.start())
    redundancy.checkIn(REDUNDANCY_INTERVAL_US)
  }

  /**
   * The machines of a rack (numbered from 0, as `Node.rack`), or of all of them, lose power: their
   * page caches are gone. Without any rack the NameNode does not answer.
   */
  powerOff(rack: number | null): void {
    this.#catchUp()
    const { scheduler, nameNode, namesystem, redundancy } = this.#parts
    const dataNodes = this.#struck(rack)
    const files = namesystem.filesOn(dataNodes)
    const shorter = namesystem.watchers.around(files, () => {
      for (const dataNode of dataNodes) dataNode.powerOff(scheduler.now)
      return new Set(files.filter((file) => file.fallBack()))
    })
    for (const each of this.#racksOf(rack)) this.#racksOff.add(each)
    if (this.#racksOff.size === this.#racks) nameNode.powerOff()
    for (const file of files) {
      if (shorter.has(file) && !file.closed) file.output?.broken('end')
      else if (file.damaged) file.output?.broken('data-node')
    }
    redundancy.checkIn(DEAD_AFTER_US)
  }

  /** Power comes back and the machines boot; what their disks hold serves again. */
  powerOn(rack: number | null): void {
    const { nameNode, namesystem, redundancy } = this.#parts
    const dataNodes = this.#struck(rack)
    namesystem.watchers.around(namesystem.filesOn(dataNodes), () => {
      for (const dataNode of dataNodes) dataNode.powerOn()
    })
    for (const each of this.#racksOf(rack)) this.#racksOff.delete(each)
    nameNode.powerOn()
    redundancy.checkIn(REDUNDANCY_INTERVAL_US)
  }

  /** All of it is gone at this instant; every later call and every one under way fails. */
  lose(): void {
    this.#catchUp()
    const { namesystem, redundancy } = this.#parts
    const open = [...namesystem.files].filter((file) => !file.closed)
    namesystem.lose()
    redundancy.stop()
    this.#writeback.stop()
    // Other writers find out at their next call; a WAL's makes none of its own.
    for (const { output } of open) {
      if (output instanceof FanOutOutput || output instanceof PipelineOutput) output.broken('end')
    }
  }

  *#allocate(path: string, client: DfsClient, blockSize: number): Protocol<HdfsFile> {
    const { namesystem } = this.#parts
    const file = yield* client.nameNodeWrite(
      () => new HdfsFile(path, namesystem, blockSize, client.place),
    )
    yield* client.addBlock(file, blockSize)
    return file
  }

  #dataNode(number: number): DataNode {
    const dataNode = this.#parts.namesystem.dataNodes[number - 1]
    invariant(dataNode !== undefined, 'there is no DataNode of this number')
    return dataNode
  }

  #struck(rack: number | null): DataNode[] {
    const racks = this.#racksOf(rack)
    return this.#parts.namesystem.dataNodes.filter((node) => racks.includes(node.rack))
  }

  #racksOf(rack: number | null): number[] {
    return rack === null ? Array.from({ length: this.#racks }, (_, i) => i) : [rack]
  }

  #draws(entity: string): EntitySampler {
    return new EntitySampler(this.#parts.sampler, entity)
  }

  #count(question: string): number {
    const n = this.#asked.get(question) ?? 0
    this.#asked.set(question, n + 1)
    return n
  }
}
