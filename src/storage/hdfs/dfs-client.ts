import type { Purpose } from '../../kernel/draws.js'
import { invariant } from '../../kernel/errors.js'
import type { Protocol } from '../../kernel/process.js'
import { doubled } from '../backoff.js'
import { IOException } from '../io-exception.js'
import type { Node } from '../node.js'
import type { EntitySampler } from '../sampler.js'
import type { DataNodes } from './data-nodes.js'
import type { HdfsFile } from './hdfs-file.js'
import type { NameNode } from './name-node.js'

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
const CLOSE: Purpose = { name: 'hdfs.close', sharing: 'matched' }

const MAX_OPERATIONS = 1 << 24
const SMALL_FLUSH_BYTES = 1024
const MAX_CLOSE_RETRY_US = 60_000_000

/**
 * What the writer of one file asks of NameNode and DataNodes. Work is numbered
 * ordinal of the file × 2^24 + ordinal of the operation among the file's of that purpose, so a
 * file's luck does not depend on other files. hflush and hsync share a stream: twins that differ in
 * it alone meet the same luck.
 */
export class DfsClient {
  #flushes = 0
  #rpcs = 0

  constructor(
    private readonly nameNode: NameNode,
    private readonly dataNodes: DataNodes,
    private readonly writer: HdfsWriter,
    private readonly sampler: EntitySampler,
    private readonly closeRetries: number,
  ) {}

  /** Bytes leave through the writer's network card, and reach the disks of all replicas. */
  *send(bytes: number): Protocol {
    yield* this.dataNodes.write(this.writer.node, bytes)
    this.nameNode.checkAvailable()
  }

  /** The last packet's way down the pipeline and its acknowledgement's way back. */
  *pipelineRoundTrip(bytes: number, sync: boolean): Protocol {
    const small = bytes <= SMALL_FLUSH_BYTES ? 'hflush' : 'hflushPacket'
    const work = this.#work(this.#flushes++)
    yield this.sampler.durationUs(FLUSH, sync ? 'hsync' : small, work)
    this.nameNode.checkAvailable()
  }

  /** @throws IOException `no-space` */
  *addBlock(block: number, blockSize: number): Protocol {
    const hasRoom = () => this.nameNode.namesystem.hasRoomForBlock(blockSize)
    if (!(yield* this.nameNodeWrite(hasRoom))) {
      throw new IOException('no-space', 'no DataNodes have room for another block')
    }
    yield this.sampler.durationUs(PIPELINE, 'pipelineSetup', this.#work(block))
    this.nameNode.checkAvailable()
  }

  /** @throws IOException `lost` */
  nameNodeWrite<T>(effect: () => T): Protocol<T> {
    const work = this.#work(this.#rpcs++)
    return this.nameNode.call(this.sampler.durationUs(NAME_NODE, 'nameNodeWrite', work), effect)
  }

  *finalizeBlock(): Protocol {
    yield this.sampler.durationUs(PIPELINE, 'finalize', this.#work(0), 0, 1)
    this.nameNode.checkAvailable()
  }

  /**
   * The NameNode refuses while the last block lacks its minimum of replicas; the client then waits
   * 400 ms, and twice as long each further time.
   *
   * @throws IOException `incomplete` when the retries are used up
   */
  *complete(file: HdfsFile): Protocol {
    const { sampler } = this
    const work = this.#work(0)
    for (let retries = 0; ; retries++) {
      const refused =
        sampler.uniform(CLOSE, work, retries) < sampler.number('closeRetryProbability')
      yield* this.nameNodeWrite(() => {
        if (!refused) file.markClosed()
      })
      if (!refused) return
      if (retries === this.closeRetries) {
        throw new IOException('incomplete', `${file.path} has not enough replicas to be closed`)
      }
      const firstDelayUs = sampler.durationUs(CLOSE, 'closeRetryDelay', work, retries, 1)
      yield Math.min(doubled(firstDelayUs, retries), MAX_CLOSE_RETRY_US)
    }
  }

  #work(operation: number): number {
    invariant(operation < MAX_OPERATIONS, 'a file of 2^24 operations was never rolled')
    return this.writer.ordinal * MAX_OPERATIONS + operation
  }
}
