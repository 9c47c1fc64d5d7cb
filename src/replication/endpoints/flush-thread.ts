import { FifoServer } from '../../kernel/fifo-server.js'
import { type Process, type Protocol, TIMED_OUT, within } from '../../kernel/process.js'
import type { EndpointContext } from '../replication-endpoint.js'

/** How long a shutdown waits for threads (`EXECUTOR_TERMINATION_TIMEOUT_SECONDS`). */
export const TERMINATION_TIMEOUT_US = 60_000_000

/**
 * An endpoint's lock, and the thread that takes it at a fixed rate to flush: a late tick does not
 * shift the next (ScheduledExecutorService.scheduleAtFixedRate).
 */
export class FlushThread {
  readonly #context: EndpointContext
  readonly #lock: FifoServer
  #thread: Process | null = null

  constructor(context: EndpointContext) {
    this.#context = context
    this.#lock = new FifoServer(context.scheduler, 1)
  }

  /** @param tick what it does, under the lock */
  start(tick: () => Protocol): void {
    this.#thread = this.#context.host.spawn('backup flush', this.#run(tick))
  }

  /** Runs `protocol` under the lock. */
  *exclusively<T>(protocol: Protocol<T>): Protocol<T> {
    yield* this.#lock.acquire()
    try {
      return yield* protocol
    } finally {
      this.#lock.release()
    }
  }

  /** Ends the thread; waits a while for a tick that is under way. */
  *stop(): Protocol {
    const idle = (yield* within(TERMINATION_TIMEOUT_US, this.#lock)) !== TIMED_OUT
    this.#thread?.kill()
    if (idle) this.#lock.release()
  }

  *#run(tick: () => Protocol): Protocol {
    const { scheduler, options, firstFlushUs } = this.#context
    for (let tickUs = scheduler.now + firstFlushUs; ; tickUs += options.flushIntervalUs) {
      yield Math.max(0, tickUs - scheduler.now)
      const { peer, source } = this.#context
      const work = this.exclusively(tick())
      const { tracer } = scheduler
      yield* tracer?.around('backup flush', { peer, source }, work, undefined, 0) ?? work
    }
  }
}
