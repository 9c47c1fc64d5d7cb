import { FifoServer } from '../../kernel/fifo-server.js'
import { type Protocol, within } from '../../kernel/process.js'
import { Signal } from '../../kernel/signal.js'
import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import { PipelineOutput } from '../../storage/hdfs/pipeline-output.js'
import { IOException } from '../../storage/io-exception.js'
import type { WalGroupWrites } from '../regionserver/write-path-options.js'
import type { EditLog } from './edit-log.js'
import { FSHLog } from './fs-hlog.js'
import { PipelineRecovery } from './pipeline-recovery.js'
import type { RingBufferWal } from './ring-buffer-wal.js'
import type { RollReason, RollRecord } from './roll-record.js'
import { RolledWals } from './rolled-wals.js'
import { SequenceIdAccounting } from './sequence-id-accounting.js'
import { SlowSyncs } from './slow-syncs.js'
import { Wal } from './wal.js'
import { extendFile } from './wal-extents.js'
import type {
  WalGroupContext,
  WalGroupOptions,
  WalListener,
  WalOutput,
} from './wal-group-options.js'
import { metaWalPath, walPath } from './wal-names.js'

export type { WalGroupOptions, WalListener } from './wal-group-options.js'
export { metaWalPath, walPath, walPrefix } from './wal-names.js'

/**
 * One WAL group of a region server: the file being written, and how it is rolled and closed
 * (AbstractFSWAL). With the default provider a server has one.
 */
export class WalGroup {
  readonly log: EditLog
  readonly firstWalAgeUs: number
  readonly isMeta: boolean
  readonly accounting: SequenceIdAccounting
  /** Called when a roll is done. */
  onRoll: (record: RollRecord) => void = () => {}
  /** What the write path calls. */
  readonly writes: WalGroupWrites
  readonly #context: WalGroupContext
  readonly #options: WalGroupOptions
  readonly #safePoint = new Signal()
  #safePointReached = false
  #wal: Wal
  #stream: WalOutput
  /** Files that were created for a roll which failed or is not done. */
  readonly #unused: Wal[] = []
  readonly slowSyncs: SlowSyncs
  #ordinal = 1
  #fileNumber: number
  /** Bytes that the file was told of; it has others if a loss of power cut it. */
  #toldBytes = 0
  readonly #rollWriterLock: FifoServer
  readonly #rolledWals: RolledWals
  /** Why the WAL asked for the roll that is to come. */
  #neededBy: RollReason | null = null
  readonly #recovery: PipelineRecovery
  #closeErrors = 0
  #shut = false
  #closing = 0
  readonly #closed = new Signal()

  constructor(
    readonly index: number,
    context: WalGroupContext,
    options: WalGroupOptions,
  ) {
    this.#context = context
    this.#options = options
    this.log = options.log
    this.firstWalAgeUs = options.firstWalAgeUs
    this.isMeta = options.meta === true
    this.accounting = new SequenceIdAccounting(context.regions, context.families)
    this.#rolledWals = new RolledWals(this.accounting, options.maxLogs)
    if (options.past !== undefined) {
      this.#rolledWals.adopt(options.past, (of) => this.#newWal(of.file, true, of.createdUs))
    }
    this.#recovery = new PipelineRecovery(context.host, (stream) => this.#recovered(stream))
    this.#stream = options.firstWal
    this.#rollWriterLock = new FifoServer(context.host.scheduler, 1)
    this.#fileNumber = Math.floor(this.#nowUs / 1000)
    this.#wal = this.#newWal(options.firstWal.file)
    this.slowSyncs = new SlowSyncs(options.slowSyncs, this.#nowUs)
    this.writes = {
      log: options.log,
      sync: options.sync,
      ...(options.hsync && { hsync: options.hsync }),
      firstWal: this.#wal,
      ...(options.fsHLog && { fsHLog: options.fsHLog }),
      slowSyncs: this.slowSyncs,
      onRollNeeded: (reason) => {
        this.#neededBy = reason
        context.onRollNeeded(this)
      },
      onSafePoint: () => {
        this.#safePointReached = true
        this.#safePoint.notifyAll()
      },
    }
  }

  /** The server's write path is there. */
  start(): void {
    this.#follow(this.#stream)
  }

  /** The WAL being written. */
  get wal(): Wal {
    return this.#wal
  }

  /** Files that nobody has written to: of a roll that failed or is not done. */
  get unused(): readonly Wal[] {
    return this.#unused
  }

  /** Edits written to WALs, as an index into the log. */
  get consumedEdits(): number {
    return this.#writer.consumedEdits
  }

  /** Edits appended to the ring buffer and not yet written to a WAL. */
  get unwrittenEdits(): number {
    return this.#writer.unwrittenEdits
  }

  /** Writing has stopped because the stream is broken. */
  get broken(): boolean {
    return this.#writer.broken
  }

  /** WALs that are rolled and not archived, oldest first. */
  get rolledWals(): readonly Wal[] {
    return this.#rolledWals.wals
  }

  /**
   * AbstractFSWAL.checkLogLowReplication: has the roller roll the WAL if its stream is broken,
   * whether the writer has noticed or not, or if its pipeline has too few DataNodes.
   */
  checkLowReplication(): boolean {
    const writer = this.#writer
    const low = writer instanceof FSHLog ? writer.checkLowReplication() : this.#stream.failed
    if (low) this.#neededBy ??= 'low replication'
    return low
  }

  /**
   * AbstractFSWAL.rollWriter: new file, safe point, switch; the old file is closed aside. Then
   * archives what can be, and decides whether there are too many WALs left.
   *
   * @param reason why it is rolled if the WAL has not asked for it
   * @returns what must be flushed to archive the oldest WAL: families by region
   * @throws IOException if no file can be created, or a listener fails
   */
  *rollWriter(reason: RollReason): Protocol<Map<number, number[]>> {
    yield* this.#rollWriterLock.acquire()
    try {
      return this.#shut ? new Map() : yield* this.#roll(reason)
    } finally {
      this.#rollWriterLock.release()
    }
  }

  /**
   * A WAL of 0 bytes comes between the one being written and the one that the next roll brings, as
   * if a server had died when it had just created it.
   *
   * @throws IOException
   */
  *insertEmptyWal(): Protocol {
    if (this.#shut) return
    const stream = yield* this.#createFile()
    yield* stream.close()
    const wal = this.#newWal(stream.file, false)
    for (const listener of this.#listeners) yield* listener.preLogRoll(wal)
    wal.close(this.#nowUs, false)
    this.#unused.push(wal)
  }

  /** AbstractFSWAL.shutdown: closes the WAL being written; waits no longer than `maxUs` for it. */
  *shutdown(maxUs: number): Protocol {
    this.#shut = true
    yield* this.#rollWriterLock.acquire()
    try {
      yield* this.#stopAtSafePoint()
    } finally {
      this.#rollWriterLock.release()
    }
    this.#close(this.#wal, this.#stream)
    const endUs = this.#nowUs + maxUs
    while (this.#closing > 0 && this.#nowUs < endUs) {
      yield* within(endUs - this.#nowUs, this.#closed)
    }
  }

  /**
   * Tells the file system what the write path wrote since the last time. A broken stream takes no
   * more, but a server that stood still learns only now of what was acknowledged before it broke.
   */
  updateFile(): void {
    const { syncedBytes, file } = this.#wal
    if (!this.#stream.failed || syncedBytes > file.bytesFlushed) this.#tellFile()
  }

  get #writer(): RingBufferWal {
    return this.#context.walSteps().wals[this.index] as RingBufferWal
  }

  /** Replication follows the WALs of the default provider only (WALFactory.getMetaProvider). */
  get #listeners(): readonly WalListener[] {
    return this.isMeta ? [] : this.#context.listeners
  }

  get #nowUs(): number {
    return this.#context.host.scheduler.now
  }

  *#roll(asked: RollReason): Protocol<Map<number, number[]>> {
    const atUs = this.#nowUs
    const old = this.#wal
    yield* this.#replaceWriter()
    const reason = this.#neededBy ?? asked
    this.#neededBy = null
    const durationUs = this.#nowUs - atUs
    this.#cleanOldLogs()
    const toFlush = this.#rolledWals.findRegionsToForceFlush()
    this.onRoll({
      reason,
      atUs,
      durationUs,
      entries: old.entries,
      bytes: old.bytes,
      rolledWals: this.#rolledWals.wals.length,
      regionsToFlush: toFlush.size,
    })
    return toFlush
  }

  *#replaceWriter(): Protocol {
    const context = this.#context
    const stream = yield* this.#createFile()
    const next = this.#newWal(stream.file)
    this.#unused.push(next)
    for (const listener of this.#listeners) yield* listener.preLogRoll(next)
    yield* this.#stopAtSafePoint()
    const old = this.#wal
    const oldStream = this.#stream
    if (this.#writer instanceof FSHLog) yield* this.#checkOldStream(this.#writer)
    this.#unused.pop()
    this.#wal = next
    this.#stream = stream
    this.#toldBytes = 0
    context.walSteps().switchTo(this.#writer, next, this.#nowUs)
    this.#leave(old)
    const empty = this.#takeEmptyWals()
    for (const wal of empty) this.#leave(wal)
    for (const wal of [...empty, next]) {
      for (const listener of this.#listeners) listener.postLogRoll(wal)
    }
    if (old.beingWritten) this.#close(old, oldStream)
    this.#follow(stream)
    context.advance()
  }

  /**
   * FSHLog.doReplaceWriter: entries whose sync has failed end the server; and once too many closes
   * have failed, the roll waits for the next one and does not ride over its failure.
   *
   * @throws IOException
   */
  *#checkOldStream(writer: FSHLog): Protocol {
    if (writer.broken && writer.unacked.length > 0) {
      throw new IOException('pipeline', `${this.#wal.name}: entries could not be synced`)
    }
    const tolerated = this.#options.fsHLog?.closeErrorsTolerated ?? 0
    if (this.#closeErrors < tolerated) return
    yield* this.#stream.close()
    this.#wal.close(this.#nowUs, true)
  }

  /** The file is written to no more. */
  #leave(wal: Wal): void {
    wal.rolled()
    this.#rolledWals.add(wal)
  }

  /** AbstractFSWAL.cleanOldLogs; archiving takes no time here and never fails. */
  #cleanOldLogs(): void {
    for (const wal of this.#rolledWals.takeFlushed()) this.#context.archive(wal)
  }

  #takeEmptyWals(): Wal[] {
    const empty = this.#unused.filter(({ headerReadable }) => !headerReadable)
    for (const wal of empty) this.#unused.splice(this.#unused.indexOf(wal), 1)
    return empty
  }

  *#createFile(): Protocol<WalOutput> {
    const { server, groups } = this.#context
    this.#fileNumber = Math.max(this.#fileNumber + 1, Math.floor(this.#nowUs / 1000))
    const path = this.isMeta
      ? metaWalPath(server, this.#fileNumber)
      : walPath(server, this.index, groups, this.#fileNumber)
    return yield* this.#options.createWalFile(path, this.#ordinal++)
  }

  *#stopAtSafePoint(): Protocol {
    this.#safePointReached = false
    this.#context.walSteps().requestSafePoint(this.#writer, this.#nowUs)
    this.updateFile()
    this.#context.advance()
    while (!this.#safePointReached) yield this.#safePoint
  }

  /** AbstractFSWAL.markClosedAndClean. What cannot be closed is given up to lease recovery. */
  *#closeFile(wal: Wal, stream: WalOutput): Protocol {
    try {
      yield* stream.close()
      wal.close(this.#nowUs, true)
    } catch (error) {
      if (!(error instanceof IOException)) throw error
      this.#closeErrors++
      yield* this.#recoverLease(stream.file)
      // The trailer is flushed before the NameNode is asked to complete the file.
      wal.recovered(this.#nowUs, error.kind === 'incomplete')
    }
    this.#closing--
    this.#closed.notifyAll()
    if (!this.#shut) this.#cleanOldLogs()
  }

  *#recoverLease(file: HdfsFile): Protocol {
    try {
      yield* this.#context.recoverLease(file)
    } catch (error) {
      if (!(error instanceof IOException)) throw error
    }
  }

  #close(wal: Wal, stream: WalOutput): void {
    this.#closing++
    this.#context.host.spawn('close WAL', this.#closeFile(wal, stream))
  }

  /** Hears of the death of a DataNode of the stream's block, which may have come already. */
  #follow(stream: WalOutput): void {
    const fail = () => {
      if (stream !== this.#stream || !this.#context.host.alive) return
      this.#context.walSteps().streamFailed(this.#writer, this.#nowUs)
      this.#tellFile()
      if (stream instanceof PipelineOutput) this.#recovery.begin(stream)
      this.#context.advance()
    }
    stream.onFailure = fail
    if (stream.failed || (stream instanceof PipelineOutput && stream.file.damaged)) fail()
  }

  /** HDFS has repaired the pipeline of an FSHLog's stream, or given it up. */
  #recovered(stream: PipelineOutput): void {
    const writer = this.#writer
    if (stream !== this.#stream || !(writer instanceof FSHLog)) return
    const path = this.#context.walSteps()
    if (stream.failed) path.streamLost(writer, this.#nowUs)
    else path.streamRecovered(writer, this.#nowUs, stream.file.lastBlock?.liveReplicas ?? 0)
    this.#tellFile()
    this.#context.advance()
  }

  /** Unless it is given up, or others have ended the file or cut it short. */
  #tellFile(): void {
    const wal = this.#wal
    const { file } = wal
    if (!wal.beingWritten || file.closed || file.bytesWritten !== this.#toldBytes) return
    extendFile(wal)
    this.#toldBytes = file.bytesWritten
    file.acknowledge(wal.syncedBytes, wal.hsyncedBytes)
    file.received(this.#writer.receivedBytes(this.#nowUs))
  }

  #newWal(file: HdfsFile, headerReadable = true, createdUs = this.#nowUs): Wal {
    const { server, regions } = this.#context
    return new Wal({
      name: file.path,
      createdUs,
      log: this.#options.log,
      group: this.index,
      server,
      regions,
      file,
      accounting: this.accounting,
      isMeta: this.isMeta,
      headerReadable,
    })
  }
}
