import type { Block } from './block.js'
import type { DataNode } from './data-node.js'

/**
 * One DataNode's copy of a block. While the DataNode's process lives it is as long as the block
 * (RBW, or finalized); after that what was being written is waiting to be recovered (RWR).
 */
export class Replica {
  /** Length of its prefix on the disk; the rest is in the page cache. */
  durableBytes = 0
  /** When its DataNode lost sight of it while it was being written. */
  stoppedUs = 0
  #stoppedBytes: number | null = null
  /** Lengths at the last ticks of the writeback, oldest first. */
  readonly #noted: number[] = []

  constructor(
    readonly dataNode: DataNode,
    readonly block: Block,
  ) {}

  /** Part of the pipeline (RBW) or finalized; false when it waits to be recovered (RWR). */
  get live(): boolean {
    return this.#stoppedBytes === null
  }

  get bytes(): number {
    return this.#stoppedBytes ?? this.block.bytes
  }

  /** Length on the disk after the next tick of the writeback. */
  durableAfterTick(delayTicks: number): number {
    if (delayTicks === 0) return this.bytes
    const noted = this.#noted.length < delayTicks ? 0 : Math.min(this.#noted[0], this.bytes)
    return Math.max(this.durableBytes, noted)
  }

  /** A tick of the writeback: what was noted `delayTicks` ticks ago goes to the disk. */
  tick(delayTicks: number): void {
    this.durableBytes = this.durableAfterTick(delayTicks)
    this.#noted.push(this.bytes)
    if (this.#noted.length > delayTicks) this.#noted.shift()
  }

  processEnded(nowUs: number): void {
    if (!this.block.closed && this.live) this.#stop(this.block.receivedBytes, nowUs)
  }

  /** A finalized replica that is shorter than it should be is corrupt and given up. */
  cacheLost(nowUs: number): void {
    if (!this.block.closed) this.#stop(Math.min(this.bytes, this.durableBytes), nowUs)
    else if (this.durableBytes < this.block.bytes) this.block.drop(this)
  }

  /** Block recovery has chosen it: it gets the block's length and is finalized. */
  finalizeAt(bytes: number): void {
    this.#stoppedBytes = null
    this.durableBytes = Math.min(this.durableBytes, bytes)
  }

  #stop(bytes: number, nowUs: number): void {
    if (this.live) this.stoppedUs = nowUs
    this.#stoppedBytes = bytes
  }
}
