import { BoundedQueue } from '../../kernel/bounded-queue.js'
import { FifoServer } from '../../kernel/fifo-server.js'
import type { Protocol } from '../../kernel/process.js'
import type { DisasterClass } from '../../storage/disaster.js'
import { piecesOf } from '../../storage/extent.js'
import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import type { HdfsOutputStream } from '../../storage/hdfs/hdfs-output-stream.js'
import { IOException } from '../../storage/io-exception.js'
import type { EndpointContext, ReplicationEndpoint } from '../replication-endpoint.js'
import type { WALEntryBatch } from '../wal-entry-batch.js'

/** WALUtil.getWALBlockSize: a WAL's block is twice HDFS's, so that it is rolled before it is full. */
const WAL_BLOCKS = 2

const SURVIVES_SYNCED: readonly DisasterClass[] = ['rack-power-loss', 'cluster-power-loss']

/**
 * Option 1 of HBASE-28987: entries are accepted once they are synced to a staging file in HDFS;
 * background copiers bring rolled files to the external store and then delete them. One open file
 * per server and peer. A file is rolled when it has reached `rollSize` before the next batch, or by
 * the flush thread. A copy that fails waits for the flush thread's next tick, as in the pull request
 * (6518) that coded this design; other than there, a rolled file is copied at once, not only at the
 * next tick, and tables share a file. Files are written by HBase's WAL writer, with its blocks.
 */
export class StagedCopyEndpoint implements ReplicationEndpoint {
  readonly claims: readonly DisasterClass[]
  readonly #context: EndpointContext
  /** Appending and rolling exclude each other. */
  readonly #lock: FifoServer
  readonly #toCopy: BoundedQueue<HdfsFile>
  /** Every staged file that is not deleted, the open one included, and its accepted bytes. */
  readonly #staged = new Map<HdfsFile, number>()
  readonly #blockSize: number
  #failedCopies: HdfsFile[] = []
  #open: HdfsOutputStream | null = null
  #files = 0
  #objects = 0

  constructor(context: EndpointContext) {
    this.#context = context
    this.#lock = new FifoServer(context.scheduler, 1)
    this.#toCopy = new BoundedQueue(context.scheduler, Number.POSITIVE_INFINITY)
    this.#blockSize = WAL_BLOCKS * context.hdfs.blockSize
    // hsync covers only the current block (R2): the claim holds while a file fits into one.
    const { sync, rollSize } = context.options
    const oneBlock = rollSize + context.maxBatchBytes <= this.#blockSize
    this.claims = [
      'region-server-crash',
      ...(context.hdfs.replicas > 1 ? (['data-node-crash'] as const) : []),
      ...(sync === 'hsync' && oneBlock ? SURVIVES_SYNCED : []),
    ]
  }

  start(): void {
    const { host, options } = this.#context
    host.spawn('staging flush', this.#flushPeriodically())
    for (let i = 0; i < options.copiers; i++) host.spawn(`copier ${i}`, this.#copyFiles())
  }

  *replicate(batch: WALEntryBatch): Protocol<boolean> {
    yield* this.#lock.acquire()
    try {
      return yield* this.#append(batch)
    } finally {
      this.#lock.release()
    }
  }

  stagedFiles(): Iterable<HdfsFile> {
    return this.#staged.keys()
  }

  *#append(batch: WALEntryBatch): Protocol<boolean> {
    const { options, observer } = this.#context
    try {
      if (this.#open !== null && this.#open.file.bytesWritten >= options.rollSize) {
        yield* this.#roll()
      }
      this.#open ??= yield* this.#create()
      for (const extent of batch.extents) this.#open.write(extent)
      if (options.sync === 'hsync') yield* this.#open.hsync()
      else yield* this.#open.hflush()
      const { file } = this.#open
      this.#staged.set(file, (this.#staged.get(file) ?? 0) + batch.bytes)
      observer.stagingChanged(batch.bytes, 0)
      observer.stagedFileSynced(file)
      return true
    } catch (error) {
      if (!(error instanceof IOException)) throw error
      this.#abandonOpenFile()
      return false
    }
  }

  *#create(): Protocol<HdfsOutputStream> {
    const { hdfs, node, peer, server, observer } = this.#context
    const ordinal = this.#files++
    const path = `wal-backup-staging/${peer}/${server}/wal_file.${ordinal}`
    const writer = { node, luckEntity: `staging/${peer}/${server}`, ordinal }
    const stream = yield* hdfs.create(path, writer, this.#blockSize)
    this.#staged.set(stream.file, 0)
    observer.stagingChanged(0, 1)
    return stream
  }

  /** Closes the open file and gives it to the copiers. */
  *#roll(): Protocol {
    const stream = this.#open
    if (stream === null) return
    yield* stream.close()
    this.#open = null
    yield* this.#toCopy.put(stream.file)
  }

  /** A stream that has failed takes no more; what it had accepted is recovered and copied. */
  #abandonOpenFile(): void {
    const stream = this.#open
    if (stream === null) return
    this.#open = null
    this.#context.host.spawn('recover staged file', this.#recover(stream.file))
  }

  *#recover(file: HdfsFile): Protocol {
    try {
      yield* this.#context.hdfs.recoverLease(file)
      if (file.bytesFlushed > 0) yield* this.#toCopy.put(file)
      else yield* this.#delete(file)
    } catch (error) {
      if (!(error instanceof IOException)) throw error
    }
  }

  *#flushPeriodically(): Protocol {
    const { scheduler, options, firstFlushUs } = this.#context
    for (let tickUs = scheduler.now + firstFlushUs; ; tickUs += options.flushIntervalUs) {
      // At a fixed rate, as ScheduledExecutorService has it: a late tick does not shift the next.
      yield Math.max(0, tickUs - scheduler.now)
      const failed = this.#failedCopies
      this.#failedCopies = []
      for (const file of failed) yield* this.#toCopy.put(file)
      yield* this.#lock.acquire()
      try {
        if (this.#open !== null && this.#open.file.bytesWritten > 0) yield* this.#roll()
      } catch (error) {
        if (!(error instanceof IOException)) throw error
        this.#abandonOpenFile()
      } finally {
        this.#lock.release()
      }
    }
  }

  *#copyFiles(): Protocol {
    for (;;) {
      const file = yield* this.#toCopy.take()
      try {
        yield* this.#copy(file)
        yield* this.#delete(file)
      } catch (error) {
        if (!(error instanceof IOException)) throw error
        this.#failedCopies.push(file)
      }
    }
  }

  *#copy(file: HdfsFile): Protocol {
    const { hdfs, node, fileSystem, peer, server } = this.#context
    const ordinal = this.#objects++
    const input = yield* hdfs.open(file, node)
    const stream = yield* fileSystem.create(`${peer}/${server}/wal_file.${ordinal}`, ordinal)
    for (const extent of file.extents) {
      for (const piece of piecesOf(extent, fileSystem.partSize)) {
        yield* input.read(piece.bytes)
        yield* stream.write(piece)
      }
    }
    const object = yield* stream.close()
    const length = yield* fileSystem.getFileStatus(object, ordinal)
    if (length !== file.bytesFlushed) {
      throw new IOException('part-failed', `${file.path}: the copy is not as long as the file`)
    }
  }

  *#delete(file: HdfsFile): Protocol {
    const { hdfs, observer } = this.#context
    yield* hdfs.delete(file)
    observer.stagingChanged(-(this.#staged.get(file) ?? 0), -1)
    this.#staged.delete(file)
    observer.stagedFileDeleted(file.extents)
  }
}
