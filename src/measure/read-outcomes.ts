import type {
  Consistency,
  ReadKind,
  ReadObserver,
  ReadOutcome,
  RowsRead,
} from '../hbase/client/read-observer.js'
import { Histogram } from './histogram.js'

/** Operations of one kind and consistency that were sent while measured. */
export interface ReadFigures {
  /** All that are over, and those of them that failed for good. */
  count: number
  failed: number
  /** Answered ones of which a row was flagged stale (Result.isStale). */
  stale: number
  rows: number
  staleRows: number
  /** Operations for which replicas beside the first were called, and those calls. */
  hedged: number
  extraRpcs: number
  latency: Histogram
  /** Rows by the id of the replica that answered. */
  answeredBy: number[]
}

/** Operations that were sent while the primary of their first row was down. */
export interface ReadsWhileDown {
  sent: number
  /** Of them, those that had an answer before their operation timeout. */
  answered: number
  latency: Histogram
}

/** A stretch of time in which no server served a primary; the last one may be open. */
interface Outage {
  readonly fromUs: number
  untilUs: number
}

export interface ReadOutcomesOptions {
  /** Operations sent in `[fromUs, untilUs)` are measured. */
  readonly fromUs: number
  readonly untilUs: number
  /** `hbase.client.operation.timeout` */
  readonly operationTimeoutUs: number
}

/**
 * What clients read: how many, how fast, from whom; and what they got while a primary was down. An
 * operation counts when it is over.
 */
export class ReadOutcomes implements ReadObserver {
  readonly #options: ReadOutcomesOptions
  readonly #figures = new Map<string, ReadFigures>()
  readonly #whileDown = new Map<Consistency, ReadsWhileDown>()
  readonly #outages = new Map<number, Outage[]>()

  constructor(options: ReadOutcomesOptions) {
    this.#options = options
  }

  /** Figures of the operations of a kind and consistency; undefined if there were none. */
  figures(consistency: Consistency, kind: ReadKind): ReadFigures | undefined {
    return this.#figures.get(`${consistency} ${kind}`)
  }

  /** Undefined if no such operation was sent to a primary that was down. */
  whileDown(consistency: Consistency): ReadsWhileDown | undefined {
    return this.#whileDown.get(consistency)
  }

  rowsRead({ consistency, kind, replicaId, rows, sentUs }: RowsRead): void {
    if (!this.#isMeasured(sentUs)) return
    const { answeredBy } = this.#of(consistency, kind)
    while (answeredBy.length <= replicaId) answeredBy.push(0)
    answeredBy[replicaId] = (answeredBy[replicaId] as number) + rows
  }

  ended(outcome: ReadOutcome): void {
    const { consistency, kind, region, sentUs, endedUs, failed } = outcome
    if (!this.#isMeasured(sentUs)) return
    const figures = this.#of(consistency, kind)
    figures.count++
    figures.rows += outcome.rows
    figures.staleRows += outcome.staleRows
    figures.extraRpcs += outcome.extraRpcs
    if (outcome.extraRpcs > 0) figures.hedged++
    if (failed) figures.failed++
    else {
      figures.latency.record(endedUs - sentUs)
      if (outcome.staleRows > 0) figures.stale++
    }
    this.#noteOutage(consistency, region, sentUs, failed ? null : endedUs)
  }

  /** No server serves the primary from now on. */
  primaryDown(region: number, nowUs: number): void {
    const outages = this.#outages.get(region) ?? []
    if ((outages.at(-1)?.untilUs ?? 0) === Number.POSITIVE_INFINITY) return
    this.#outages.set(region, [...outages, { fromUs: nowUs, untilUs: Number.POSITIVE_INFINITY }])
  }

  /** A server serves the primary again. */
  primaryUp(region: number, nowUs: number): void {
    const last = this.#outages.get(region)?.at(-1)
    if (last !== undefined) last.untilUs = Math.min(last.untilUs, nowUs)
  }

  #noteOutage(
    consistency: Consistency,
    region: number,
    sentUs: number,
    answeredUs: number | null,
  ): void {
    const outages = this.#outages.get(region)
    if (!outages?.some(({ fromUs, untilUs }) => sentUs >= fromUs && sentUs < untilUs)) return
    const known = this.#whileDown.get(consistency)
    const reads = known ?? { sent: 0, answered: 0, latency: new Histogram() }
    if (known === undefined) this.#whileDown.set(consistency, reads)
    reads.sent++
    if (answeredUs === null || answeredUs - sentUs > this.#options.operationTimeoutUs) return
    reads.answered++
    reads.latency.record(answeredUs - sentUs)
  }

  #of(consistency: Consistency, kind: ReadKind): ReadFigures {
    const name = `${consistency} ${kind}`
    const known = this.#figures.get(name)
    if (known !== undefined) return known
    const figures = {
      count: 0,
      failed: 0,
      stale: 0,
      rows: 0,
      staleRows: 0,
      hedged: 0,
      extraRpcs: 0,
      latency: new Histogram(),
      answeredBy: [],
    }
    this.#figures.set(name, figures)
    return figures
  }

  #isMeasured(sentUs: number): boolean {
    return sentUs >= this.#options.fromUs && sentUs < this.#options.untilUs
  }
}
