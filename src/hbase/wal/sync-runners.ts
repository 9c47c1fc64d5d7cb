const NONE = -1
const IDLE = -1

/**
 * FSHLog's SyncRunner threads: batches of syncs go to them in turn, whether busy or not, and each
 * runs one sync at a time. Positions are edits of the log: what is appended before them must be
 * durable.
 */
export class SyncRunners {
  /** The sync that each runs or waits for, by number; IDLE if none. */
  readonly #running: Int32Array
  /** The furthest position that each was offered and has not begun a sync for. */
  readonly #offered: Float64Array
  #next = 0
  /** Syncs that were started, and those that have returned. */
  #started = 0
  #returned = 0

  constructor(count: number) {
    this.#running = new Int32Array(count).fill(IDLE)
    this.#offered = new Float64Array(count).fill(NONE)
  }

  /** A batch up to `position`. @returns its runner if that is idle, else −1 */
  offer(position: number): number {
    this.#next = (this.#next + 1) % this.#running.length
    const runner = this.#next
    this.#offered[runner] = position
    return this.#running[runner] === IDLE ? runner : NONE
  }

  /** The runner starts a sync, which covers all that it was offered. */
  started(runner: number): void {
    this.#offered[runner] = NONE
    this.#running[runner] = this.#started++
  }

  /** All that the runner was offered is in syncs before: it ends with the last of them. */
  waitForLast(runner: number): void {
    this.#offered[runner] = NONE
    if (this.#started > this.#returned) this.#running[runner] = this.#started - 1
  }

  /** The first sync under way returns. @returns how many runners are free by that */
  returned(): number {
    const sync = this.#returned++
    let free = 0
    for (let i = 0; i < this.#running.length; i++) {
      if (this.#running[i] !== sync) continue
      this.#running[i] = IDLE
      free++
    }
    return free
  }

  /**
   * An idle runner with syncs that are not covered by what is durable; −1 if there is none. Those
   * that are covered are let go.
   */
  takeIdle(syncedPosition: number): number {
    for (let i = 0; i < this.#running.length; i++) {
      if (this.#running[i] !== IDLE) continue
      if ((this.#offered[i] as number) > syncedPosition) return i
      this.#offered[i] = NONE
    }
    return NONE
  }
}
