import { InternalError } from './errors.js'
import type { Host } from './host.js'
import type { Protocol, Wait, Waitable } from './waitable.js'
import { TIMED_OUT } from './within.js'

export { Host } from './host.js'
export type { Protocol, Wait, Waitable } from './waitable.js'
export { TIMED_OUT, within } from './within.js'

/** Thrown at the wait of a process that was interrupted. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'

  constructor(readonly reason: unknown) {
    super(`interrupted: ${String(reason)}`)
  }
}

/** Thrown in a process that joins one that was killed. */
export class ProcessKilled extends Error {
  override readonly name = 'ProcessKilled'
}

/**
 * `due` stands between being woken and running on: the resumption is an event of the same instant,
 * or waits for a suspended host.
 */
type State = 'sleeping' | 'waiting' | 'due' | 'running' | 'ended'

type Outcome = 'none' | 'returned' | 'threw' | 'killed'

/**
 * A protocol in execution. Spawned by a `Host`; yield a process to join it: the wait's value is its
 * result, a failure is rethrown, and `ProcessKilled` is thrown if it was killed.
 *
 * An exception that leaves a process nobody joins stops the run.
 */
export class Process<T = unknown> implements Waitable {
  private state: State = 'due'
  private outcome: Outcome = 'none'
  private result: unknown
  private doomed = false

  /** Handle of the event that ends the sleep or resumes a process that is due. */
  private resumption: number
  /** Handle of the event that gives the wait up, 0 if it may last for ever. */
  private deadline = 0
  private waitingFor: Waitable | undefined
  /** What the wait answers, or throws if `throwing`. */
  private answer: unknown
  private throwing = false
  private interruption: Interrupted | undefined
  private joiners: Process[] = []
  /** What it does (`Scheduler.doing`): at first what its spawner did. */
  private doing: number

  /** For `WaitList` only: the neighbours in the list this process stands in. */
  ahead: Process | undefined
  behind: Process | undefined

  /** For `Host.spawn` only; `id` is what the host's handlers call this process by. */
  constructor(
    readonly name: string,
    readonly host: Host,
    private readonly id: number,
    private readonly protocol: Protocol<T>,
  ) {
    this.doing = host.scheduler.doing
    this.resumption = host.scheduler.schedule(host.scheduler.now, host.dueHandler, id)
  }

  get alive(): boolean {
    return this.state !== 'ended'
  }

  /**
   * Ends the process at once. Its `finally` may release simulator handles, nothing more: a wait,
   * spawn or schedule in it is an InternalError that stops the run. A process that kills itself is
   * under the same rule until its next wait, which it does not survive.
   */
  kill(): void {
    if (this.state === 'ended') return
    if (this.state === 'running') {
      this.doomed = true
      this.host.scheduler.bind(this.rule())
      return
    }
    const { waitingFor } = this
    if (this.state === 'waiting') this.leaveWait()
    else {
      this.host.scheduler.cancel(this.resumption)
      if (this.state === 'due' && !this.throwing) waitingFor?.revoke?.(this, this.answer)
    }
    this.unwind()
  }

  /**
   * Throws `Interrupted(reason)` at the current wait. A wait that is already over, its resumption
   * being due, keeps what it got: the interrupt then hits the next wait.
   */
  interrupt(reason: unknown): void {
    if (this.state === 'waiting') {
      this.leaveWait()
      this.comeDue(new Interrupted(reason), true)
    } else if (this.state === 'sleeping') {
      this.host.scheduler.cancel(this.resumption)
      this.comeDue(new Interrupted(reason), true)
    } else if (this.state !== 'ended') {
      this.interruption ??= new Interrupted(reason)
    }
  }

  /** For waitables only: the wait answers `value`; the process runs on in an event of this instant. */
  wake(value?: unknown): void {
    this.endWait()
    this.comeDue(value, false)
  }

  /** For waitables only: as `wake`, but the wait throws `error`. */
  fail(error: unknown): void {
    this.endWait()
    this.comeDue(error, true)
  }

  /** For waitables only: gives the present wait up after `us`, answering TIMED_OUT. */
  expireIn(us: number): void {
    const { scheduler, expiryHandler } = this.host
    this.deadline = scheduler.schedule(scheduler.now + us, expiryHandler, this.id)
  }

  subscribe(joiner: Process): void {
    if (this.state === 'ended') this.tell(joiner)
    else this.joiners.push(joiner)
  }

  unsubscribe(joiner: Process): void {
    this.joiners = this.joiners.filter((other) => other !== joiner)
  }

  /** For the host: the resumption has fallen due while it may not run. */
  hold(): void {
    this.state = 'due'
  }

  /** For the host: schedules the resumption that was held. */
  releaseHeld(): void {
    const { scheduler, dueHandler } = this.host
    this.resumption = scheduler.schedule(scheduler.now, dueHandler, this.id)
  }

  /** For the host: the deadline of the wait has come. */
  expire(): void {
    this.deadline = 0
    this.leaveWait()
    this.state = 'due'
    this.answer = TIMED_OUT
  }

  /** For the host: runs the protocol up to its next wait. */
  proceed(): void {
    const { answer, throwing } = this
    const { scheduler } = this.host
    scheduler.doing = this.doing
    if (scheduler.tracer !== null) scheduler.tracer.host = this.host.name
    this.state = 'running'
    this.answer = undefined
    this.throwing = false
    this.waitingFor = undefined
    let step: IteratorResult<Wait, T>
    try {
      step = throwing ? this.protocol.throw(answer) : this.protocol.next(answer)
      while (this.interruption !== undefined && step.done !== true && !this.doomed) {
        const interruption = this.interruption
        this.interruption = undefined
        step = this.protocol.throw(interruption)
      }
    } catch (error) {
      scheduler.doing = 0
      if (this.doomed) scheduler.bind('')
      this.end('threw', error)
      return
    }
    this.doing = scheduler.doing
    scheduler.doing = 0
    if (this.doomed) this.endDoomed(step.done === true)
    else if (step.done === true) this.end('returned', step.value)
    else this.await(step.value)
  }

  private await(wait: Wait): void {
    if (typeof wait !== 'number') {
      this.state = 'waiting'
      this.waitingFor = wait
      wait.subscribe(this)
      return
    }
    if (!(wait >= 0)) throw new InternalError(`${this.name} sleeps ${wait} us`)
    const { scheduler, dueHandler } = this.host
    this.state = 'sleeping'
    this.resumption = scheduler.schedule(scheduler.now + wait, dueHandler, this.id)
  }

  private endWait(): void {
    if (this.state !== 'waiting') {
      throw new InternalError(`${this.name} woken while ${this.state}, not waiting`)
    }
    if (this.deadline !== 0) this.cancelDeadline()
  }

  private leaveWait(): void {
    this.waitingFor?.unsubscribe(this)
    this.waitingFor = undefined
    if (this.deadline !== 0) this.cancelDeadline()
  }

  private cancelDeadline(): void {
    this.host.scheduler.cancel(this.deadline)
    this.deadline = 0
  }

  private comeDue(answer: unknown, throwing: boolean): void {
    const { scheduler, dueHandler } = this.host
    this.state = 'due'
    this.answer = answer
    this.throwing = throwing
    this.resumption = scheduler.scheduleWakeUp(scheduler.now, dueHandler, this.id)
  }

  private endDoomed(returned: boolean): void {
    this.host.scheduler.bind('')
    if (returned) this.end('killed', undefined)
    else this.unwind()
  }

  /** Runs the `finally` blocks of a killed protocol, which may only release. */
  private unwind(): void {
    const { scheduler } = this.host
    this.state = 'ended'
    const before = scheduler.bind(this.rule())
    const { doing } = scheduler
    scheduler.doing = this.doing
    try {
      const { done } = this.protocol.return(undefined as T)
      if (done !== true) scheduler.refuse(`${this.rule()} it waited`)
    } finally {
      scheduler.bind(before)
      scheduler.doing = doing
    }
    this.end('killed', undefined)
  }

  private rule(): string {
    return `process ${this.name} of ${this.host.name} is killed and may only release handles:`
  }

  private end(outcome: Outcome, result: unknown): void {
    this.state = 'ended'
    this.outcome = outcome
    this.result = result
    this.host.forget(this.id)
    if (outcome === 'threw' && (this.joiners.length === 0 || result instanceof InternalError)) {
      throw result
    }
    for (const joiner of this.joiners) this.tell(joiner)
  }

  private tell(joiner: Process): void {
    if (this.outcome === 'returned') joiner.wake(this.result)
    else if (this.outcome === 'threw') joiner.fail(this.result)
    else joiner.fail(new ProcessKilled(`${this.name} was killed`))
  }
}
