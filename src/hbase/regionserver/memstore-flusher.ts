import type { Protocol } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import type { Memstores } from './memstores.js'

export interface MemStoreFlusherOptions {
  readonly scheduler: Scheduler
  readonly memstores: Memstores
  /** The regions that are open on the server. */
  readonly regions: () => readonly number[]
  /** `hbase.regionserver.optionalcacheflushinterval`; 0 switches it off. */
  readonly flushIntervalUs: number
  /** `hbase.server.thread.wakefrequency` */
  readonly wakeFrequencyUs: number
  /** Phase of the server's periodic threads; 0: none. */
  readonly phaseUs: number
  /** Random delay of the `n`-th periodic flush of a region, below 300 s. */
  flushDelayUs(region: number, n: number): number
}

/**
 * A region server's PeriodicMemStoreFlusher chore: flushes regions whose oldest edit is too old,
 * each after a random delay.
 *
 * @param advance brings the server's write path up to now
 */
export function* flushOldMemstores(options: MemStoreFlusherOptions, advance: () => void): Protocol {
  const { scheduler, memstores, flushIntervalUs, wakeFrequencyUs, phaseUs } = options
  if (flushIntervalUs === 0) return
  const dueUs = new Map<number, number>()
  const flushes = new Map<number, number>()
  if (phaseUs > 0) yield phaseUs
  for (;;) {
    yield wakeFrequencyUs
    advance()
    const { now } = scheduler
    for (const region of options.regions()) {
      const due = dueUs.get(region)
      const old = now - memstores.oldestUs(region) > flushIntervalUs
      if (due !== undefined && !old) {
        // A flush by size came first.
        dueUs.delete(region)
      } else if (due !== undefined && due <= now) {
        memstores.flush(region)
        dueUs.delete(region)
      } else if (due === undefined && old) {
        const n = flushes.get(region) ?? 0
        flushes.set(region, n + 1)
        dueUs.set(region, now + options.flushDelayUs(region, n))
      }
    }
  }
}
