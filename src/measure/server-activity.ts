import type { Refusal } from '../hbase/regionserver/refusal.js'
import type { RollReason } from '../hbase/wal/roll-record.js'
import type { CommittedCompaction, CommittedFlush, Roll } from './activity-records.js'
import { NO_FLUSHES, NO_REFUSALS, NO_ROLLS } from './activity-records.js'
import { type ActivityInterval, ActivityTimeline } from './activity-timeline.js'
import { Histogram } from './histogram.js'
import { LatencyWindows } from './latency-windows.js'

/** Intervals kept of each activity of each server. */
const MOST_INTERVALS = 1_000

export interface ActivityOptions {
  /** Counts and histograms take what ends in `[fromUs, untilUs)`; timelines begin at 0. */
  readonly fromUs: number
  readonly untilUs: number
  /** How many points write latency has over time. */
  readonly windows: number
}

/** What one server did over time. */
export interface ServerTimeline {
  server: string
  flushes: ActivityInterval[]
  compactions: ActivityInterval[]
}

/** What memory or files came to at their most. */
export interface Levels {
  /** Memstores of one server, in bytes of heap. */
  memstoreBytes: number
  /** Files of one family of one region. */
  storeFiles: number
  /** WALs of one server that are not archived. */
  walFiles: number
}

/**
 * What the region servers of a cluster did, told as it ended. A server is the name of its host: its
 * incarnations are one.
 */
export class ServerActivity {
  readonly flushReasons = { ...NO_FLUSHES }
  flushedBytes = 0
  /** How long writes of the region waited for the flush's snapshot. */
  readonly flushStalls = new Histogram()
  /** From the request of the region's lock to the commit. */
  readonly flushDurations = new Histogram()
  majorCompactions = 0
  compactedFiles = 0
  compactedBytes = 0
  readonly compactionDurations = new Histogram()
  readonly rolls: Record<RollReason, number> = { ...NO_ROLLS }
  readonly refusals: Record<Refusal, number> = { ...NO_REFUSALS }
  readonly readLatency = new Histogram()
  readonly writeLatency: LatencyWindows
  readonly levels: Levels = { memstoreBytes: 0, storeFiles: 0, walFiles: 0 }
  readonly #servers = new Map<string, ServerRecord>()
  readonly #stalledWindows: Uint8Array
  readonly #fromUs: number
  readonly #untilUs: number

  constructor({ fromUs, untilUs, windows }: ActivityOptions) {
    this.#fromUs = fromUs
    this.#untilUs = untilUs
    this.writeLatency = new LatencyWindows(untilUs, windows)
    this.#stalledWindows = new Uint8Array(windows)
  }

  flushed(server: string, flush: CommittedFlush): void {
    const { reason, bytes, lockedUs, unlockedUs, committedUs } = flush
    const stallUs = unlockedUs - lockedUs
    if (lockedUs < this.#untilUs) {
      const record = this.#server(server)
      record.flushes.add(lockedUs, committedUs, stallUs, lockedUs)
      record.flushedBytes += bytes
      this.#noteStall(lockedUs, unlockedUs)
    }
    if (!this.#isMeasured(committedUs)) return
    this.flushReasons[reason]++
    this.flushedBytes += bytes
    this.flushStalls.record(stallUs)
    this.flushDurations.record(committedUs - lockedUs)
  }

  compacted(server: string, compaction: CommittedCompaction): void {
    const { inputs, bytes, major, startedUs, endedUs } = compaction
    if (startedUs < this.#untilUs) {
      this.#server(server).compactions.add(startedUs, endedUs, 0, startedUs)
    }
    if (!this.#isMeasured(endedUs)) return
    if (major) this.majorCompactions++
    this.compactedFiles += inputs.length
    this.compactedBytes += bytes
    this.compactionDurations.record(endedUs - startedUs)
  }

  rolled({ reason, atUs }: Roll): void {
    if (this.#isMeasured(atUs)) this.rolls[reason]++
  }

  refused(kind: Refusal, atUs: number): void {
    if (this.#isMeasured(atUs)) this.refusals[kind]++
  }

  /** A write was answered. */
  answered(sentUs: number, acknowledgedUs: number): void {
    this.writeLatency.record(sentUs, acknowledgedUs)
  }

  /** A read was answered. */
  read(sentUs: number, answeredUs: number): void {
    if (this.#isMeasured(answeredUs)) this.readLatency.record(answeredUs - sentUs)
  }

  /**
   * What a level is now. For an exact maximum it is told before anything that lowers it and after
   * anything that raises it in steps.
   */
  note(level: keyof Levels, value: number, nowUs: number): void {
    if (!this.#isMeasured(nowUs)) return
    if (value > this.levels[level]) this.levels[level] = value
  }

  /**
   * The 99.9th percentile of write latency in the measured windows of time in which a flush made
   * writes wait, and in those without; null where there are none.
   */
  writeP999Us(): { stalled: number | null; calm: number | null } {
    const { writeLatency } = this
    const windows = Array.from({ length: writeLatency.windows }, (_, window) => window)
    const measured = windows.slice(writeLatency.windowAt(this.#fromUs))
    const quantile = (stalled: number) => {
      const chosen = measured.filter((window) => this.#stalledWindows[window] === stalled)
      return writeLatency.quantile(0.999, chosen)
    }
    return { stalled: quantile(1), calm: quantile(0) }
  }

  /** The timeline of the server that flushed most; null if none flushed or compacted anything. */
  busiest(): ServerTimeline | null {
    let busiest: [string, ServerRecord] | null = null
    for (const entry of this.#servers) {
      if (busiest === null || isBusier(entry, busiest)) busiest = entry
    }
    if (busiest === null) return null
    const [server, { flushes, compactions }] = busiest
    return { server, flushes: flushes.intervals(), compactions: compactions.intervals() }
  }

  #noteStall(lockedUs: number, unlockedUs: number): void {
    const last = this.writeLatency.windowAt(unlockedUs)
    for (let window = this.writeLatency.windowAt(lockedUs); window <= last; window++) {
      this.#stalledWindows[window] = 1
    }
  }

  #isMeasured(atUs: number): boolean {
    return atUs >= this.#fromUs && atUs < this.#untilUs
  }

  #server(name: string): ServerRecord {
    const known = this.#servers.get(name)
    if (known !== undefined) return known
    const record = {
      flushedBytes: 0,
      flushes: new ActivityTimeline(MOST_INTERVALS),
      compactions: new ActivityTimeline(MOST_INTERVALS),
    }
    this.#servers.set(name, record)
    return record
  }
}

interface ServerRecord {
  flushedBytes: number
  readonly flushes: ActivityTimeline
  readonly compactions: ActivityTimeline
}

/** Names decide between equals, so that the order of records does not. */
function isBusier([name, record]: [string, ServerRecord], [other, most]: [string, ServerRecord]) {
  const difference = record.flushedBytes - most.flushedBytes
  return difference > 0 || (difference === 0 && name < other)
}
