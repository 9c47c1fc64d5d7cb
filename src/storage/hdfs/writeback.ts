import type { Scheduler } from '../../kernel/scheduler.js'
import type { DataNode } from './data-node.js'
import type { FileWatchers } from './file-watchers.js'

export interface WritebackOptions {
  readonly scheduler: Scheduler
  readonly dataNodes: readonly DataNode[]
  readonly watchers: FileWatchers
  readonly intervalUs: number
  readonly ageUs: number
  /** Of a DataNode's ticks, in [0, interval). */
  readonly phaseUs: (dataNode: DataNode) => number
  /**
   * Brings the lengths of files up to date that their writers advance when they are looked at. Such
   * files may grow unseen, so ticks go on while one is open.
   */
  readonly beforeTick: (() => void) | null
}

/**
 * Linux's writeback of page caches: every `interval` a DataNode writes to its disk what is older
 * than `age`. The ticks of each DataNode have a phase of their own, and pause while all is written.
 *
 * Simplification: the age counts per byte, from the tick that first saw it. The real flusher writes
 * a whole file, its youngest bytes too, once its oldest dirty page is that old; so a loss of power
 * costs the real one 0 to 35 s, here always 30 to 35 s. Memory pressure (vm.dirty_background_ratio)
 * would start it earlier. The disk time of writeback is part of the DataNodes' write rate.
 */
export class Writeback {
  readonly #options: WritebackOptions
  readonly #delayTicks: number
  readonly #handler: number
  /** Handles of the ticks to come. */
  readonly #due = new Map<DataNode, number>()

  constructor(options: WritebackOptions) {
    this.#options = options
    this.#delayTicks = Math.ceil(options.ageUs / options.intervalUs)
    this.#handler = options.scheduler.handler((i) => this.#tick(options.dataNodes[i]))
    for (const dataNode of options.dataNodes) {
      dataNode.onUnsynced = () => this.#scheduleTick(dataNode)
    }
  }

  /** Nothing is left to be written. */
  stop(): void {
    for (const handle of this.#due.values()) this.#options.scheduler.cancel(handle)
    this.#due.clear()
    for (const dataNode of this.#options.dataNodes) dataNode.unsynced.clear()
  }

  #scheduleTick(dataNode: DataNode): void {
    if (this.#due.has(dataNode)) return
    const { scheduler, intervalUs, phaseUs } = this.#options
    const phase = phaseUs(dataNode)
    const ticks = Math.floor((scheduler.now - phase) / intervalUs) + 1
    const atUs = phase + ticks * intervalUs
    this.#due.set(dataNode, scheduler.schedule(atUs, this.#handler, dataNode.index))
  }

  #tick(dataNode: DataNode): void {
    const { beforeTick, watchers } = this.#options
    const { unsynced } = dataNode
    const delay = this.#delayTicks
    this.#due.delete(dataNode)
    if (unsynced.size === 0) return
    beforeTick?.()
    const altered = [...unsynced].filter((r) => r.durableAfterTick(delay) > r.durableBytes)
    const files = new Set(altered.map(({ block }) => block.file))
    watchers.around([...files], () => {
      for (const replica of unsynced) replica.tick(delay)
    })
    for (const replica of unsynced) {
      const mayGrow = beforeTick !== null && replica.live && !replica.block.closed
      if (replica.durableBytes === replica.bytes && !mayGrow) unsynced.delete(replica)
    }
    if (unsynced.size > 0) this.#scheduleTick(dataNode)
  }
}
