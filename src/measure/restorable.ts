import { IntervalSet } from '../kernel/interval-set.js'
import type { EditCount } from './acknowledgements.js'
import type { FileClass } from './covered-file.js'
import type { OpenStreams, StreamSurvival } from './open-streams.js'
import type { PeerLog } from './peer-log.js'
import { type MeasuredWindow, RecoveryPoint } from './recovery-point.js'
import type { StagedFiles } from './staged-files.js'
import { UnsafeEdits } from './unsafe-edits.js'
import type { WalCover } from './wal-cover.js'

/** Everything that may hold the edits of one peer, its store apart. */
export interface PeerHolders {
  readonly logs: readonly PeerLog[]
  readonly wals: WalCover
  readonly staging: StagedFiles
  readonly streams: OpenStreams
  /** Number of the rack that a server stands in. */
  rackOf(server: string): number
}

/** What a disaster of one class leaves beside the store. */
export interface Survival {
  /** Files of HDFS, as far as they survive this; null if all are gone. */
  readonly files: FileClass | null
  /** The open streams that come to the store all the same; null if none does. */
  readonly streams: StreamSurvival | null
  /** What one disaster strikes, if not all there is: the worst choice counts. */
  readonly strikes: 'server' | 'rack' | null
}

/** A count of edits of one log, range by range. */
type CountRange = (log: PeerLog, from: number, to: number) => EditCount

/** When and how badly a claim was first found wanting. */
export interface BrokenClaim {
  readonly firstUs: number
  /** Most confirmed edits that one disaster would have made unrestorable. */
  readonly maxEdits: number
}

/**
 * Which edits would be restorable if a disaster of one class struck now: those that are settled, in
 * a surviving staged file, in a surviving WAL that no offset has passed, or in an open stream whose
 * process lives on. Kept up to date range by range as these change.
 *
 * An edit that a rack's loss would take from a file counts for every rack: which replicas stand
 * where is for HDFS to know.
 */
export class Restorable {
  readonly recoveryPoint: RecoveryPoint
  readonly #unsafe: UnsafeEdits[] = []
  #claim: BrokenClaim | null = null
  #streamsKept: boolean
  /** Whether more confirmed edits may be unsafe than at the last look. */
  #lessSafe = false
  /** Whether an edit that was safe, or one that is confirmed, may be unsafe. */
  #taken = false

  constructor(
    readonly survival: Survival,
    private readonly holders: PeerHolders,
    window: MeasuredWindow,
  ) {
    this.#streamsKept = survival.streams !== null
    this.recoveryPoint = new RecoveryPoint(this.#unsafe, (nowUs) => this.atRisk(nowUs), window)
  }

  addLog(log: PeerLog): void {
    this.#unsafe.push(new UnsafeEdits(log))
  }

  unsafe(log: number): UnsafeEdits {
    return this.#unsafe[log]
  }

  /** More keeps these edits than before; in a WAL they count while no offset has passed them. */
  keep(log: number, from: number, to: number, nowUs: number): void {
    const unsafe = this.#unsafe[log]
    if (unsafe.safe.covers(from, to)) return
    this.recoveryPoint.changing(nowUs)
    unsafe.add(from, to)
    this.recoveryPoint.changed(log)
  }

  /** These edits of a WAL's tail were safe before their clients had an answer. */
  keepTail(log: number, from: number, to: number): void {
    const { confirmed } = this.holders.logs[log]
    confirmed.forEachGapIn(from, to, (start, end) => this.#unsafe[log].add(start, end))
  }

  /** Fewer keep these edits than before: what is safe without them? */
  loosen(log: number, from: number, to: number, nowUs: number): void {
    const { logs, staging } = this.holders
    const { files } = this.survival
    if (logs[log].settled.covers(from, to)) return
    if (files !== null && staging.edits(files, log).covers(from, to)) return
    this.#lessSafe = true
    const unsafe = this.#unsafe[log]
    const safeNow = unsafe.safe.countIn(from, to)
    if (safeNow < to - from) this.#taken = true
    if (safeNow === 0) return
    const left = this.#keptIn(log, from, to)
    if (left.size === safeNow) return
    this.#taken = true
    this.recoveryPoint.changing(nowUs)
    left.forEachGapIn(from, to, (start, end) => unsafe.remove(start, end))
    this.recoveryPoint.changed(log)
  }

  /** A persisted offset has passed these edits, which it had not: no source reads them again. */
  confirm(log: number, from: number, to: number, nowUs: number): void {
    this.#unsafe[log].confirm(from, to)
    this.loosen(log, from, to, nowUs)
  }

  /** Which open streams keep an edit. */
  get streams(): StreamSurvival | null {
    return this.#streamsKept ? this.survival.streams : null
  }

  /** Open streams are about to change: what only one server has may be another's, or nobody's. */
  streamsChanging(nowUs: number): void {
    if (this.survival.strikes === null) return
    this.recoveryPoint.changing(nowUs)
    if (this.confirmedAtRisk > 0) this.#lessSafe = true
  }

  /** Open streams come to nothing while the store does not answer. */
  keepStreams(kept: boolean, nowUs: number): void {
    const { streams } = this.survival
    if (streams === null || this.#streamsKept === kept) return
    this.#streamsKept = kept
    this.holders.logs.forEach((_, log) => {
      const edits = this.holders.streams.edits(log, streams)
      edits.forEachIn(0, Number.POSITIVE_INFINITY, (from, to) => {
        if (kept) this.keep(log, from, to, nowUs)
        else this.loosen(log, from, to, nowUs)
      })
    })
  }

  /** Acknowledged edits that one disaster would take now, at worst. */
  atRisk(nowUs: number): EditCount {
    const total = { edits: 0, bytes: 0 }
    for (const unsafe of this.#unsafe) add(total, unsafe.count(nowUs))
    return this.#worst(total, ({ acknowledgements, wanted }, from, to) =>
      acknowledgements.countIn(from, to, nowUs, wanted),
    )
  }

  /** Confirmed edits that are not safe. */
  get confirmedAtRisk(): number {
    return this.#unsafe.reduce((sum, { confirmed }) => sum + confirmed, 0)
  }

  /**
   * Edits of each log that are unsafe, and answered or confirmed: what the server has not done with
   * is no loss.
   */
  lostNow(): IntervalSet[] {
    if (!this.#taken) return []
    const lost = this.#unsafe.map((unsafe) => unsafe.answered())
    this.#taken = lost.some(({ size }) => size > 0)
    return lost
  }

  /**
   * Notes what confirmed edits were exposed to from `sinceUs` until now, if to anything. A claim is
   * about one disaster: while an earlier one has left staged files short of replicas, nothing is
   * noted that would be due to the loss of further ones.
   */
  noteClaim(sinceUs: number): void {
    if (!this.#lessSafe || (this.#spendsReplicas && this.holders.staging.shortOfReplicas)) return
    this.#lessSafe = false
    const total = { edits: this.confirmedAtRisk, bytes: 0 }
    if (total.edits === 0) return
    const { edits } = this.#worst(total, (log, from, to) => ({
      edits: log.confirmedIn(from, to),
      bytes: 0,
    }))
    if (edits === 0) return
    const { firstUs, maxEdits } = this.#claim ?? { firstUs: sinceUs, maxEdits: 0 }
    this.#claim = { firstUs, maxEdits: Math.max(maxEdits, edits) }
  }

  get brokenClaim(): BrokenClaim | null {
    return this.#claim
  }

  get #spendsReplicas(): boolean {
    const { files } = this.survival
    return files !== null && files !== 'region-server-crash'
  }

  #keptIn(log: number, from: number, to: number): IntervalSet {
    const { logs, wals, staging, streams } = this.holders
    const { settled, confirmed } = logs[log]
    const kept = new IntervalSet()
    const add = (start: number, end: number) => {
      kept.add(start, end)
    }
    settled.forEachIn(from, to, add)
    if (this.streams !== null) streams.edits(log, this.streams).forEachIn(from, to, add)
    const { files } = this.survival
    if (files === null) return kept
    staging.edits(files, log).forEachIn(from, to, add)
    wals.edits(files, log).forEachIn(from, to, (start, end) => {
      confirmed.forEachGapIn(start, end, add)
    })
    return kept
  }

  /** Of `total`, what only one server's or rack's streams hold is lost with that one alone. */
  #worst(total: EditCount, count: CountRange): EditCount {
    const { strikes } = this.survival
    if (strikes === null || total.edits === 0) return total
    const held = new Map<string, EditCount>()
    const inStreams = { edits: 0, bytes: 0 }
    this.#unsafe.forEach((unsafe, log) => {
      for (const [server, edits] of this.holders.streams.byServer(log)) {
        edits.forEachIn(0, unsafe.log.length, (from, to) => {
          unsafe.forEachIn(from, to, (start, end) => {
            const part = count(unsafe.log, start, end)
            const struck = strikes === 'server' ? server : `${this.holders.rackOf(server)}`
            const sum = held.get(struck) ?? { edits: 0, bytes: 0 }
            held.set(struck, sum)
            add(sum, part)
            add(inStreams, part)
          })
        })
      }
    })
    const worst = { edits: 0, bytes: 0 }
    for (const { edits, bytes } of held.values()) {
      worst.edits = Math.max(worst.edits, edits)
      worst.bytes = Math.max(worst.bytes, bytes)
    }
    return {
      edits: total.edits - inStreams.edits + worst.edits,
      bytes: total.bytes - inStreams.bytes + worst.bytes,
    }
  }
}

function add(sum: EditCount, { edits, bytes }: EditCount): void {
  sum.edits += edits
  sum.bytes += bytes
}
