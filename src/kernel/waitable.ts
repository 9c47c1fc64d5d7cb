import type { Process } from './process.js'

/** What a process may wait for by yielding it: so many microseconds of sleep, or a waitable. */
export type Wait = number | Waitable

/** A procedure that blocks where the real thread would: each `yield` is a wait. */
export type Protocol<T = void> = Generator<Wait, T, unknown>

/** Something processes wait for. */
export interface Waitable {
  /** The process waits from now on; `process.wake` must follow exactly once, at once or later. */
  subscribe(process: Process): void
  /** The process waits no longer (killed, interrupted, timed out); it must not be woken. */
  unsubscribe(process: Process): void
  /** Takes back what `process.wake(value)` gave to a process that was killed before it ran on. */
  revoke?(process: Process, value: unknown): void
}
