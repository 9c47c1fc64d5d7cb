import type { Protocol } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import type { Configuration } from '../../storage/configuration.js'
import { IOException } from '../../storage/io-exception.js'
import { compactionProperties } from '../compactions/compaction-properties.js'
import { replicaProperties } from './replica-properties.js'
import { refreshSecondary, type SecondaryRefreshOptions } from './secondary-refresh.js'

export interface StorefileRefresherSettings {
  readonly periodUs: number
  /** Only secondaries of hbase:meta are refreshed. */
  readonly onlyMeta: boolean
  /** `hbase.master.hfilecleaner.ttl` */
  readonly hfileTtlUs: number
}

/** Null if the chore is off: the period of hbase:meta counts only without one for all. */
export function storefileRefresherSettings(
  configuration: Configuration,
): StorefileRefresherSettings | null {
  const period = (key: `${'' | 'meta.'}storefile.refresh.period`) =>
    1000 * configuration.number(replicaProperties, `hbase.regionserver.${key}`)
  const forAllUs = period('storefile.refresh.period')
  const onlyMeta = forAllUs === 0
  const periodUs = onlyMeta ? period('meta.storefile.refresh.period') : forAllUs
  if (periodUs === 0) return null
  const ttlMs = configuration.number(compactionProperties, 'hbase.master.hfilecleaner.ttl')
  return { periodUs, onlyMeta, hfileTtlUs: 1000 * ttlMs }
}

export interface StorefileRefresherOptions
  extends StorefileRefresherSettings,
    SecondaryRefreshOptions {
  readonly scheduler: Scheduler
  /** Phase of the first run. */
  readonly phaseUs: number
  /** Numbers of the secondaries that are open on the server. */
  secondaries(): Iterable<number>
  isMeta(region: number): boolean
}

/**
 * A region server's chore that has its secondaries look for files that their primaries have flushed,
 * compacted or loaded (StorefileRefresherChore). One that could not look for so long that its files
 * may be deleted is not read any more, until it could.
 */
export class StorefileRefresherChore {
  readonly #options: StorefileRefresherOptions
  readonly #lastRefreshUs = new Map<number, number>()

  /** @throws RangeError if the period is more than half of the TTL: the server does not start */
  constructor(options: StorefileRefresherOptions) {
    if (options.periodUs > options.hfileTtlUs / 2) {
      throw new RangeError(
        'hbase.regionserver.storefile.refresh.period should be set smaller than half of ' +
          'hbase.master.hfilecleaner.ttl',
      )
    }
    this.#options = options
  }

  /** Runs begin a period apart; one that lasts longer is followed by the next at once. */
  *run(): Protocol {
    const { scheduler, phaseUs, periodUs } = this.#options
    let nextUs = scheduler.now + phaseUs
    for (;;) {
      yield Math.max(0, nextUs - scheduler.now)
      nextUs = scheduler.now + periodUs
      yield* this.#chore()
      nextUs = Math.max(nextUs, scheduler.now)
    }
  }

  *#chore(): Protocol {
    const { secondaries, onlyMeta, isMeta, isOpen } = this.#options
    for (const region of [...secondaries()]) {
      if (isOpen(region) && (isMeta(region) || !onlyMeta)) yield* this.#refresh(region)
    }
    for (const region of this.#lastRefreshUs.keys()) {
      if (!isOpen(region)) this.#lastRefreshUs.delete(region)
    }
  }

  *#refresh(region: number): Protocol {
    const { scheduler, advance, changed, isOpen, hfileTtlUs, periodUs } = this.#options
    const secondary = this.#options.secondary(region)
    const startUs = scheduler.now
    const lastUs = this.#lastRefreshUs.get(region) ?? startUs
    this.#lastRefreshUs.set(region, lastUs)
    try {
      const freedBytes = yield* refreshSecondary(region, this.#options)
      if (freedBytes === null) return
      this.#lastRefreshUs.set(region, startUs)
      secondary.enableReads()
    } catch (error) {
      if (!(error instanceof IOException)) throw error
      if (startUs - lastUs <= hfileTtlUs - periodUs || !isOpen(region)) return
      advance()
      secondary.disableReads()
    }
    changed(region, 0)
  }
}
