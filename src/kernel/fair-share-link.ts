import { invariant } from './errors.js'
import { Occupancy } from './occupancy.js'
import type { Process, Protocol, Waitable } from './process.js'
import type { Scheduler } from './scheduler.js'
import { TransferHeap } from './transfer-heap.js'

const US_PER_SECOND = 1_000_000

/** Rounding errors of less than this do not push a completion to the next microsecond. */
const SLACK_US = 1e-6

/**
 * A link whose bandwidth is shared max-min fairly by the transfers under way, each limited by a
 * maximum of its own: nobody can get more without somebody who has less getting even less.
 *
 * Transfers of the same maximum always run at the same rate, so they share one count of the bytes
 * each has been served, and finish in order of the count they wait for. A change of the set then
 * costs one step per distinct maximum and a heap operation. Source: Bertsekas and Gallager,
 * Data Networks, 6.5.2 (max-min flow control); virtual time as in weighted fair queueing.
 */
export class FairShareLink {
  /** Bytes of all transfers begun. */
  offeredBytes = 0
  /** Bytes that crossed: of finished transfers, and of broken off ones up to then, rounded down. */
  deliveredBytes = 0
  /** Bytes that never crossed because their transfer was broken off. */
  abandonedBytes = 0

  private readonly bytesPerUs: number
  private readonly transfers: Occupancy
  /** Lowest maximum first: the order in which water-filling satisfies them. */
  private readonly groups: Group[] = []
  private begun = 0
  private servedUntil = 0
  private readonly completion: number
  private timer = 0
  private dueAt = Infinity

  constructor(
    private readonly scheduler: Scheduler,
    bytesPerSecond: number,
  ) {
    invariant(bytesPerSecond > 0, `a link of ${bytesPerSecond} bytes per second`)
    this.bytesPerUs = bytesPerSecond / US_PER_SECOND
    this.transfers = new Occupancy(scheduler)
    this.completion = scheduler.handler(() => this.complete())
  }

  /** Transfers under way. */
  get active(): number {
    return this.transfers.present
  }

  /** Integral over time of transfers under way, in transfer-microseconds. */
  get area(): number {
    return this.transfers.area
  }

  /** Sum of the durations of ended transfers; equals `area` whenever none is under way. */
  get sojourn(): number {
    return this.transfers.sojourn
  }

  /**
   * Waits until `bytes` have crossed the link, rounded up to the next microsecond. A killed
   * transfer leaves the link to the others.
   */
  *transfer(bytes: number, maxBytesPerSecond = Infinity): Protocol {
    invariant(bytes >= 0 && maxBytesPerSecond > 0, `${bytes} bytes at ${maxBytesPerSecond}/s`)
    if (bytes > 0) yield new Transfer(this, bytes, maxBytesPerSecond / US_PER_SECOND)
  }

  /** For `Transfer`. */
  enter(transfer: Transfer): void {
    this.serve()
    this.transfers.arrive()
    this.offeredBytes += transfer.bytes
    const group = this.groupOf(transfer.maxBytesPerUs)
    transfer.mark = group.served + transfer.bytes
    transfer.order = ++this.begun
    group.heap.push(transfer)
    this.share()
  }

  /** For `Transfer`. */
  leave(transfer: Transfer): void {
    this.serve()
    const group = this.groupOf(transfer.maxBytesPerUs)
    const rest = Math.min(Math.ceil(transfer.mark - group.served), transfer.bytes)
    const abandoned = Math.max(rest, 0)
    this.abandonedBytes += abandoned
    this.deliveredBytes += transfer.bytes - abandoned
    group.heap.remove(transfer)
    this.transfers.leave()
    this.share()
  }

  private complete(): void {
    this.timer = 0
    this.dueAt = Infinity
    this.serve()
    for (const group of this.groups) {
      for (let next = group.heap.top; next !== undefined; next = group.heap.top) {
        if (group.usUntil(next) > SLACK_US) break
        group.heap.remove(next)
        this.deliveredBytes += next.bytes
        this.transfers.leave()
        next.finish()
      }
    }
    this.share()
  }

  /** Brings every group's count up to now, at the rates in force since the last change. */
  private serve(): void {
    const us = this.scheduler.now - this.servedUntil
    this.servedUntil = this.scheduler.now
    if (us > 0) for (const group of this.groups) group.served += group.bytesPerUs * us
  }

  /** Shares the bandwidth anew by water-filling and sets the timer for the next completion. */
  private share(): void {
    let bandwidth = this.bytesPerUs
    let sharers = this.transfers.present
    let kept = 0
    let dueUs = Infinity
    for (const group of this.groups) {
      const next = group.heap.top
      if (next === undefined) continue
      this.groups[kept++] = group
      group.bytesPerUs = Math.min(group.maxBytesPerUs, bandwidth / sharers)
      bandwidth -= group.bytesPerUs * group.heap.size
      sharers -= group.heap.size
      dueUs = Math.min(dueUs, Math.max(0, Math.ceil(group.usUntil(next) - SLACK_US)))
    }
    this.groups.length = kept
    this.setTimer(this.scheduler.now + dueUs)
  }

  private setTimer(at: number): void {
    if (at === this.dueAt) return
    if (this.timer !== 0) this.scheduler.cancel(this.timer)
    // Not `schedule`: a killed process that leaves the link moves the others' completions.
    this.timer = at === Infinity ? 0 : this.scheduler.scheduleWakeUp(at, this.completion)
    this.dueAt = at
  }

  private groupOf(maxBytesPerUs: number): Group {
    const { groups } = this
    let i = 0
    while (i < groups.length && groups[i].maxBytesPerUs < maxBytesPerUs) i++
    if (i === groups.length || groups[i].maxBytesPerUs !== maxBytesPerUs) {
      groups.splice(i, 0, new Group(maxBytesPerUs))
    }
    return groups[i]
  }
}

/** The transfers of one maximum. */
class Group {
  /** Bytes that each member present since the beginning has been served. */
  served = 0
  bytesPerUs = 0
  readonly heap = new TransferHeap<Transfer>()

  constructor(readonly maxBytesPerUs: number) {}

  usUntil(transfer: Transfer): number {
    return (transfer.mark - this.served) / this.bytesPerUs
  }
}

class Transfer implements Waitable {
  /** The group's count at which it is done. */
  mark = 0
  order = 0
  position = 0
  private process: Process | undefined

  constructor(
    private readonly link: FairShareLink,
    readonly bytes: number,
    readonly maxBytesPerUs: number,
  ) {}

  subscribe(process: Process): void {
    this.process = process
    this.link.enter(this)
  }

  unsubscribe(): void {
    this.link.leave(this)
  }

  finish(): void {
    this.process?.wake()
  }
}
