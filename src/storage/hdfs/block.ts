import type { DataNode } from './data-node.js'
import type { HdfsFile } from './hdfs-file.js'
import { Replica } from './replica.js'

/** What a disaster does to the machine of a DataNode. */
export type Fate = 'spared' | 'unpowered' | 'gone'

/**
 * One block of a file and its replicas. Length after block recovery: the minimum over the replicas
 * in the best state there is; RBW outranks RWR, and empty ones have no say. Source:
 * BlockRecoveryWorker.syncBlock. A block that is closed is kept whole by any intact replica, and by
 * no other: one that is shorter than the NameNode knows the block to be is corrupt
 * (BlockManager.checkReplicaCorrupt).
 *
 * Simplification: file system metadata is on the disk as soon as the bytes are (ext4's journal
 * commits every 5 s, and with every fsync), so a freshly renamed replica is never taken for RWR.
 */
export class Block {
  readonly replicas: Replica[] = []
  /** Bytes that every DataNode of the pipeline has acknowledged. */
  bytes = 0
  /** Bytes that every DataNode has, acknowledged or not. */
  receivedBytes = 0
  closed = false
  /** Grows with every change of the pipeline; numbers the draws of finding DataNodes for it. */
  generationStamp = 0

  constructor(
    readonly file: HdfsFile,
    dataNodes: readonly DataNode[],
  ) {
    for (const dataNode of dataNodes) this.add(dataNode)
  }

  /** A DataNode of the pipeline has died and was not replaced yet. */
  get damaged(): boolean {
    return this.replicas.some(({ live }) => !live)
  }

  get dataNodes(): DataNode[] {
    return this.replicas.map(({ dataNode }) => dataNode)
  }

  /** The pipeline, or whoever has a whole replica. */
  get liveDataNodes(): DataNode[] {
    return this.replicas.filter(({ live }) => live).map(({ dataNode }) => dataNode)
  }

  get liveReplicas(): number {
    let live = 0
    for (const replica of this.replicas) if (replica.live) live++
    return live
  }

  /** No rack has all of its live replicas, each of which is as long as the block. */
  get liveOnSeveralRacks(): boolean {
    let rack = -1
    for (const { live, dataNode } of this.replicas) {
      if (!live) continue
      if (rack !== -1 && dataNode.rack !== rack) return true
      rack = dataNode.rack
    }
    return false
  }

  /** Some reader can have it now. */
  get readable(): boolean {
    return this.bytes === 0 || this.replicas.some(({ live, dataNode }) => live && dataNode.up)
  }

  /** A further replica, copied from another: all of it is in the page cache. */
  add(dataNode: DataNode): void {
    const stale = this.replicas.find((replica) => replica.dataNode === dataNode)
    if (stale !== undefined) this.drop(stale)
    const replica = new Replica(dataNode, this)
    this.replicas.push(replica)
    dataNode.replicas.add(replica)
    dataNode.noteUnsynced(replica)
  }

  drop(replica: Replica): void {
    this.replicas.splice(this.replicas.indexOf(replica), 1)
    replica.dataNode.replicas.delete(replica)
    replica.dataNode.unsynced.delete(replica)
  }

  /** The pipeline has acknowledged the first `bytes` bytes. */
  grow(bytes: number): void {
    this.bytes = bytes
    this.receivedBytes = Math.max(this.receivedBytes, bytes)
    for (const replica of this.replicas) {
      if (replica.live) replica.dataNode.noteUnsynced(replica)
    }
  }

  /** An hsync of the first `bytes` bytes has returned. */
  sync(bytes: number): void {
    for (const replica of this.replicas) {
      if (replica.live) replica.durableBytes = Math.max(replica.durableBytes, bytes)
    }
  }

  /** The NameNode has its final length; replicas that fell out of the pipeline are deleted. */
  close(): void {
    this.closed = true
    this.dropStopped()
  }

  dropStopped(): void {
    for (const replica of this.replicas.filter(({ live }) => !live)) this.drop(replica)
  }

  /** The file no longer has this block. */
  dropAll(): void {
    for (const replica of this.replicas.slice()) this.drop(replica)
  }

  /** What is left of it after a disaster, once all machines that still can have come back. */
  surviving(fateOf: (dataNode: DataNode) => Fate): number {
    let live = Number.POSITIVE_INFINITY
    let waiting = Number.POSITIVE_INFINITY
    for (const replica of this.replicas) {
      const fate = fateOf(replica.dataNode)
      if (fate === 'gone') continue
      const { durableBytes } = replica
      const bytes = fate === 'spared' ? replica.bytes : Math.min(replica.bytes, durableBytes)
      if (this.closed && bytes === this.bytes) return bytes
      if (bytes === 0) continue
      if (fate === 'spared' && replica.live) live = Math.min(live, bytes)
      else waiting = Math.min(waiting, bytes)
    }
    const best = live === Number.POSITIVE_INFINITY ? waiting : live
    return this.closed || best === Number.POSITIVE_INFINITY ? 0 : Math.min(best, this.bytes)
  }

  /** Power is gone for good from what was in page caches: the block is as long as is left. */
  fallBack(): void {
    this.bytes = this.surviving(() => 'spared')
    if (!this.replicas.some(({ live }) => live)) this.receivedBytes = this.bytes
  }

  /** Block recovery among the DataNodes that are up; the length it finds. */
  recover(): number {
    const reached = this.replicas.filter(({ dataNode }) => dataNode.up)
    const live = reached.filter(({ live }) => live)
    const waiting = reached.filter(({ bytes }) => bytes > 0)
    const participants = live.length > 0 ? live : waiting
    const bytes = live.length > 0 ? this.receivedBytes : shortest(waiting)
    for (const replica of this.replicas.filter((other) => !participants.includes(other))) {
      this.drop(replica)
    }
    for (const replica of participants) replica.finalizeAt(bytes)
    this.closed = true
    this.receivedBytes = bytes
    this.grow(bytes)
    return bytes
  }
}

function shortest(replicas: readonly Replica[]): number {
  return replicas.length === 0 ? 0 : Math.min(...replicas.map(({ bytes }) => bytes))
}
