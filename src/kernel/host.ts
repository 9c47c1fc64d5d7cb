import { invariant } from './errors.js'
import { Process } from './process.js'
import type { Scheduler } from './scheduler.js'
import type { Protocol } from './waitable.js'

/** Processes that live and die together: a region server's JVM, a client, a store. */
export class Host {
  /** Resumes the process that an event names by its id. */
  readonly dueHandler: number
  /** Gives up the wait of the process that an event names by its id. */
  readonly expiryHandler: number

  private readonly processes: (Process | undefined)[] = []
  private readonly freeIds: number[] = []
  /** Processes whose resumption fell due while the host was suspended, in that order. */
  private held: Process[] = []
  private isAlive = true
  private isSuspended = false

  constructor(
    readonly scheduler: Scheduler,
    readonly name: string,
  ) {
    this.dueHandler = scheduler.handler((id) => this.proceed(this.processes[id]))
    this.expiryHandler = scheduler.handler((id) => {
      this.processes[id]?.expire()
      this.proceed(this.processes[id])
    })
  }

  get alive(): boolean {
    return this.isAlive
  }

  get suspended(): boolean {
    return this.isSuspended
  }

  /**
   * Starts `protocol` at this instant, through an event.
   *
   * @throws InternalError if the host was killed
   */
  spawn<T>(name: string, protocol: Protocol<T>): Process<T> {
    invariant(this.isAlive, `${name} spawned on ${this.name}, which was killed`)
    const id = this.freeIds.pop() ?? this.processes.length
    const process = new Process(name, this, id, protocol)
    this.processes[id] = process
    return process
  }

  /** Until `resume` no process of this host runs. What they wait for goes on, as the world does. */
  suspend(): void {
    this.isSuspended = true
  }

  /** Lets the processes run on, those whose wait is over at this instant and in the order it was. */
  resume(): void {
    this.isSuspended = false
    const { held } = this
    this.held = []
    for (const process of held) if (process.alive) process.releaseHeld()
  }

  /** Kills all its processes. Work they asked of other hosts goes on: it belongs to the receiver. */
  kill(): void {
    this.isAlive = false
    for (const process of this.processes.slice()) process?.kill()
  }

  /** For `Process`: it has ended, and its id may go to another. */
  forget(id: number): void {
    this.processes[id] = undefined
    this.freeIds.push(id)
  }

  private proceed(process: Process | undefined): void {
    invariant(process !== undefined, 'an event names a process that has ended')
    if (this.isSuspended) {
      process.hold()
      this.held.push(process)
    } else {
      process.proceed()
    }
  }
}
