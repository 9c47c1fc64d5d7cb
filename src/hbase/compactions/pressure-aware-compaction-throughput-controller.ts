import { type Protocol, within } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import { Signal } from '../../kernel/signal.js'
import type { Configuration } from '../../storage/configuration.js'
import { compactionProperties as properties } from './compaction-properties.js'

const US_PER_SECOND = 1_000_000

/** Rounding errors of less than these make nobody wait another microsecond. */
const SLACK_BYTES = 1e-3
const SLACK_US = 1e-6

/** Rates are bytes per second; Infinity is no limit. */
export interface ThroughputSettings {
  readonly lowerBound: number
  readonly higherBound: number
  readonly offPeak: number
  readonly tunePeriodUs: number
  /** A compaction is held back after each so many bytes, never for what is left at its end. */
  readonly controlBytes: number
}

/** The settings that a site makes. */
export function throughputSettings(site: Configuration): ThroughputSettings {
  const number = (key: keyof typeof properties) => site.number(properties, key)
  const or = (key: keyof typeof properties, otherwise: number) =>
    site.isSet(key) ? number(key) : otherwise
  const lowerBound = number('hbase.hstore.compaction.throughput.lower.bound')
  return {
    lowerBound,
    higherBound: number('hbase.hstore.compaction.throughput.higher.bound'),
    offPeak: or('hbase.hstore.compaction.throughput.offpeak', Infinity),
    tunePeriodUs: 1000 * number('hbase.hstore.compaction.throughput.tune.period'),
    controlBytes: or('hbase.hstore.compaction.throughput.control.check.interval', lowerBound),
  }
}

/** A compaction under control. */
export interface ActiveOperation {
  /** What others had been allowed when it began. */
  readonly fromBytes: number
  /** There was no limit for a while. */
  unlimited: boolean
}

export interface ThroughputControllerOptions {
  readonly scheduler: Scheduler
  readonly settings: ThroughputSettings
  /** The highest pressure of a store of the server. */
  pressure(): number
  isOffPeak(nowUs: number): boolean
}

/**
 * Limits the bytes per second that all compactions of a server write together, by the pressure of
 * its fullest store. Those under way share the limit in equal parts.
 *
 * Here a compaction is allowed its bytes as time goes by, and a new limit counts from the instant at
 * which it is set. HBase computes a sleep after each `controlBytes`, so a new limit reaches a
 * compaction up to that much later, and time lost to slow storage is not made up for. A compaction
 * that has seen a time without limit is held back no more; the real one would be, if that time ended
 * before it did.
 */
export class PressureAwareCompactionThroughputController {
  readonly #options: ThroughputControllerOptions
  readonly #active = new Set<ActiveOperation>()
  readonly #changed = new Signal()
  #maxThroughput: number
  /** What each operation has been allowed up to `#countedUs`, since the last time there was none. */
  #allowedBytes = 0
  #countedUs: number

  constructor(options: ThroughputControllerOptions) {
    this.#options = options
    this.#maxThroughput = options.settings.lowerBound
    this.#countedUs = options.scheduler.now
  }

  /** Bytes per second of all compactions together; Infinity if there is no limit. */
  get maxThroughput(): number {
    return this.#maxThroughput
  }

  get activeOperations(): number {
    return this.#active.size
  }

  /** The chore CompactionThroughputTuner. */
  *tuner(phaseUs: number): Protocol {
    yield phaseUs
    for (;;) {
      this.tune()
      yield this.#options.settings.tunePeriodUs
    }
  }

  tune(): void {
    const { scheduler, settings, isOffPeak } = this.#options
    const pressure = this.#options.pressure()
    this.#count()
    if (pressure > 1) this.#maxThroughput = Infinity
    else if (isOffPeak(scheduler.now)) this.#maxThroughput = settings.offPeak
    else {
      const { lowerBound, higherBound } = settings
      this.#maxThroughput = lowerBound + (higherBound - lowerBound) * pressure
    }
    if (this.#maxThroughput === Infinity) {
      for (const operation of this.#active) operation.unlimited = true
    }
    this.#changed.notifyAll()
  }

  /** Follow it by `try … finally finish`. */
  start(): ActiveOperation {
    this.#count()
    const unlimited = this.#maxThroughput === Infinity
    const operation = { fromBytes: this.#allowedBytes, unlimited }
    this.#active.add(operation)
    this.#changed.notifyAll()
    return operation
  }

  /** Waits until the operation may have written `bytes` since its start. */
  *control(operation: ActiveOperation, bytes: number): Protocol {
    const { controlBytes } = this.#options.settings
    const untilBytes = operation.fromBytes + bytes - (bytes % controlBytes)
    while (!operation.unlimited) {
      this.#count()
      const missing = untilBytes - this.#allowedBytes
      if (missing <= SLACK_BYTES) return
      const us = Math.ceil(missing / this.#bytesPerUs() - SLACK_US)
      yield* within(Math.max(1, us), this.#changed)
    }
  }

  finish(operation: ActiveOperation): void {
    this.#count()
    this.#active.delete(operation)
    this.#changed.notifyAll()
  }

  /** Of each operation under way. */
  #bytesPerUs(): number {
    return this.#maxThroughput / US_PER_SECOND / this.#active.size
  }

  #count(): void {
    const { now } = this.#options.scheduler
    if (this.#active.size === 0) this.#allowedBytes = 0
    else if (this.#maxThroughput < Infinity) {
      this.#allowedBytes += (now - this.#countedUs) * this.#bytesPerUs()
    }
    this.#countedUs = now
  }
}
