import type { Protocol } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import type { Block } from './block.js'
import type { DataNode } from './data-node.js'
import type { FSNamesystem } from './fs-namesystem.js'
import type { HdfsFile } from './hdfs-file.js'
import type { NameNode } from './name-node.js'

/** `dfs.namenode.redundancy.interval.seconds` */
export const REDUNDANCY_INTERVAL_US = 3_000_000

/** 2 × `dfs.namenode.heartbeat.recheck-interval` + 10 × `dfs.heartbeat.interval` */
export const DEAD_AFTER_US = 630_000_000

/** Whether the NameNode has given the DataNode up. */
export function isDead({ downSinceUs }: DataNode, nowUs: number): boolean {
  return downSinceUs !== null && nowUs - downSinceUs >= DEAD_AFTER_US
}

/**
 * The NameNode's RedundancyMonitor: copies closed blocks that are short of replicas.
 *
 * Simplification: it looks when something has happened that leaves blocks short, and copies them
 * one after the other, oldest file first, at the rate of one copy; real DataNodes copy two blocks
 * each at a time, so many blocks are at full strength again sooner than here. The copies take no
 * bandwidth from others.
 */
export class RedundancyMonitor {
  readonly #handler: number
  /** Handles of the looks to come, past ones among them. */
  #looks: number[] = []
  #copying = false
  #again = false

  constructor(
    private readonly scheduler: Scheduler,
    private readonly namesystem: FSNamesystem,
    private readonly nameNode: NameNode,
    private readonly bytesPerSecond: number,
  ) {
    this.#handler = scheduler.handler(() => this.#check())
  }

  checkIn(us: number): void {
    this.#looks.push(this.scheduler.schedule(this.scheduler.now + us, this.#handler))
  }

  /** All is lost. */
  stop(): void {
    for (const handle of this.#looks) this.scheduler.cancel(handle)
    this.#looks = []
  }

  /** Looks at the next interval if a block of the file is short and could have another replica. */
  checkFile(file: HdfsFile): void {
    if (file.blocks.some((block) => this.#isShort(block))) this.checkIn(REDUNDANCY_INTERVAL_US)
  }

  #check(): void {
    if (this.#copying) {
      this.#again = true
      return
    }
    this.#copying = true
    this.nameNode.host.spawn('redundancy monitor', this.#copyAll())
  }

  *#copyAll(): Protocol {
    do {
      this.#again = false
      for (const file of [...this.namesystem.files]) {
        for (const block of file.blocks.slice()) yield* this.#copy(file, block)
      }
    } while (this.#again)
    this.#copying = false
  }

  *#copy(file: HdfsFile, block: Block): Protocol {
    while (this.#isShort(block) && block.readable) {
      const target = file.placeReplica(block, this.#counted(block))
      if (target === null) return
      yield Math.ceil((block.bytes / this.bytesPerSecond) * 1_000_000)
      const stillThere = !file.deleted && !this.namesystem.lost && file.blocks.includes(block)
      if (!stillThere) return
      if (target.up && block.readable) file.change(() => this.#replace(block, target))
    }
  }

  /** What a dead DataNode has is in excess should it come back, and is deleted then. */
  #replace(block: Block, target: DataNode): void {
    const { now } = this.scheduler
    for (const replica of block.replicas.slice()) {
      if (isDead(replica.dataNode, now)) block.drop(replica)
    }
    block.add(target)
  }

  #isShort(block: Block): boolean {
    const { namesystem } = this
    const up = namesystem.dataNodes.filter((node) => node.up && !block.dataNodes.includes(node))
    const isShort = this.#counted(block).length < namesystem.replicas
    return block.closed && block.bytes > 0 && isShort && up.length > 0
  }

  /** DataNodes that have it as far as the NameNode knows. */
  #counted(block: Block): DataNode[] {
    return block.dataNodes.filter((node) => !isDead(node, this.scheduler.now))
  }
}
