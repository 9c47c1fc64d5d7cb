import { Signal } from '../../kernel/signal.js'

/** Which pool of threads a compaction waits for. */
export type CompactionPool = 'large' | 'small'

/**
 * The queues of the two pools: best first, and of equals the one queued first. A large thread without
 * a large job takes a small one (HBase's StealJobQueue).
 */
export class StealJobQueue<T> {
  /** Notified when a job is queued. */
  readonly arrived = new Signal()
  readonly #jobs: Record<CompactionPool, T[]> = { large: [], small: [] }

  /** @param compare negative if the first goes before the second */
  constructor(private readonly compare: (a: T, b: T) => number) {}

  length(pool: CompactionPool): number {
    return this.#jobs[pool].length
  }

  add(pool: CompactionPool, job: T): void {
    const jobs = this.#jobs[pool]
    const index = jobs.findIndex((other) => this.compare(job, other) < 0)
    if (index === -1) jobs.push(job)
    else jobs.splice(index, 0, job)
    this.arrived.notifyAll()
  }

  /** The next job of a thread of `pool`. */
  take(pool: CompactionPool): T | undefined {
    const own = this.#jobs[pool].shift()
    return own === undefined && pool === 'large' ? this.#jobs.small.shift() : own
  }

  /** Takes all jobs that `matches` out. */
  remove(matches: (job: T) => boolean): T[] {
    const removed: T[] = []
    for (const pool of ['large', 'small'] as const) {
      removed.push(...this.#jobs[pool].filter(matches))
      this.#jobs[pool] = this.#jobs[pool].filter((job) => !matches(job))
    }
    return removed
  }
}
