import type { Purpose } from '../../kernel/draws.js'
import { invariant } from '../../kernel/errors.js'
import type { Protocol } from '../../kernel/process.js'
import { doubled } from '../backoff.js'
import { IOException } from '../io-exception.js'
import type { Node } from '../node.js'
import type { EntitySampler } from '../sampler.js'
import type { Block } from './block.js'
import { chooseTargets } from './block-placement.js'
import type { DataNode } from './data-node.js'
import type { DfsParts } from './dfs-parts.js'
import type { HdfsFile, PlaceBlock } from './hdfs-file.js'

/** Who writes a file: its machine, and the names of its luck. */
export interface HdfsWriter {
  readonly node: Node
  /** The entity whose streams the file's draws come from, e.g. one peer's of one server. */
  readonly luckEntity: string
  /** Number of the file among those of `luckEntity`, so that no two files share a draw. */
  readonly ordinal: number
}

const FLUSH: Purpose = { name: 'hdfs.flush', sharing: 'matched' }
const NAME_NODE: Purpose = { name: 'hdfs.name-node', sharing: 'matched' }
const PIPELINE: Purpose = { name: 'hdfs.pipeline', sharing: 'matched' }
const PLACEMENT: Purpose = { name: 'hdfs.placement', sharing: 'matched' }
const RECOVERY: Purpose = { name: 'hdfs.pipeline-recovery', sharing: 'matched' }
const CLOSE: Purpose = { name: 'hdfs.close', sharing: 'matched' }

const MAX_OPERATIONS = 1 << 24
const SMALL_FLUSH_BYTES = 1024
const MAX_CLOSE_RETRY_US = 60_000_000

/** `dfs.client.socket-timeout` of 60 s and 5 s for each of three DataNodes. */
const READ_TIMEOUT_US = 75_000_000

/**
 * What the writer of one file asks of NameNode and DataNodes. Work is numbered
 * ordinal of the file × 2^24 + ordinal of the operation among the file's of that purpose, so a
 * file's luck does not depend on other files. hflush and hsync share a stream: twins that differ in
 * it alone meet the same luck.
 */
export class DfsClient {
  readonly #sampler: EntitySampler
  #flushes = 0
  #rpcs = 0
  #recoveries = 0

  constructor(
    private readonly parts: DfsParts,
    private readonly writer: HdfsWriter,
  ) {
    this.#sampler = parts.sampler.entity(writer.luckEntity)
  }

  /** Where the NameNode puts the file's blocks. */
  readonly place: PlaceBlock = (block, attempt, has) => {
    const { dataNodes, replicas } = this.parts.namesystem
    const { rack } = this.writer.node
    const local = localDataNode(dataNodes, this.writer.node)
    const uniform = (n: number) => this.#sampler.uniform(PLACEMENT, this.#work(block), attempt, n)
    return chooseTargets({ dataNodes, replicas, has, local, rack, uniform })
  };

  /** Bytes leave through the writer's network card, and reach the disks of all replicas. */
  *send(bytes: number): Protocol {
    yield* this.parts.transfer.write(this.writer.node, bytes)
    this.parts.nameNode.checkAvailable()
  }

  /** Names the draws of a flush and its repetitions. */
  beginFlush(): number {
    return this.#work(this.#flushes++)
  }

  /** The last packet's way down the pipeline and its acknowledgement's way back. */
  *pipelineRoundTrip(flush: number, bytes: number, sync: boolean, attempt = 0): Protocol {
    const small = bytes <= SMALL_FLUSH_BYTES ? 'hflush' : 'hflushPacket'
    yield this.#sampler.durationUs(FLUSH, sync ? 'hsync' : small, flush, attempt)
    this.parts.nameNode.checkAvailable()
  }

  /**
   * Asks for the next block of `file` and connects its DataNodes. If one of them dies meanwhile the
   * block is given up and another asked for.
   *
   * @throws IOException `no-space`; `pipeline` when the retries are used up
   */
  *addBlock(file: HdfsFile, blockSize: number): Protocol {
    const { namesystem, nameNode, settings } = this.parts
    const work = this.#work(file.blocks.length)
    for (let attempt = 0; ; attempt++) {
      const added = yield* this.nameNodeWrite(
        () => namesystem.hasRoomForBlock(blockSize) && file.addBlock(attempt),
      )
      if (!added) throw new IOException('no-space', 'no DataNodes have room for another block')
      yield this.#sampler.durationUs(PIPELINE, 'pipelineSetup', work, attempt)
      nameNode.checkAvailable()
      if (!file.damaged) return
      file.abandonBlock()
      if (attempt === settings.blockWriteRetries) {
        throw new IOException('pipeline', `${file.path}: DataNodes of its new blocks keep dying`)
      }
    }
  }

  /** @throws IOException `lost`, `refused` */
  nameNodeWrite<T>(effect: () => T): Protocol<T> {
    const work = this.#work(this.#rpcs++)
    const us = this.#sampler.durationUs(NAME_NODE, 'nameNodeWrite', work)
    return this.parts.nameNode.call(us, effect)
  }

  /**
   * Brings DataNodes into the pipeline for dead ones, after a copy of the block so far, and then has
   * the NameNode forget the dead ones' replicas. A process that died was noticed at once, its
   * connections being reset; a machine without power after 75 s. Source:
   * DataStreamer.setupPipelineForAppendOrRecovery.
   *
   * @throws IOException `pipeline` if none is left, or none can be brought in
   */
  *recoverPipeline(file: HdfsFile, block: Block): Protocol {
    const { scheduler, nameNode } = this.parts
    const work = this.#work(this.#recoveries++)
    const write = (index: number) =>
      this.#sampler.durationUs(RECOVERY, 'nameNodeWrite', work, 0, index)
    yield Math.max(0, noticedUs(block) - scheduler.now)
    if (!block.replicas.some(({ live }) => live)) {
      throw new IOException('pipeline', `${file.path}: all DataNodes of its pipeline are bad`)
    }
    const lost = block.replicas.length - block.liveReplicas
    yield* nameNode.call(write(0), nothing)
    for (let n = 0; n < lost && this.#mustReplace(block); n++) {
      yield* this.#replaceDataNode(file, block, work, n)
    }
    yield this.#sampler.durationUs(RECOVERY, 'pipelineSetup', work, 2)
    yield* nameNode.call(write(1), () => file.change(() => block.dropStopped()))
  }

  /** Source: DataStreamer.addDatanode2ExistingPipeline. */
  *#replaceDataNode(file: HdfsFile, block: Block, work: number, n: number): Protocol {
    const { nameNode, sampler, settings } = this.parts
    const target = file.placeReplica(block, block.liveDataNodes)
    if (target === null) {
      if (settings.replaceBestEffort) return
      throw new IOException('pipeline', `${file.path}: no DataNode can replace a bad one`)
    }
    yield* nameNode.call(this.#sampler.durationUs(RECOVERY, 'nameNodeRead', work, 1, n), nothing)
    yield Math.ceil((block.receivedBytes / sampler.number('replicaCopyRate')) * 1_000_000)
    if (target.up && !file.closed && !file.deleted) file.change(() => block.add(target))
  }

  *finalizeBlock(): Protocol {
    yield this.#sampler.durationUs(PIPELINE, 'finalize', this.#work(0), 0, 1)
    this.parts.nameNode.checkAvailable()
  }

  /**
   * The NameNode refuses while the last block lacks its minimum of replicas; the client then waits
   * 400 ms, and twice as long each further time.
   *
   * @throws IOException `incomplete` when the retries are used up
   */
  *complete(file: HdfsFile): Protocol {
    const { redundancy, settings } = this.parts
    const work = this.#work(0)
    for (let retries = 0; ; retries++) {
      const u = this.#sampler.uniform(CLOSE, work, retries)
      const refused = u < this.#sampler.number('closeRetryProbability')
      const completed = yield* this.nameNodeWrite(() => {
        if (refused) return false
        if (file.closed) return true
        // A block that no living DataNode has is not reported.
        if (file.lastBlock?.liveReplicas === 0) return false
        file.change(() => file.markClosed())
        redundancy.checkFile(file)
        return true
      })
      if (completed) return
      if (retries === settings.closeRetries) {
        throw new IOException('incomplete', `${file.path} has not enough replicas to be closed`)
      }
      const firstDelayUs = this.#sampler.durationUs(CLOSE, 'closeRetryDelay', work, retries, 1)
      yield Math.min(doubled(firstDelayUs, retries), MAX_CLOSE_RETRY_US)
    }
  }

  /** `dfs.client.block.write.replace-datanode-on-failure.policy` DEFAULT */
  #mustReplace(block: Block): boolean {
    const { replication, replaceDataNode } = this.parts.settings
    const left = block.liveReplicas
    if (!replaceDataNode || replication < 3 || left >= replication) return false
    return left <= Math.floor(replication / 2) || block.receivedBytes > 0
  }

  #work(operation: number): number {
    invariant(operation < MAX_OPERATIONS, 'a file of 2^24 operations was never rolled')
    return this.writer.ordinal * MAX_OPERATIONS + operation
  }
}

/** The DataNode on the writer's machine: dn<i> runs beside rs<i>, as long as there are so many. */
function localDataNode(dataNodes: readonly DataNode[], { name }: Node): DataNode | null {
  const match = /^rs(\d+)$/.exec(name)
  return match === null ? null : (dataNodes[Number(match[1]) - 1] ?? null)
}

/** When the client knows of the last DataNode that died. */
function noticedUs(block: Block): number {
  const stopped = block.replicas.filter(({ live }) => !live)
  return stopped.reduce((latest, { dataNode, stoppedUs }) => {
    return Math.max(latest, stoppedUs + (dataNode.silent ? READ_TIMEOUT_US : 0))
  }, 0)
}

function nothing(): void {}
