import { SlotRing } from './slot-ring.js'

/**
 * The call queues of a region server and the handlers bound to them, as HBase's
 * BalancedQueueRpcExecutor has them: a call goes to a queue chosen at random, each queue has its own
 * share of the handlers (handler i serves queue i mod n) and its own limit. Calls for hbase:meta have
 * a queue and handlers of their own (SimpleRpcScheduler's priority executor).
 */
export class CallQueues {
  /** Number of queues, that of calls for hbase:meta not counted. */
  readonly count: number
  readonly #queues: SlotRing[] = []
  readonly #idle: Int32Array
  #queued = 0
  #changedUs = 0
  /** Integral of the number of queued calls over time, in call-microseconds. */
  queuedArea = 0
  /** Sum of the times that calls which have left the queues spent there. */
  queuedSojournUs = 0

  /**
   * @param handlers `hbase.regionserver.handler.count`
   * @param factor `hbase.ipc.server.callqueue.handler.factor`
   * @param limit `hbase.ipc.server.max.callqueue.length`, per queue
   * @param priorityHandlers `hbase.regionserver.metahandler.count`
   */
  constructor(
    readonly handlers: number,
    factor: number,
    readonly limit: number,
    priorityHandlers = 0,
  ) {
    const queues = Math.max(1, Math.round(handlers * factor))
    this.count = queues
    this.#idle = new Int32Array(queues + 1)
    for (let i = 0; i <= queues; i++) this.#queues.push(new SlotRing())
    this.#idle[queues] = priorityHandlers
    for (let i = 0; i < Math.max(handlers, queues); i++) {
      this.#idle[i % queues] = (this.#idle[i % queues] as number) + 1
    }
  }

  /** The queue of calls for hbase:meta. */
  get priorityQueue(): number {
    return this.count
  }

  /** Takes an idle handler of `queue`; false if all are at work. */
  takeHandler(queue: number): boolean {
    const idle = this.#idle[queue] as number
    if (idle === 0) return false
    this.#idle[queue] = idle - 1
    return true
  }

  releaseHandler(queue: number): void {
    this.#idle[queue] = (this.#idle[queue] as number) + 1
  }

  /** Queues a call; false if the queue is full (CallQueueTooBigException). */
  offer(queue: number, slot: number, nowUs: number): boolean {
    const ring = this.#queues[queue] as SlotRing
    if (ring.length >= this.limit) return false
    this.#account(nowUs)
    this.#queued++
    ring.push(slot)
    return true
  }

  /** The call that `queue` hands to its next free handler; −1 if it is empty. */
  poll(queue: number, enqueuedUs: Float64Array, nowUs: number): number {
    const ring = this.#queues[queue] as SlotRing
    if (ring.length === 0) return -1
    this.#account(nowUs)
    this.#queued--
    const slot = ring.shift()
    this.queuedSojournUs += nowUs - (enqueuedUs[slot] as number)
    return slot
  }

  /** All calls leave the queues unheard: their server takes no more. */
  clear(enqueuedUs: Float64Array, nowUs: number): void {
    for (let queue = 0; queue <= this.count; queue++) {
      while (this.poll(queue, enqueuedUs, nowUs) >= 0);
    }
  }

  /** Calls waiting in all queues. */
  get queued(): number {
    return this.#queued
  }

  #account(nowUs: number): void {
    this.queuedArea += this.#queued * (nowUs - this.#changedUs)
    this.#changedUs = nowUs
  }
}
