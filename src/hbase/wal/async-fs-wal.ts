import { invariant } from '../../kernel/errors.js'
import { CallKind } from '../regionserver/call-kind.js'
import { SlotRing } from '../regionserver/slot-ring.js'
import type { WriteCalls } from '../regionserver/write-calls.js'
import type { WalGroupWrites } from '../regionserver/write-path-options.js'
import type { EditLog } from './edit-log.js'
import { ForceSync, isUnawaited } from './force-sync.js'
import { OutstandingSyncs } from './outstanding-syncs.js'
import type { RingBufferOptions, RingBufferWal } from './ring-buffer-wal.js'
import type { RollReason } from './roll-record.js'
import type { Wal } from './wal.js'

const NEVER = Number.POSITIVE_INFINITY

/**
 * HBase's AsyncFSWAL, one per WAL group: the ring buffer, its consumer, the pipelined syncs of the
 * stream. It is a part of the lazy write path, which plays its steps when they are due.
 *
 * When the stream breaks, the entries without an acknowledgement go back to the front, to be
 * written again to the file that the roll brings; no client hears of it. The break is noticed by
 * the syncs under way, else by the next one (`AsyncFSWAL.syncFailed`). One simplification: a turn
 * of the consumer ends with the break that interrupts it, and is begun anew; effect: microseconds.
 *
 * What nobody waits for (ASYNC_WAL) is written to the stream and stays in its buffer, in the memory
 * of the server, until a sync is due: because somebody waits for a later append, because
 * `hbase.wal.batch.size` is unsynced, or because the WAL is rolled (`AsyncFSWAL.consume`).
 */
export class AsyncFSWAL implements RingBufferWal {
  readonly log: EditLog
  /** When the consumer's turn ends, or begins if it has no batch; Infinity if it has no work. */
  consumerDueUs = NEVER
  readonly #calls: WriteCalls
  readonly #group: WalGroupWrites
  readonly #options: RingBufferOptions
  /** Appended to the ring buffer, not yet taken by the consumer. */
  #published = new SlotRing()
  /** Taken by the consumer: being written, or written and unacknowledged by the file system. */
  #unacked = new SlotRing()
  readonly #syncs = new OutstandingSyncs()
  #wal: Wal
  #consumed = 0
  #synced = 0
  /** Written, or being written, and part of no sync yet; of these, for how many somebody waits. */
  #batchEdits = 0
  #batchBytes = 0
  #awaited = 0
  readonly #forceSync: ForceSync
  /** When the last byte handed to the WAL's stream is sent: the stream sends one after another. */
  #sentUs = 0
  #lastSyncUs = 0
  /** Bytes of calls that are known and not yet written to the WAL. */
  #offeredBytes = 0
  /** The WAL cannot outgrow its roll size before this time. */
  #rollWatchUs = NEVER
  /** Until the last sync that will have been very slow has returned. */
  #slowUntilUs = 0
  #verySlow = false
  #rollNeeded = false
  #safePointWanted = false
  /** When the stream broke; Infinity while it is whole. */
  #streamFailedUs = NEVER
  /** The break is noticed: nothing is written until the roll. */
  #broken = false
  #breaks = 0
  /** Edits before this one were handed to a stream that broke; files hold those before the other. */
  #sentBefore = 0
  #inFilesBefore = 0

  constructor(calls: WriteCalls, group: WalGroupWrites, options: RingBufferOptions) {
    this.#calls = calls
    this.#group = group
    this.#options = options
    this.#forceSync = new ForceSync(calls, group, options)
    this.#wal = group.firstWal
    this.log = group.log
  }

  /** Edits written to WALs, as an index into the log; goes back when a stream breaks. */
  get consumedEdits(): number {
    return this.#consumed
  }

  /** Edits whose sync has returned, as an index into the log. */
  get syncedEdits(): number {
    return this.#synced
  }

  /** Edits appended to the ring buffer and not yet written to a WAL. */
  get unwrittenEdits(): number {
    return this.#published.length + this.#batchEdits
  }

  /** The stream is broken and the WAL not yet rolled. */
  get broken(): boolean {
    return this.#broken
  }

  /** Calls that were taken by the consumer and are not acknowledged by the file system. */
  get unacked(): SlotRing {
    return this.#unacked
  }

  /** When the first outstanding sync returns; Infinity if there is none. */
  get syncDueUs(): number {
    return this.#syncs.firstDoneUs
  }

  /** Bytes of the file that its DataNodes have by `nowUs`, acknowledged or not. */
  receivedBytes(nowUs: number): number {
    if (this.#broken) return this.#wal.bytes
    const sentBytes = this.#syncs.bytesSentBy(Math.min(nowUs, this.#streamFailedUs))
    return this.#wal.syncedBytes + sentBytes
  }

  /** Nobody waits for an append. */
  get idle(): boolean {
    return isUnawaited(this.#published, this.#calls) && isUnawaited(this.#unacked, this.#calls)
  }

  /** A call for this group is on its way. */
  offered(sentUs: number, bytes: number): void {
    this.#offeredBytes += bytes
    if (this.#rollWatchUs === NEVER && this.#exceedsRollSize(this.#offeredBytes)) {
      this.#rollWatchUs = sentUs
    }
  }

  /** A call for this group has failed for good. */
  withdrawn(bytes: number): void {
    this.#offeredBytes -= bytes
  }

  /** A handler appends: a place in the ring buffer, which is the edit's place in the log. */
  append(slot: number, time: number, region: number, sequenceId: number): void {
    const calls = this.#calls
    const bytes = calls.bytes[slot] as number
    calls.sequenceId[slot] = sequenceId
    calls.edit[slot] =
      calls.kind[slot] === CallKind.marker
        ? this.log.appendMarker(time, region, sequenceId, bytes, calls.key[slot])
        : this.log.append(time, region, sequenceId, bytes, calls.operation[slot] as number)
    this.#published.push(slot)
    if (this.consumerDueUs === NEVER && !this.#safePointWanted && !this.#broken) {
      this.consumerDueUs = time
    }
  }

  /** A turn of the consumer ends: sync what was written if one must, then drain the ring buffer. */
  consume(time: number): void {
    this.consumerDueUs = NEVER
    if (this.#awaited > 0 || this.#batchIsDue) this.#sync(time)
    if (this.#broken) return
    if (this.#safePointWanted) this.#noticeSafePoint()
    else if (this.#published.length > 0) this.#write(time)
  }

  /** The first sync returns; answers how many edits, the first of `unacked`, it made durable. */
  returnSync(): number {
    const { firstEdits, firstBytes, firstDoneUs, firstIssuedUs, firstIsHsync } = this.#syncs
    this.#synced += firstEdits
    this.#wal.synced(firstEdits, firstBytes, firstIsHsync)
    this.#syncs.shift()
    this.#verySlow = this.#group.slowSyncs?.note(firstDoneUs - firstIssuedUs) === true
    return firstEdits
  }

  /** All edits of a returned sync are taken out of `unacked`. */
  syncReturned(): void {
    if (this.#noticeBreak()) return
    if (this.#safePointWanted) this.#noticeSafePoint()
    else if (this.#rollNeeded) return
    else if (this.#verySlow) this.#needRoll('slow sync')
    else if (this.#exceedsRollSize(0)) this.#needRoll('size')
  }

  /**
   * A time before which nobody need look so that a roll or safe point is noticed in time; a later
   * one than `advancedUs`. `nextStepUs` is the next step of the whole write path.
   */
  nextCauseUs(advancedUs: number, nextStepUs: number): number {
    if (this.#broken) return NEVER
    if (this.#streamFailedUs !== NEVER) return nextStepUs
    const roll = this.#rollNeeded ? NEVER : this.#rollWatchUs
    const slow = this.#slowUntilUs > advancedUs && !this.#rollNeeded
    const watch = this.#safePointWanted || slow ? advancedUs : roll
    if (watch === NEVER || watch > advancedUs) return watch
    return this.#syncs.length > 0 ? this.#syncs.firstDoneUs : nextStepUs
  }

  /** Stops the consumer at a safe point; `onSafePoint` tells when it is reached. */
  requestSafePoint(nowUs: number): void {
    this.#safePointWanted = true
    const buffered = this.#batchEdits > 0 && this.consumerDueUs === NEVER
    if (buffered && !this.#broken) this.#sync(nowUs)
    else this.#noticeSafePoint()
  }

  /** Continues in a new WAL, at a safe point or after a break. */
  switchTo(wal: Wal, nowUs: number): void {
    invariant(this.#synced === this.#consumed, 'a WAL is switched only at a safe point')
    wal.startAt(this.#consumed, Math.max(0, this.#inFilesBefore - this.#consumed))
    this.#wal = wal
    this.#rollNeeded = false
    this.#safePointWanted = false
    this.#broken = false
    this.#streamFailedUs = NEVER
    this.#rollWatchUs = this.#exceedsRollSize(this.#offeredBytes) ? nowUs : NEVER
    if (this.#published.length > 0) this.consumerDueUs = nowUs
  }

  /**
   * A DataNode of the stream's block died: no sync that is under way returns, none will succeed.
   * A suspended server notices when it resumes.
   */
  streamFailed(nowUs: number, suspended: boolean): void {
    if (this.#streamFailedUs !== NEVER) return
    this.#streamFailedUs = nowUs
    this.#syncs.loseAfter(nowUs)
    if (!suspended) this.#noticeBreak()
  }

  /** The server's threads stop. What they handed to the stream is in the network's hands. */
  suspend(nowUs: number): void {
    this.#syncs.sendBy(nowUs)
  }

  /** The server's threads go on after `lostUs`. */
  resume(nowUs: number, lostUs: number): void {
    this.consumerDueUs += lostUs
    this.#syncs.postponeTo(nowUs)
    this.#noticeBreak()
  }

  /** The process is gone: recovery will find what the DataNodes have. */
  abandon(nowUs: number): void {
    if (!this.#broken) this.#leaveFile(Math.min(nowUs, this.#streamFailedUs))
  }

  /** Writes what the ring buffer holds, until it is drained or a sync is due by size. */
  #write(time: number): void {
    const calls = this.#calls
    const { walBatchSize, latencies } = this.#options
    let durationUs = 0
    while (this.#published.length > 0 && this.#batchBytes < walBatchSize) {
      const slot = this.#published.shift()
      this.#unacked.push(slot)
      const region = calls.region[slot] as number
      const sequenceId = calls.sequenceId[slot] as number
      const bytes = calls.bytes[slot] as number
      this.#batchEdits++
      this.#batchBytes += bytes
      durationUs += latencies.walAppend.draw(calls.operation[slot] as number)
      const kind = calls.kind[slot]
      if (kind !== CallKind.unawaited) this.#awaited++
      if (kind === CallKind.marker) this.#wal.noteMarker(region, sequenceId)
      else this.#wal.note(region, sequenceId, bytes)
    }
    this.consumerDueUs = time + durationUs
  }

  /** Issues a sync; syncs are pipelined and return in order. */
  #sync(time: number): void {
    if (this.#streamFailedUs !== NEVER) {
      this.#break()
      return
    }
    const calls = this.#calls
    const at = this.#unacked.length - this.#batchEdits
    const first = this.#unacked.at(at)
    const hsync = this.#forceSync.ofAny(this.#unacked, at, this.#batchEdits)
    const attempt = (calls.edit[first] as number) < this.#sentBefore ? this.#breaks : 0
    const latency = this.#forceSync.latency(hsync)
    const latencyUs = latency.draw(calls.operation[first] as number, attempt)
    const { walBytesPerSecond } = this.#options.latencies
    this.#sentUs =
      Math.max(this.#sentUs, time) + Math.round((this.#batchBytes * 1e6) / walBytesPerSecond)
    this.#lastSyncUs = Math.max(this.#lastSyncUs, this.#sentUs + latencyUs)
    const bytes = this.#batchBytes
    this.#syncs.push(time, this.#sentUs, this.#lastSyncUs, this.#batchEdits, bytes, hsync)
    const rollOnSyncUs = this.#group.slowSyncs?.settings.rollOnSyncUs ?? NEVER
    if (this.#lastSyncUs - time > rollOnSyncUs) this.#slowUntilUs = this.#lastSyncUs
    this.#consumed += this.#batchEdits
    this.#wal.written(this.#batchEdits, this.#batchBytes)
    this.#offeredBytes -= this.#batchBytes
    this.#batchEdits = 0
    this.#batchBytes = 0
    this.#awaited = 0
  }

  /** So much is written that it is synced, or the roll waits for it. */
  get #batchIsDue(): boolean {
    if (this.#batchEdits === 0) return false
    return this.#safePointWanted || this.#batchBytes >= this.#options.walBatchSize
  }

  #exceedsRollSize(moreBytes: number): boolean {
    return this.#wal.bytes + moreBytes > this.#options.walRollSize
  }

  #needRoll(reason: RollReason): void {
    this.#rollNeeded = true
    this.#group.onRollNeeded(reason)
  }

  #noticeSafePoint(): void {
    const idle = this.#syncs.length === 0 && this.#batchEdits === 0
    if (idle || this.#broken) this.#group.onSafePoint()
  }

  /** True if a sync is under way that will not return: the stream is known to be broken. */
  #noticeBreak(): boolean {
    const { length, firstDoneUs } = this.#syncs
    if (this.#streamFailedUs === NEVER || length === 0 || firstDoneUs !== NEVER) return false
    this.#break()
    return true
  }

  /** AsyncFSWAL.syncFailed */
  #break(): void {
    const writtenBytes = this.#wal.bytes - this.#wal.syncedBytes
    this.#leaveFile(this.#streamFailedUs)
    this.#wal.endAtRecoverable()
    this.#broken = true
    this.#breaks++
    this.#sentBefore = this.#synced + this.#unacked.length
    this.#inFilesBefore = Math.max(this.#inFilesBefore, this.#wal.from + this.#wal.entries)
    this.#offeredBytes += writtenBytes
    this.#consumed = this.#synced
    while (this.#published.length > 0) this.#unacked.push(this.#published.shift())
    const front = this.#published
    this.#published = this.#unacked
    this.#unacked = front
    this.#syncs.clear()
    this.#batchEdits = 0
    this.#batchBytes = 0
    this.#awaited = 0
    this.#sentUs = 0
    this.#lastSyncUs = 0
    this.consumerDueUs = NEVER
    if (this.#safePointWanted) this.#group.onSafePoint()
    else if (!this.#rollNeeded) this.#needRoll('error')
  }

  /** What had left for the DataNodes by `timeUs` is theirs, acknowledged or not. */
  #leaveFile(timeUs: number): void {
    this.#wal.abandon(this.#syncs.editsSentBy(timeUs), this.#syncs.bytesSentBy(timeUs))
  }
}
