import type { Purpose } from '../../kernel/draws.js'
import type { Protocol } from '../../kernel/process.js'
import { IOException } from '../io-exception.js'
import { EntitySampler } from '../sampler.js'
import type { DataNode } from './data-node.js'
import type { DfsParts } from './dfs-parts.js'
import { HEARTBEAT_US } from './hdfs-builder.js'
import type { HdfsFile } from './hdfs-file.js'
import { isDead } from './redundancy-monitor.js'

const RECOVERY: Purpose = { name: 'hdfs.block-recovery', sharing: 'matched' }

/** 30 heartbeats (BlockManager.BLOCK_RECOVERY_TIMEOUT_MULTIPLIER). */
const ATTEMPT_TIMEOUT_US = 30 * HEARTBEAT_US

interface Attempts {
  count: number
  /** Until then no other attempt is begun. */
  untilUs: number
  readonly primaries: Set<DataNode>
}

/**
 * Ends files whose writer is gone: the NameNode makes one DataNode of the last block the primary,
 * which learns of it with its next heartbeat and brings the replicas to a common length. A primary
 * that has died meanwhile costs the time of the attempt. Source: FSNamesystem.internalReleaseLease,
 * BlockUnderConstructionFeature.initializeBlockRecovery, BlockRecoveryWorker.
 *
 * Simplification: DataNodes that are down refuse the primary's question at once.
 */
export class BlockRecovery {
  readonly #attempts = new Map<HdfsFile, Attempts>()

  constructor(
    private readonly parts: DfsParts,
    private readonly heartbeatPhaseUs: (dataNode: DataNode) => number,
    /** Brings files up to date that grow unseen. */
    private readonly catchUp: () => void,
  ) {}

  /** What the RPC recoverLease does; true if the file is closed. */
  recoverLease(file: HdfsFile): boolean {
    if (file.closed || file.deleted) return file.closed
    this.catchUp()
    if (file.lastBlock === null || file.lastBlock.closed) {
      this.#end(file)
      return true
    }
    const attempts = this.#attempts.get(file) ?? { count: 0, untilUs: 0, primaries: new Set() }
    this.#attempts.set(file, attempts)
    const { now } = this.parts.scheduler
    if (now < attempts.untilUs) return false
    attempts.untilUs = now + ATTEMPT_TIMEOUT_US
    const primary = this.#choosePrimary(file.lastBlock.dataNodes, attempts.primaries)
    if (primary === null) return false
    attempts.primaries.add(primary)
    const recovery = this.#recover(file, primary, attempts.count++)
    this.parts.nameNode.host.spawn('block recovery', recovery)
    return false
  }

  /** Of those believed to live and not tried yet, the one heard of last. */
  #choosePrimary(dataNodes: readonly DataNode[], tried: Set<DataNode>): DataNode | null {
    const { now } = this.parts.scheduler
    const believedAlive = dataNodes.filter((node) => !isDead(node, now))
    if (believedAlive.every((node) => tried.has(node))) tried.clear()
    let primary: DataNode | null = null
    for (const node of believedAlive) {
      if (tried.has(node)) continue
      if (primary === null || this.#heardOfUs(node) > this.#heardOfUs(primary)) primary = node
    }
    return primary
  }

  *#recover(file: HdfsFile, primary: DataNode, attempt: number): Protocol {
    const { scheduler, nameNode, sampler } = this.parts
    const draws = new EntitySampler(sampler, file.path)
    const { now } = scheduler
    yield this.#heartbeatBefore(primary, now) + HEARTBEAT_US - now
    if (!primary.up) return
    yield draws.durationUs(RECOVERY, 'finalize', attempt)
    const us = draws.durationUs(RECOVERY, 'nameNodeWrite', attempt, 0, 1)
    try {
      yield* nameNode.call(us, () => this.#end(file))
    } catch (error) {
      if (!(error instanceof IOException)) throw error
    }
  }

  #end(file: HdfsFile): void {
    if (file.closed || file.deleted) return
    this.catchUp()
    this.#attempts.delete(file)
    file.change(() => file.recover())
    file.output?.broken('end')
    this.parts.redundancy.checkFile(file)
  }

  /** When the NameNode last heard of it. */
  #heardOfUs(dataNode: DataNode): number {
    return this.#heartbeatBefore(dataNode, dataNode.downSinceUs ?? this.parts.scheduler.now)
  }

  #heartbeatBefore(dataNode: DataNode, us: number): number {
    const phase = this.heartbeatPhaseUs(dataNode)
    return phase + Math.floor((us - phase) / HEARTBEAT_US) * HEARTBEAT_US
  }
}
