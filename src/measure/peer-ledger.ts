import { Progress, progressOf } from '../hbase/progress.js'
import type { EditLog } from '../hbase/wal/edit-log.js'
import type { ProgressReader } from '../kernel/event-stream.js'
import type { DisasterClass } from '../storage/disaster.js'
import type { Extent } from '../storage/extent.js'
import type { StoredObject } from '../storage/s3/external-store.js'
import type { Acknowledgements, EditCount } from './acknowledgements.js'
import { type CoveredFile, FILE_CLASSES, type FileClass } from './covered-file.js'
import { Histogram } from './histogram.js'
import type { Loss } from './lost-edits.js'
import { OpenStreams, type WrittenStream } from './open-streams.js'
import { type LogWriter, PeerLog } from './peer-log.js'
import { PeerLosses } from './peer-losses.js'
import { PeerRisks, type RiskClass } from './peer-risks.js'
import type { MeasuredWindow, RecoveryPoint } from './recovery-point.js'
import type { BrokenClaim } from './restorable.js'
import { StagedFiles } from './staged-files.js'
import { StoredObjects } from './stored-objects.js'
import { TimeShare } from './time-share.js'
import type { WalCover, WalReader } from './wal-cover.js'

export interface PeerLedgerOptions {
  readonly window: MeasuredWindow
  readonly now: () => number
  readonly wals: WalCover
  /** Whether the peer wants a region's edits, the same for the whole run; null: it wants all. */
  readonly wants?: ((region: number) => boolean) | null
}

/**
 * What became of every edit for one peer: accepted, confirmed, in staging, stored, and from that
 * what each disaster would cost. It reads progress, files, streams and objects, nothing that an
 * endpoint says of itself.
 *
 * Whatever happens at one instant happens together: what was wrong for no time is not counted.
 */
export class PeerLedger implements ProgressReader, WalReader {
  readonly confirmLatency = new Histogram()
  readonly storeLatency = new Histogram()
  readonly confirmedNotStored: TimeShare
  readonly staging: StagedFiles
  readonly objects = new StoredObjects()
  acceptedEdits = 0
  confirmedEdits = 0
  /** Edits that an object of the same key replaced in the store, long after all was done. */
  overwrittenEdits = 0
  /** Called when an object has been accounted for. */
  onStored: () => void = () => {}
  readonly #now: () => number
  readonly #fromUs: number
  readonly #wants: ((region: number) => boolean) | null
  readonly #wals: WalCover
  readonly #logs: PeerLog[] = []
  readonly #racks = new Map<string, number>()
  readonly #streams: OpenStreams
  readonly #risks: PeerRisks
  readonly #losses: PeerLosses
  /** Whether the peer is there for servers that start: else nothing is owed to it of their logs. */
  #exists = true
  /** Logs of which the peer is not, or not yet, owed anything. */
  readonly #notOwed = new Set<number>()
  /** The last instant at which something happened. */
  #instantUs = 0

  constructor({ window, now, wals, wants = null }: PeerLedgerOptions) {
    this.#now = now
    this.#fromUs = window.fromUs
    this.#wants = wants
    this.#wals = wals
    const editsOf = (log: number) => this.#editsOf(log)
    this.staging = new StagedFiles(editsOf)
    this.#streams = new OpenStreams(editsOf)
    this.confirmedNotStored = new TimeShare(window.fromUs, window.untilUs)
    const holders = {
      logs: this.#logs,
      wals,
      staging: this.staging,
      streams: this.#streams,
      rackOf: (server: string) => this.#racks.get(server) ?? -1,
    }
    this.#risks = new PeerRisks(holders, window)
    this.#losses = new PeerLosses(holders, this.#risks)
    wals.subscribe(this)
  }

  /** The log with the next id: every incarnation of a server has one per WAL group. */
  addLog(acknowledgements: Acknowledgements, { server, rack }: LogWriter): void {
    const log = new PeerLog(acknowledgements, this.#wants)
    this.#logs.push(log)
    this.#racks.set(server, rack)
    this.objects.addLog()
    this.#risks.addLog(log)
    // A peer that is added later finds WALs.
    const { id } = acknowledgements.source.log
    if (!this.#exists) this.#notOwed.add(id)
    for (const survival of FILE_CLASSES) {
      const inWals = this.#wals.edits(survival, id)
      inWals.forEachIn(0, log.length, (from, to) => this.tailGrown(survival, id, from, to))
    }
  }

  progress(kind: number, _timeUs: number, log: number, from: number, to: number): void {
    const progress = progressOf(kind)
    if (progress === Progress.accepted) {
      this.acceptedEdits += this.#logs[log].accepted.add(from, to)
    } else if (progress === Progress.confirmed) this.#confirm(log, from, to)
    else if (progress === Progress.filtered) this.#letGo(log, from, to, this.#begin())
  }

  /** The peer is not there from now on: what it has not got, and what is written, it is not owed. */
  remove(): void {
    const nowUs = this.#begin()
    this.#exists = false
    for (const [log, { length }] of this.#logs.entries()) {
      this.#notOwed.add(log)
      this.#letGo(log, 0, length, nowUs)
    }
    this.#noteNotStored(nowUs)
  }

  /** The peer is there for servers that start from now on. */
  add(): void {
    this.#exists = true
  }

  /** The peer is owed log `log` from its edit `from` on, but for what the store has of it. */
  owe(log: number, from: number): void {
    const nowUs = this.#begin()
    this.#notOwed.delete(log)
    const { confirmed, settled, length } = this.#logs[log]
    this.objects.edits(log).forEachGapIn(from, length, (start, end) => {
      confirmed.remove(start, end)
      settled.remove(start, end)
      this.#risks.unsettle(log, start, end, nowUs)
    })
  }

  /** These answered edits of a server that died are in no WAL (ASYNC_WAL): nobody is owed them. */
  diedUnwritten(log: number, from: number, to: number): void {
    this.#letGo(log, from, to, null)
  }

  /** A FileWatcher for the files below the peer's staging directory. */
  readonly stagingWatcher = {
    changing: () => {},
    changed: (file: CoveredFile) => this.#stagedFileChanged(file),
  }

  /** A StreamWatcher for the streams to the peer's store that a process of `server` writes. */
  streamWatcher(server: string) {
    return {
      changing: () => {},
      changed: (stream: WrittenStream, what: 'written' | 'gone') => {
        const nowUs = this.#begin()
        this.#risks.streamsChanging(nowUs)
        this.#streams[what](server, stream, (...change) => this.#risks.inStream(...change, nowUs))
      },
    }
  }

  /** The store begins or ceases to answer: a clean abort closes its files only if it does. */
  storeAnswers(answers: boolean): void {
    this.#risks.storeAnswers(answers, this.#begin())
  }

  /** An object of this peer is visible at the store, and `replaced` is not any more. */
  stored(object: StoredObject, replaced: StoredObject | null = null): void {
    const nowUs = this.#begin()
    this.objects.bytes.record(object.bytes)
    for (const extent of object.extents) this.#store(extent, nowUs)
    for (const extent of replaced?.extents ?? []) {
      this.objects.remove(extent, (from, to) => this.#unsettle(extent.log, from, to, nowUs))
    }
    this.#noteNotStored(nowUs)
    this.onStored()
  }

  tailGrown(survival: FileClass, log: number, from: number, to: number): void {
    if (log >= this.#logs.length) return
    if (this.#notOwed.has(log)) this.#letGo(log, from, to, null)
    else this.#risks.tailGrown(survival, log, from, to)
  }

  walChanged(survival: FileClass, log: number, from: number, to: number, covered: boolean): void {
    if (log >= this.#logs.length) return
    if (covered && this.#notOwed.has(log)) this.#letGo(log, from, to, null)
    else this.#risks.inWal(survival, log, from, to, covered, this.#pass(false))
  }

  /**
   * A disaster has struck at this instant: its servers are dead, its files cut, its streams gone.
   * What nobody can restore or send any more is lost, and no longer at risk; holes that were there
   * before stay holes. With `cluster-loss` and `hdfs-loss` all is lost that is not stored, unless a
   * request under way or a clean abort still brings it there.
   *
   * @param target what was struck, e.g. `rs2`; null if all there is
   */
  strike(kind: DisasterClass, target: string | null = null): void {
    const nowUs = this.#begin()
    if (kind === 'store-loss') this.#loseStore(nowUs)
    else this.#losses.strike(kind, target, nowUs)
    this.#noteNotStored(nowUs)
  }

  /** Time-weighted measures end here: a total disaster has struck, or the workload is over. */
  close(): void {
    const nowUs = this.#begin()
    this.#risks.close(nowUs)
    this.confirmedNotStored.close(nowUs)
  }

  /** Now is looked at: what recovery points tell of this instant holds. */
  look(): void {
    this.#begin()
  }

  /** RPO over the measured window. */
  recoveryPoint(risk: RiskClass): RecoveryPoint {
    return this.#risks.of(risk).recoveryPoint
  }

  /** RPO now, in microseconds. */
  rpoUs(risk: RiskClass): number {
    return this.recoveryPoint(risk).valueUs(this.#begin())
  }

  /** Acknowledgement time of the oldest edit at risk now; Infinity if there is none. */
  oldestAtRiskUs(risk: RiskClass): number {
    return this.recoveryPoint(risk).oldestUs(this.#begin())
  }

  /** Acknowledged edits that one disaster would take now, at worst. */
  atRisk(risk: RiskClass): EditCount {
    return this.#risks.of(risk).atRisk(this.#begin())
  }

  /** Edits that the store has. */
  get storedEdits(): number {
    return this.objects.count
  }

  /** When a confirmed edit first did not survive `risk`, and how many at most; null if never. */
  brokenClaim(risk: RiskClass): BrokenClaim | null {
    this.#begin()
    return this.#risks.of(risk).brokenClaim
  }

  /** Acknowledged edits that are unrestorable now without any disaster, and since when any was. */
  holes(): EditCount & { firstUs: number | null } {
    const nowUs = this.#begin()
    const { recoveryPoint } = this.#risks.noDisaster
    recoveryPoint.changing(nowUs)
    return { ...this.#risks.noDisaster.atRisk(nowUs), firstUs: recoveryPoint.firstUs }
  }

  /** The most of them at once. */
  mostHoles(): EditCount & { firstUs: number | null } {
    const now = this.holes()
    if (now.firstUs === null) return now
    const { maxEdits, maxBytes } = this.#risks.noDisaster.recoveryPoint
    return { edits: maxEdits, bytes: maxBytes, firstUs: now.firstUs }
  }

  /** Wanted acknowledged edits that no disaster destroyed and that are not stored. */
  missing(): number {
    return this.atRisk('cluster-loss').edits + this.overwrittenEdits
  }

  /** What each disaster that struck took, as it looks now. */
  losses(): Loss[] {
    return this.#losses.losses(this.#begin())
  }

  /** Operations acknowledged and now beyond restoring and sending, ascending; null: store lost. */
  lostOperations(): Float64Array | null {
    return this.#losses.lostOperations(this.#begin())
  }

  /** Stored edits whose client has no answer: they may survive, and nobody was promised that. */
  unacknowledgedStored(): number {
    const nowUs = this.#begin()
    return this.#logs.reduce((sum, log) => sum + log.settledUnacknowledged(nowUs), 0)
  }

  /** First edit of log `log` whose columns this peer still needs. */
  firstNeeded(log: number): number {
    const { settled, confirmed } = this.#logs[log]
    this.#risks.storeLoss.released(log).settle(this.#now())
    const staged = this.staging.edits('region-server-crash', log).firstAt(0)
    return Math.min(settled.firstGapAt(0), confirmed.firstGapAt(0), staged)
  }

  /** Write time of the oldest edit in a WAL that no offset has passed; null if there is none. */
  oldestUnconfirmedUs(): number | null {
    this.#begin()
    let oldestUs: number | null = null
    this.#logs.forEach(({ acknowledgements, confirmed, wanted, length }, log) => {
      const inWal = this.#wals.edits('region-server-crash', log)
      let edit = confirmed.firstGapAt(0)
      while (edit < length && !(inWal.has(edit) && wanted.has(edit))) {
        edit = confirmed.firstGapAt(inWal.firstAt(edit + 1))
      }
      if (edit >= length) return
      const writtenUs = acknowledgements.source.log.writtenUs(edit)
      if (oldestUs === null || writtenUs < oldestUs) oldestUs = writtenUs
    })
    return oldestUs
  }

  /** Everybody is brought up to now before anything changes or is asked. */
  #begin(): number {
    return this.#pass(true)
  }

  #pass(refresh: boolean): number {
    const nowUs = this.#now()
    const later = nowUs > this.#instantUs
    if (later) this.#risks.noteClaims(this.#instantUs)
    if (refresh) this.#wals.refresh()
    if (later) this.#losses.noteHoles()
    this.#instantUs = nowUs
    return nowUs
  }

  #confirm(log: number, from: number, to: number): void {
    const nowUs = this.#begin()
    const { confirmed } = this.#logs[log]
    const fresh: [number, number][] = []
    confirmed.forEachGapIn(from, to, (start, end) => fresh.push([start, end]))
    for (const [start, end] of fresh) {
      this.#logs[log].recordAges(this.confirmLatency, start, end, nowUs, this.#fromUs)
      confirmed.add(start, end)
      this.confirmedEdits += this.#logs[log].everConfirmed.add(start, end)
      this.#risks.confirm(log, start, end, nowUs)
    }
    this.#losses.letGo(nowUs)
    this.#noteNotStored(nowUs)
  }

  /**
   * Nothing has to be done for these any more, and nothing is counted: a filter has passed them over,
   * or the peer is not there.
   *
   * @param nowUs null for edits that nobody had an answer to when they were last looked at
   */
  #letGo(log: number, from: number, to: number, nowUs: number | null): void {
    const { confirmed, settled } = this.#logs[log]
    settled.add(from, to)
    if (nowUs === null) this.#risks.settleTail(log, from, to)
    else this.#risks.settle(log, from, to, nowUs)
    confirmed.add(from, to)
    this.#risks.storeLoss.released(log).leaveOut(from, to)
  }

  #stagedFileChanged(file: CoveredFile): void {
    const nowUs = this.#begin()
    this.staging.look(file, (...change) => this.#risks.staged(...change, nowUs))
    if (file.deleted) this.#losses.letGo(nowUs)
  }

  /** Newly stored edits are timed. */
  #store(extent: Extent, nowUs: number): void {
    const { log, from, to } = extent
    const peerLog = this.#logs[log]
    this.#losses.found(log, from, to)
    peerLog.settled.forEachGapIn(from, to, (start, end) =>
      peerLog.recordAges(this.storeLatency, start, end, nowUs, this.#fromUs),
    )
    peerLog.settled.add(from, to)
    this.objects.add(extent)
    this.#risks.settle(log, from, to, nowUs)
  }

  #unsettle(log: number, from: number, to: number, nowUs: number): void {
    const first = Math.min(to, Math.max(from, this.#editsOf(log).firstRetained))
    this.overwrittenEdits += first - from
    this.#logs[log].settled.remove(first, to)
    this.#risks.unsettle(log, first, to, nowUs)
  }

  /** What the cluster still has, it will send to the store once more. */
  #loseStore(nowUs: number): void {
    this.objects.loseAll()
    this.#losses.loseStore(nowUs).forEach((edits, log) => {
      edits.forEachIn(0, Number.MAX_SAFE_INTEGER, (from, to) =>
        this.#unsettle(log, from, to, nowUs),
      )
    })
  }

  #noteNotStored(nowUs: number): void {
    const { confirmedAtRisk } = this.#risks.clusterLoss
    this.confirmedNotStored.add(confirmedAtRisk - this.confirmedNotStored.value, nowUs)
  }

  #editsOf(log: number): EditLog {
    return this.#logs[log].acknowledgements.source.log
  }
}
