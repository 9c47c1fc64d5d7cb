import { invariant } from '../../kernel/errors.js'
import { CallKind } from '../regionserver/call-kind.js'
import { SlotRing } from '../regionserver/slot-ring.js'
import type { WriteCalls } from '../regionserver/write-calls.js'
import type { WalGroupWrites } from '../regionserver/write-path-options.js'
import type { EditLog } from './edit-log.js'
import { ForceSync, isUnawaited } from './force-sync.js'
import { LowReplication } from './low-replication.js'
import { OutstandingSyncs } from './outstanding-syncs.js'
import type { RingBufferOptions, RingBufferWal } from './ring-buffer-wal.js'
import type { RollReason } from './roll-record.js'
import type { SlowSyncs } from './slow-syncs.js'
import { SyncRunners } from './sync-runners.js'
import type { Wal } from './wal.js'

const NEVER = Number.POSITIVE_INFINITY

export interface FSHLogSettings {
  /** `hbase.regionserver.hlog.syncer.count` */
  readonly syncerCount: number
  /** `hbase.regionserver.wal.sync.batch.count` */
  readonly maxBatchCount: number
  /** `hbase.regionserver.hlog.tolerable.lowreplication` */
  readonly tolerableReplication: number
  /** `hbase.regionserver.hlog.lowreplication.rolllimit` */
  readonly lowReplicationRollLimit: number
  /** `hbase.regionserver.logroll.errors.tolerated` */
  readonly closeErrorsTolerated: number
}

/**
 * HBase's FSHLog (as of 2.6), one per WAL group: one consumer appends what is in the ring buffer to
 * an ordinary HDFS stream and hands the handlers' syncs, batch by batch, to SyncRunner threads in
 * turn. Their hflushes overlap, each covers all that is appended when it begins, and its return
 * releases everyone at or below it. A batch that waits for a busy runner is mostly covered by then.
 *
 * HDFS repairs a pipeline that loses a DataNode; syncs wait meanwhile, and nothing is re-appended.
 * Only a stream that HDFS gives up is `broken`: syncs fail, so does the roll, and the server aborts.
 *
 * Simplifications: a sync covers whole turns of the consumer; a handler's append and sync enter the
 * ring buffer together; whoever waits for a runner that still runs a sync which another has made
 * superfluous is let go with the other. Effect of all: below one sync. A handler whose sync fails
 * hears of it from the end of its server.
 *
 * An append of ASYNC_WAL brings no sync with it: it waits in the client's buffer for a sync of
 * others, or for the roll. Simplification: the buffer sends no full packets of its own accord, so
 * that up to 64 KiB more are lost with the server. Whether a sync is an hsync is for the first
 * handler that waits for it to say, as in HBase.
 */
export class FSHLog implements RingBufferWal {
  readonly log: EditLog
  consumerDueUs = NEVER
  readonly #calls: WriteCalls
  readonly #group: WalGroupWrites
  readonly #options: RingBufferOptions
  readonly #maxBatchCount: number
  readonly #slowSyncs: SlowSyncs | null
  readonly #published = new SlotRing()
  readonly #unacked = new SlotRing()
  readonly #syncs = new OutstandingSyncs()
  readonly #runners: SyncRunners
  readonly #lowReplication: LowReplication
  #wal: Wal
  #replicas = 0
  #consumed = 0
  #synced = 0
  /** Taken by the consumer in its present turn. */
  #batchEdits = 0
  #batchBytes = 0
  /** Syncs that the present turn has taken. */
  #awaited = 0
  /** Appended since the last sync that was handed to a runner. */
  #unrequested = 0
  readonly #forceSync: ForceSync
  /** Appended to the stream, and part of no sync yet: in the client's buffer. */
  #bufferedEdits = 0
  #bufferedBytes = 0
  #sentUs = 0
  #lastSyncUs = 0
  /** The sync that returned last: when, and after what time. */
  #returnedUs = 0
  #tookUs = 0
  #offeredBytes = 0
  #rollWatchUs = NEVER
  /** Until the last sync that will have been very slow has returned. */
  #slowUntilUs = 0
  #rollNeeded = false
  #safePointWanted = false
  /** When a DataNode of the pipeline died; Infinity while it is whole. */
  #damagedUs = NEVER
  #recoveries = 0
  #broken = false

  constructor(
    calls: WriteCalls,
    group: WalGroupWrites,
    options: RingBufferOptions,
    settings: FSHLogSettings,
  ) {
    this.#calls = calls
    this.#group = group
    this.#options = options
    this.#maxBatchCount = settings.maxBatchCount
    this.#slowSyncs = group.slowSyncs ?? null
    this.#forceSync = new ForceSync(calls, group, options)
    this.#runners = new SyncRunners(settings.syncerCount)
    this.#lowReplication = new LowReplication(
      settings.tolerableReplication,
      settings.lowReplicationRollLimit,
    )
    this.#wal = group.firstWal
    this.#replicas = replicasOf(group.firstWal)
    this.log = group.log
  }

  get consumedEdits(): number {
    return this.#consumed
  }

  get syncedEdits(): number {
    return this.#synced
  }

  get unwrittenEdits(): number {
    return this.#published.length + this.#batchEdits
  }

  get broken(): boolean {
    return this.#broken
  }

  get unacked(): SlotRing {
    return this.#unacked
  }

  get syncDueUs(): number {
    return this.#syncs.firstDoneUs
  }

  get idle(): boolean {
    return isUnawaited(this.#published, this.#calls) && isUnawaited(this.#unacked, this.#calls)
  }

  receivedBytes(nowUs: number): number {
    const sentBytes = this.#syncs.bytesSentBy(Math.min(nowUs, this.#damagedUs))
    return this.#wal.syncedBytes + sentBytes
  }

  offered(sentUs: number, bytes: number): void {
    this.#offeredBytes += bytes
    if (this.#rollWatchUs === NEVER && this.#exceedsRollSize(this.#offeredBytes)) {
      this.#rollWatchUs = sentUs
    }
  }

  withdrawn(bytes: number): void {
    this.#offeredBytes -= bytes
  }

  append(slot: number, time: number, region: number, sequenceId: number): void {
    const calls = this.#calls
    const bytes = calls.bytes[slot] as number
    calls.sequenceId[slot] = sequenceId
    calls.edit[slot] =
      calls.kind[slot] === CallKind.marker
        ? this.log.appendMarker(time, region, sequenceId, bytes)
        : this.log.append(time, region, sequenceId, bytes, calls.operation[slot] as number)
    this.#published.push(slot)
    if (this.consumerDueUs === NEVER && !this.#safePointWanted && !this.#broken) {
      this.consumerDueUs = time
    }
  }

  /** RingBufferEventHandler.onEvent at the end of a batch, and the begin of the next. */
  consume(time: number): void {
    this.consumerDueUs = NEVER
    if (this.#batchEdits > 0) this.#offerSyncs(time)
    if (this.#broken) return
    if (this.#safePointWanted) this.#noticeSafePoint()
    else if (this.#published.length > 0) this.#write(time)
  }

  returnSync(): number {
    const { firstEdits, firstBytes, firstDoneUs, firstIssuedUs, firstIsHsync } = this.#syncs
    this.#returnedUs = firstDoneUs
    this.#tookUs = firstDoneUs - firstIssuedUs
    this.#synced += firstEdits
    this.#wal.synced(firstEdits, firstBytes, firstIsHsync)
    this.#syncs.shift()
    return firstEdits
  }

  syncReturned(): void {
    const runners = this.#runners
    for (let n = runners.returned(); n > 0; n--) {
      const runner = runners.takeIdle(this.#synced)
      if (runner !== -1) this.#sync(runner, this.#returnedUs)
    }
    if (this.#safePointWanted) this.#noticeSafePoint()
    else if (!this.#rollNeeded) this.#checkLogRoll()
    if (this.#slowSyncs?.note(this.#tookUs)) this.#needRoll('slow sync')
  }

  nextCauseUs(advancedUs: number, nextStepUs: number): number {
    if (this.#broken) return NEVER
    if (this.#safePointWanted) return this.#nextReturnUs(advancedUs, advancedUs, nextStepUs)
    if (this.#rollNeeded) return NEVER
    const slowUs = this.#slowSyncs?.notBeforeUs(this.#syncs.length) ?? NEVER
    const soon = this.#slowUntilUs > advancedUs || this.#lowReplication.concerns(this.#replicas)
    const watchUs = soon ? advancedUs : Math.min(this.#rollWatchUs, slowUs)
    return this.#nextReturnUs(watchUs, advancedUs, nextStepUs)
  }

  requestSafePoint(nowUs: number): void {
    this.#safePointWanted = true
    if (this.#unrequested > 0 && this.consumerDueUs === NEVER && !this.#broken) {
      this.#requestSync(nowUs)
    }
    this.#noticeSafePoint()
  }

  switchTo(wal: Wal, nowUs: number): void {
    invariant(this.#unacked.length === 0, 'an FSHLog is switched only at a safe point')
    wal.startAt(this.#consumed, 0)
    this.#wal = wal
    this.#replicas = replicasOf(wal)
    this.#rollNeeded = false
    this.#safePointWanted = false
    this.#damagedUs = NEVER
    this.#broken = false
    this.#slowUntilUs = 0
    this.#slowSyncs?.restart(nowUs)
    this.#rollWatchUs = this.#exceedsRollSize(this.#offeredBytes) ? nowUs : NEVER
    if (this.#published.length > 0) this.consumerDueUs = nowUs
  }

  /** Nothing is acknowledged until HDFS has repaired the pipeline. */
  streamFailed(nowUs: number): void {
    if (this.#damagedUs !== NEVER) return
    this.#damagedUs = nowUs
    this.#syncs.loseAfter(nowUs)
  }

  /** What the old pipeline had not acknowledged is sent again. */
  streamRecovered(nowUs: number, replicas: number): void {
    if (this.#damagedUs === NEVER) return
    this.#damagedUs = NEVER
    this.#replicas = replicas
    this.#recoveries++
    if (this.#syncs.length === 0) return
    const first = this.#unacked.first()
    const operation = this.#calls.operation[first] as number
    const latency = this.#forceSync.latency(this.#syncs.firstIsHsync)
    this.#lastSyncUs = Math.max(this.#sentUs, nowUs) + latency.draw(operation, this.#recoveries)
    this.#syncs.returnLostAt(this.#lastSyncUs)
    this.#slowUntilUs = this.#lastSyncUs
  }

  /** Every sync fails from now on. */
  streamLost(nowUs: number): void {
    if (this.#broken) return
    this.streamFailed(nowUs)
    this.#broken = true
    this.consumerDueUs = NEVER
    if (this.#safePointWanted) this.#group.onSafePoint()
    else this.#needRoll('error')
  }

  /** True if the pipeline has too few DataNodes; counts the rolls that this leads to. */
  checkLowReplication(): boolean {
    return this.#lowReplication.rollNeeded(this.#replicas, this.#wal.entries)
  }

  suspend(nowUs: number): void {
    if (this.#damagedUs === NEVER) this.#syncs.sendBy(nowUs)
  }

  resume(nowUs: number, lostUs: number): void {
    this.consumerDueUs += lostUs
    this.#syncs.postponeTo(nowUs)
  }

  abandon(nowUs: number): void {
    const byUs = Math.min(nowUs, this.#damagedUs)
    this.#wal.abandon(this.#syncs.editsSentBy(byUs), this.#syncs.bytesSentBy(byUs))
  }

  /** Appends what the ring buffer holds, up to a full complement of syncs. */
  #write(time: number): void {
    const calls = this.#calls
    let durationUs = 0
    while (this.#published.length > 0 && this.#awaited < this.#maxBatchCount) {
      const slot = this.#published.shift()
      const bytes = calls.bytes[slot] as number
      const region = calls.region[slot] as number
      const sequenceId = calls.sequenceId[slot] as number
      this.#unacked.push(slot)
      this.#batchEdits++
      this.#batchBytes += bytes
      durationUs += this.#options.latencies.walAppend.draw(calls.operation[slot] as number)
      const kind = calls.kind[slot]
      if (kind !== CallKind.unawaited) this.#awaited++
      if (kind === CallKind.marker) this.#wal.noteMarker(region, sequenceId)
      else this.#wal.note(region, sequenceId, bytes)
    }
    this.consumerDueUs = time + durationUs
  }

  /** The turn's edits are in the stream; its syncs, if it has any, go to the next runner. */
  #offerSyncs(time: number): void {
    this.#consumed += this.#batchEdits
    this.#wal.written(this.#batchEdits, this.#batchBytes)
    this.#bufferedEdits += this.#batchEdits
    this.#bufferedBytes += this.#batchBytes
    this.#offeredBytes -= this.#batchBytes
    this.#unrequested += this.#batchEdits
    const isWanted = this.#awaited > 0 || this.#safePointWanted
    this.#batchEdits = 0
    this.#batchBytes = 0
    this.#awaited = 0
    if (isWanted) this.#requestSync(time)
  }

  #requestSync(time: number): void {
    this.#unrequested = 0
    const runner = this.#runners.offer(this.#consumed)
    if (runner !== -1) this.#sync(runner, time)
  }

  /** hflush (SyncRunner.run): of all that is appended by now. Acknowledged are packets in order. */
  #sync(runner: number, time: number): void {
    if (this.#bufferedEdits === 0) {
      this.#runners.waitForLast(runner)
      return
    }
    const at = this.#unacked.length - this.#batchEdits - this.#bufferedEdits
    const operation = this.#calls.operation[this.#unacked.at(at)] as number
    const { walBytesPerSecond } = this.#options.latencies
    const transferUs = Math.round((this.#bufferedBytes * 1e6) / walBytesPerSecond)
    this.#sentUs = Math.max(this.#sentUs, time) + transferUs
    const hsync = this.#forceSync.ofFirst(this.#unacked, at, this.#bufferedEdits)
    const latencyUs = this.#forceSync.latency(hsync).draw(operation, 0)
    this.#lastSyncUs = Math.max(this.#lastSyncUs, this.#sentUs + latencyUs)
    const doneUs = this.#damagedUs === NEVER ? this.#lastSyncUs : NEVER
    const bytes = this.#bufferedBytes
    this.#syncs.push(time, this.#sentUs, doneUs, this.#bufferedEdits, bytes, hsync)
    this.#runners.started(runner)
    this.#bufferedEdits = 0
    this.#bufferedBytes = 0
    const rollOnSyncUs = this.#slowSyncs?.settings.rollOnSyncUs ?? NEVER
    if (this.#lastSyncUs - time > rollOnSyncUs) this.#slowUntilUs = this.#lastSyncUs
  }

  /** FSHLog.checkLogRoll */
  #checkLogRoll(): void {
    if (this.checkLowReplication()) this.#needRoll('low replication')
    else if (this.#exceedsRollSize(0)) this.#needRoll('size')
    else if (this.#slowSyncs?.exceeded(this.#returnedUs)) this.#needRoll('slow sync')
  }

  #exceedsRollSize(moreBytes: number): boolean {
    return this.#wal.bytes + moreBytes > this.#options.walRollSize
  }

  #needRoll(reason: RollReason): void {
    if (this.#rollNeeded || this.#safePointWanted) return
    this.#rollNeeded = true
    this.#group.onRollNeeded(reason)
  }

  #noticeSafePoint(): void {
    const idle = this.#unacked.length === 0
    if (idle || this.#broken) this.#group.onSafePoint()
  }

  /** The next return of a sync at or after `watchUs`, or a step before one is under way. */
  #nextReturnUs(watchUs: number, advancedUs: number, nextStepUs: number): number {
    if (watchUs === NEVER || watchUs > advancedUs) return watchUs
    return this.#syncs.length > 0 ? this.#syncs.firstDoneUs : nextStepUs
  }
}

/** HdfsDataOutputStream.getCurrentBlockReplication */
function replicasOf(wal: Wal): number {
  return wal.file.lastBlock?.liveReplicas ?? 0
}
