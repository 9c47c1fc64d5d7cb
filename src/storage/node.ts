import { FairShareLink } from '../kernel/fair-share-link.js'
import type { Scheduler } from '../kernel/scheduler.js'

/** A machine, as far as storage sees it: its rack and its network card. */
export class Node {
  /** One link for both directions: what the machine sends and what it reads share it. */
  readonly nic: FairShareLink

  constructor(
    scheduler: Scheduler,
    readonly name: string,
    readonly rack: number,
    nicBytesPerSecond: number,
  ) {
    this.nic = new FairShareLink(scheduler, nicBytesPerSecond)
  }
}
