import { FifoServer } from '../../kernel/fifo-server.js'
import { type Host, type Protocol, within } from '../../kernel/process.js'
import { Signal } from '../../kernel/signal.js'
import type { Variate } from '../../kernel/variate.js'
import type { FanOutOutput } from '../../storage/hdfs/fan-out-output.js'
import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import { IOException } from '../../storage/io-exception.js'
import type { WritePath } from '../regionserver/write-path.js'
import type { WalGroupWrites } from '../regionserver/write-path-options.js'
import type { AsyncFSWAL } from './async-fs-wal.js'
import type { EditLog } from './edit-log.js'
import { Wal } from './wal.js'

/** Hears of a region server's WALs, as HBase's WALActionsListener does. */
export interface WalListener {
  /** Before the server writes to `wal`; the roll waits for it. */
  preLogRoll(wal: Wal): Protocol
  /** The server writes to `wal` from now on. */
  postLogRoll(wal: Wal): void
}

export interface WalGroupOptions {
  readonly log: EditLog
  /** See `WalGroupWrites`. */
  readonly sync: Variate
  /** The stream of the WAL that is being written first. */
  readonly firstWal: FanOutOutput
  /** Age of the first WAL when the server starts. */
  readonly firstWalAgeUs: number
  /** Creates the file of WAL number `ordinal`. */
  createWalFile(path: string, ordinal: number): Protocol<FanOutOutput>
}

/** What a WAL group asks of its server. */
export interface WalGroupContext {
  readonly host: Host
  /** The incarnation. */
  readonly server: string
  /** WAL groups and regions in all. */
  readonly groups: number
  readonly regions: number
  /** `hbase.wal.hsync`: a returned sync is on the DataNodes' disks. */
  readonly walHsync: boolean
  readonly listeners: readonly WalListener[]
  writePath(): WritePath
  /** Brings the write path up to now. */
  advance(): void
  recoverLease(file: HdfsFile): Protocol<unknown>
  onRollNeeded(group: WalGroup): void
  /** A WAL is not the one that is written any more. */
  onRolled(wal: Wal): void
  onClosed(wal: Wal): void
}

/**
 * Name of a WAL, without the file's time. With `multiwal` HBase puts the server's name twice:
 * AbstractFSWALProvider prefixes what RegionGroupingProvider has prefixed already.
 */
export function walPrefix(server: string, group: number, groups: number): string {
  return groups === 1 ? server : `${server}.${server}.regiongroup-${group}`
}

export function walPath(server: string, group: number, groups: number, fileNumber: number): string {
  return `WALs/${server}/${walPrefix(server, group, groups)}.${fileNumber}`
}

/**
 * One WAL group of a region server: the file being written, and how it is rolled and closed
 * (AbstractFSWAL). With the default provider a server has one.
 */
export class WalGroup {
  readonly log: EditLog
  readonly firstWalAgeUs: number
  /** What the write path calls. */
  readonly writes: WalGroupWrites
  readonly #context: WalGroupContext
  readonly #options: WalGroupOptions
  readonly #safePoint = new Signal()
  #safePointReached = false
  #wal: Wal
  #stream: FanOutOutput
  /** Files that were created for a roll which failed or is not done. */
  readonly #unused: Wal[] = []
  #ordinal = 1
  #fileNumber: number
  /** Bytes that the file was told of; it has others if a loss of power cut it. */
  #toldBytes = 0
  readonly #rollWriterLock: FifoServer
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
    this.#stream = options.firstWal
    this.#rollWriterLock = new FifoServer(context.host.scheduler, 1)
    this.#fileNumber = Math.floor(this.#nowUs / 1000)
    this.#wal = this.#newWal(options.firstWal)
    this.writes = {
      log: options.log,
      sync: options.sync,
      firstWal: this.#wal,
      onRollNeeded: () => context.onRollNeeded(this),
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

  /** A DataNode of the stream has died, whether the writer has noticed or not. */
  get streamFailed(): boolean {
    return this.#stream.failed
  }

  /**
   * AbstractFSWAL.rollWriter: new file, safe point, switch; the old file is closed aside.
   *
   * @throws IOException if no file can be created, or a listener fails
   */
  *rollWriter(): Protocol {
    yield* this.#rollWriterLock.acquire()
    try {
      if (!this.#shut) yield* this.#replaceWriter()
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
    const wal = this.#newWal(stream, false)
    for (const listener of this.#context.listeners) yield* listener.preLogRoll(wal)
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

  get #writer(): AsyncFSWAL {
    return this.#context.writePath().wals[this.index] as AsyncFSWAL
  }

  get #nowUs(): number {
    return this.#context.host.scheduler.now
  }

  *#replaceWriter(): Protocol {
    const context = this.#context
    const stream = yield* this.#createFile()
    const next = this.#newWal(stream)
    this.#unused.push(next)
    for (const listener of context.listeners) yield* listener.preLogRoll(next)
    yield* this.#stopAtSafePoint()
    const old = this.#wal
    const oldStream = this.#stream
    this.#unused.pop()
    this.#wal = next
    this.#stream = stream
    this.#toldBytes = 0
    context.writePath().switchTo(this.#writer, next, this.#nowUs)
    context.onRolled(old)
    const empty = this.#takeEmptyWals()
    for (const wal of empty) context.onRolled(wal)
    for (const wal of [...empty, next]) {
      for (const listener of context.listeners) listener.postLogRoll(wal)
    }
    this.#close(old, oldStream)
    for (const wal of empty) context.onClosed(wal)
    this.#follow(stream)
    context.advance()
  }

  #takeEmptyWals(): Wal[] {
    const empty = this.#unused.filter(({ headerReadable }) => !headerReadable)
    for (const wal of empty) this.#unused.splice(this.#unused.indexOf(wal), 1)
    return empty
  }

  *#createFile(): Protocol<FanOutOutput> {
    const { server, groups } = this.#context
    this.#fileNumber = Math.max(this.#fileNumber + 1, Math.floor(this.#nowUs / 1000))
    const path = walPath(server, this.index, groups, this.#fileNumber)
    return yield* this.#options.createWalFile(path, this.#ordinal++)
  }

  *#stopAtSafePoint(): Protocol {
    this.#safePointReached = false
    this.#context.writePath().requestSafePoint(this.#writer, this.#nowUs)
    this.updateFile()
    this.#context.advance()
    while (!this.#safePointReached) yield this.#safePoint
  }

  /** AsyncProtobufLogWriter.close: what cannot be closed is given up to lease recovery. */
  *#closeFile(wal: Wal, stream: FanOutOutput): Protocol {
    try {
      yield* stream.close()
      wal.close(this.#nowUs, true)
    } catch (error) {
      if (!(error instanceof IOException)) throw error
      yield* this.#recoverLease(stream.file)
      // The trailer is flushed before the NameNode is asked to complete the file.
      wal.recovered(this.#nowUs, error.kind === 'incomplete')
    }
    this.#closing--
    this.#closed.notifyAll()
    this.#context.onClosed(wal)
  }

  *#recoverLease(file: HdfsFile): Protocol {
    try {
      yield* this.#context.recoverLease(file)
    } catch (error) {
      if (!(error instanceof IOException)) throw error
    }
  }

  #close(wal: Wal, stream: FanOutOutput): void {
    this.#closing++
    this.#context.host.spawn('close WAL', this.#closeFile(wal, stream))
  }

  /** Hears of the death of a DataNode of the stream's block, which may have come already. */
  #follow(stream: FanOutOutput): void {
    const fail = () => {
      if (stream !== this.#stream || !this.#context.host.alive) return
      this.#context.writePath().streamFailed(this.#writer, this.#nowUs)
      this.#tellFile()
      this.#context.advance()
    }
    stream.onFailure = fail
    if (stream.failed) fail()
  }

  /** Unless it is given up, or others have ended the file or cut it short. */
  #tellFile(): void {
    const wal = this.#wal
    const { file } = wal
    if (!wal.beingWritten || file.closed || file.bytesWritten !== this.#toldBytes) return
    const from = file.extents.at(-1)?.to ?? wal.from
    const written = wal.from + wal.entries
    const reappendedTo = wal.from + wal.reappendedEntries
    let bytes = wal.bytes - file.bytesWritten
    if (from < reappendedTo) {
      const againBytes = this.log.bytesOf(from, reappendedTo)
      const extent = { log: this.log.id, from, to: reappendedTo, bytes: againBytes }
      file.append({ ...extent, resend: 'WAL re-append' })
      bytes -= againBytes
    }
    const first = Math.max(from, reappendedTo)
    if (first < written) file.append({ log: this.log.id, from: first, to: written, bytes })
    this.#toldBytes = file.bytesWritten
    file.acknowledge(wal.syncedBytes, this.#context.walHsync ? wal.syncedBytes : 0)
    file.received(this.#writer.receivedBytes(this.#nowUs))
  }

  #newWal(stream: FanOutOutput, headerReadable = true): Wal {
    const { server, regions } = this.#context
    return new Wal({
      name: stream.file.path,
      createdUs: this.#nowUs,
      log: this.#options.log,
      group: this.index,
      server,
      regions,
      file: stream.file,
      headerReadable,
    })
  }
}
