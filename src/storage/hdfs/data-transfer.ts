import { FairShareLink } from '../../kernel/fair-share-link.js'
import { Host, type Protocol } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import type { Node } from '../node.js'

export interface DataTransferRates {
  /** One stream, bytes per second. */
  readonly streamWrite: number
  readonly streamRead: number
  /** All of them together, counting each byte once however many replicas it has. */
  readonly aggregateWrite: number
}

/**
 * The way of bytes to and from the DataNodes: streams limited each, and together by the disks and
 * network cards of all of them.
 *
 * Simplification: DataNodes share the load evenly, whichever hold a file's replicas, and those that
 * are down take their part; so no DataNode is a bottleneck of its own, and a dead one costs no
 * bandwidth.
 */
export class DataTransfer {
  readonly #host: Host
  readonly #aggregateWrite: FairShareLink

  constructor(
    scheduler: Scheduler,
    private readonly rates: DataTransferRates,
  ) {
    this.#host = new Host(scheduler, 'datanodes')
    this.#aggregateWrite = new FairShareLink(scheduler, rates.aggregateWrite)
  }

  /**
   * Passes `bytes` through the writer's network card and to the DataNodes. The two run side by side
   * and the slower one counts, as if neither made room for others while it waits for the other.
   */
  *write(node: Node, bytes: number): Protocol {
    const { streamWrite } = this.rates
    const arrival = this.#host.spawn('write', this.#aggregateWrite.transfer(bytes, streamWrite))
    yield* node.nic.transfer(bytes, streamWrite)
    yield arrival
  }

  *read(node: Node, bytes: number): Protocol {
    yield* node.nic.transfer(bytes, this.rates.streamRead)
  }
}
