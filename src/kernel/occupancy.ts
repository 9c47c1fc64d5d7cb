import { Fifo } from './fifo.js'
import type { Scheduler } from './scheduler.js'

/**
 * Little's law as two sums kept apart: customers present integrated over time, and the times that
 * customers stayed. Whenever nobody is present they are equal, exactly: both are integers.
 *
 * Who leaves is counted as the one who came first, whoever it is: that changes no sum.
 */
export class Occupancy {
  /** Customers present now. */
  present = 0
  /** Sum of the stays of those who left, in customer-microseconds. */
  sojourn = 0
  private integral = 0
  private since = 0
  private readonly arrivals = new Fifo<number>()

  constructor(private readonly scheduler: Scheduler) {}

  /** Integral of customers present over time so far, in customer-microseconds. */
  get area(): number {
    return this.integral + this.present * (this.scheduler.now - this.since)
  }

  arrive(): void {
    this.settle()
    this.present++
    this.arrivals.push(this.scheduler.now)
  }

  leave(): void {
    this.settle()
    this.present--
    this.sojourn += this.scheduler.now - this.arrivals.shift()
  }

  private settle(): void {
    this.integral = this.area
    this.since = this.scheduler.now
  }
}
