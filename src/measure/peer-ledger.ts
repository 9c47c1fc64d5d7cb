import type { EditLog } from '../hbase/edit-log.js'
import { Progress, progressOf } from '../hbase/progress.js'
import type { ProgressReader } from '../kernel/event-stream.js'
import { IntervalSet } from '../kernel/interval-set.js'
import type { Extent } from '../storage/extent.js'
import type { HdfsFile } from '../storage/hdfs/hdfs-file.js'
import type { StoredObject } from '../storage/s3/external-store.js'
import type { Acknowledgements } from './acknowledgements.js'
import { Histogram } from './histogram.js'
import { allExcept, only, RecoveryPoint } from './recovery-point.js'
import { TimeShare } from './time-share.js'

/** The window in which time-weighted measures are taken. */
export interface MeasuredWindow {
  readonly fromUs: number
  readonly untilUs: number
}

/**
 * What became of every edit for one peer: accepted, confirmed, in staging, stored, and from that
 * what each disaster would cost. It reads extents of files and progress events, nothing that an
 * endpoint says of itself.
 */
export class PeerLedger implements ProgressReader {
  readonly clusterLoss: RecoveryPoint
  readonly regionServerCrash: RecoveryPoint
  readonly confirmLatency = new Histogram()
  readonly storeLatency = new Histogram()
  readonly objectBytes = new Histogram()
  readonly confirmedNotStored: TimeShare
  acceptedEdits = 0
  confirmedEdits = 0
  storedEdits = 0
  duplicateEdits = 0
  /** Instant of the first hole; null while there is none. */
  firstHoleUs: number | null = null
  /** Called when an object has been accounted for. */
  onStored: () => void = () => {}
  readonly #now: () => number
  readonly #fromUs: number
  readonly #logs: readonly Acknowledgements[]
  readonly #accepted: IntervalSet[] = []
  readonly #confirmed: IntervalSet[] = []
  readonly #stored: IntervalSet[] = []
  /** Edits in staged files, as far as these survive a crash of the server. */
  readonly #staged: IntervalSet[] = []
  /** Confirmed edits that are in no file that anybody would ship: holes. */
  readonly #exposed: IntervalSet[] = []

  /** @param now the simulated clock */
  constructor(logs: readonly Acknowledgements[], window: MeasuredWindow, now: () => number) {
    this.#logs = logs
    this.#now = now
    this.#fromUs = window.fromUs
    for (const _ of logs) {
      this.#accepted.push(new IntervalSet())
      this.#confirmed.push(new IntervalSet())
      this.#stored.push(new IntervalSet())
      this.#staged.push(new IntervalSet())
      this.#exposed.push(new IntervalSet())
    }
    const { fromUs, untilUs } = window
    this.confirmedNotStored = new TimeShare(fromUs, untilUs)
    this.clusterLoss = new RecoveryPoint(
      logs.map((log, i) => allExcept(log, this.#stored[i] as IntervalSet)),
      fromUs,
      untilUs,
    )
    this.regionServerCrash = new RecoveryPoint(
      logs.map((log, i) => only(log, this.#exposed[i] as IntervalSet)),
      fromUs,
      untilUs,
    )
  }

  progress(kind: number, timeUs: number, log: number, from: number, to: number): void {
    if (progressOf(kind) === Progress.accepted) {
      this.acceptedEdits += (this.#accepted[log] as IntervalSet).add(from, to)
    } else if (progressOf(kind) === Progress.confirmed) this.#confirm(timeUs, log, from, to)
  }

  /** A staged file has grown safe up to its flushed length. */
  stagedFileSynced(file: HdfsFile): void {
    let bytes = file.survivingBytes('region-server-crash')
    for (const extent of file.extents) {
      const to = bytes >= extent.bytes ? extent.to : this.#cut(extent, bytes)
      this.#staged[extent.log]?.add(extent.from, to)
      bytes = Math.max(0, bytes - extent.bytes)
    }
  }

  /** A staged file is gone; `others` are those still there. */
  stagedFileDeleted(extents: readonly Extent[], others: Iterable<HdfsFile>): void {
    for (const { log, from, to } of extents) this.#staged[log]?.remove(from, to)
    for (const file of others) this.stagedFileSynced(file)
    for (const { log, from, to } of extents) this.#expose(log, from, to)
  }

  /** An object of this peer is visible at the store. */
  stored(object: StoredObject): void {
    const nowUs = this.#now()
    this.objectBytes.record(object.bytes)
    this.clusterLoss.changing(nowUs)
    this.regionServerCrash.changing(nowUs)
    let confirmed = 0
    const touched = new Set<number>()
    for (const { log, from, to } of object.extents) {
      confirmed += this.#store(log, from, to, nowUs)
      touched.add(log)
    }
    for (const log of touched) {
      this.clusterLoss.changed(log, nowUs)
      this.regionServerCrash.changed(log, nowUs)
    }
    this.confirmedNotStored.add(-confirmed, nowUs)
    this.onStored()
  }

  /** Edits that are neither here nor on their way and were confirmed all the same. */
  get holes(): { edits: number; bytes: number } {
    let edits = 0
    let bytes = 0
    this.#exposed.forEach((exposed, log) => {
      edits += exposed.size
      const acknowledgements = this.#logs[log]
      exposed.forEachIn(0, Number.MAX_SAFE_INTEGER, (from, to) => {
        bytes += acknowledgements?.source.log.bytesOf(from, to) ?? 0
      })
    })
    return { edits, bytes }
  }

  /** First edit of log `log` whose columns this peer still needs. */
  firstNeeded(log: number): number {
    const stored = (this.#stored[log] as IntervalSet).firstGapAt(0)
    return Math.min(stored, (this.#confirmed[log] as IntervalSet).firstGapAt(0))
  }

  /** Write time of the oldest edit that no persisted offset has passed; null if there is none. */
  oldestUnconfirmedUs(): number | null {
    let oldest: number | null = null
    this.#logs.forEach(({ source }, i) => {
      const first = (this.#confirmed[i] as IntervalSet).firstGapAt(0)
      if (first >= source.log.length) return
      const writtenUs = source.log.writtenUs(first)
      if (oldest === null || writtenUs < oldest) oldest = writtenUs
    })
    return oldest
  }

  /** Newly stored edits are timed; returns how many of them were confirmed before. */
  #store(log: number, from: number, to: number, nowUs: number): number {
    const stored = this.#stored[log] as IntervalSet
    const confirmed = this.#confirmed[log] as IntervalSet
    const { log: edits } = (this.#logs[log] as Acknowledgements).source
    let confirmedBefore = 0
    stored.forEachGapIn(from, to, (gapFrom, gapTo) => {
      confirmedBefore += confirmed.countIn(gapFrom, gapTo)
      this.#time(this.storeLatency, edits, gapFrom, gapTo, nowUs)
    })
    const fresh = stored.add(from, to)
    this.storedEdits += fresh
    this.duplicateEdits += to - from - fresh
    this.#exposed[log]?.remove(from, to)
    return confirmedBefore
  }

  #confirm(nowUs: number, log: number, from: number, to: number): void {
    const { log: edits } = (this.#logs[log] as Acknowledgements).source
    const stored = this.#stored[log] as IntervalSet
    const confirmed = this.#confirmed[log] as IntervalSet
    let notStored = 0
    confirmed.forEachGapIn(from, to, (gapFrom, gapTo) => {
      notStored += gapTo - gapFrom - stored.countIn(gapFrom, gapTo)
      this.#time(this.confirmLatency, edits, gapFrom, gapTo, nowUs)
    })
    this.confirmedEdits += confirmed.add(from, to)
    this.confirmedNotStored.add(notStored, nowUs)
    this.#expose(log, from, to)
  }

  /** Records how long ago edits were written, if that was not before the window. */
  #time(latency: Histogram, edits: EditLog, from: number, to: number, nowUs: number): void {
    edits.forEachSegment(from, to, ({ writtenUs }, start, end) => {
      for (let i = start; i < end; i++) {
        const sinceUs = writtenUs[i] as number
        if (sinceUs >= this.#fromUs) latency.record(nowUs - sinceUs)
      }
    })
  }

  /** Marks what of `[from, to)` is confirmed and in no surviving file. */
  #expose(log: number, from: number, to: number): void {
    const confirmed = this.#confirmed[log] as IntervalSet
    const stored = this.#stored[log] as IntervalSet
    const staged = this.#staged[log] as IntervalSet
    const bare: [number, number][] = []
    confirmed.forEachIn(from, to, (a, b) => {
      stored.forEachGapIn(a, b, (c, d) => {
        staged.forEachGapIn(c, d, (e, f) => {
          bare.push([e, f])
        })
      })
    })
    if (bare.length === 0) return
    const nowUs = this.#now()
    this.regionServerCrash.changing(nowUs)
    for (const [a, b] of bare) this.#exposed[log]?.add(a, b)
    this.regionServerCrash.changed(log, nowUs)
    this.firstHoleUs ??= nowUs
  }

  #cut(extent: Extent, bytes: number): number {
    const log = this.#logs[extent.log]?.source.log
    return log === undefined ? extent.from : log.lastWithin(extent.from, extent.to, bytes)
  }
}
