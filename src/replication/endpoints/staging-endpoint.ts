import type { Protocol } from '../../kernel/process.js'
import type { DisasterClass } from '../../storage/disaster.js'
import type { Extent } from '../../storage/extent.js'
import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import type { HdfsOutputStream } from '../../storage/hdfs/hdfs-output-stream.js'
import { IOException } from '../../storage/io-exception.js'
import type {
  EndpointContext,
  ReplicationEndpoint,
  ReplicationResult,
} from '../replication-endpoint.js'
import type { WALEntryBatch } from '../wal-entry-batch.js'
import { Attempts, failed, succeeds } from './attempts.js'
import { partsByTable } from './batch-parts.js'
import { Copiers } from './copiers.js'
import { FlushThread } from './flush-thread.js'
import { type ObjectFile, ObjectFiles } from './object-files.js'
import { StagingArea, WAL_BLOCKS } from './staging-area.js'

/** A staged file that is being written, and the object it is the twin of, if there is one. */
interface OpenFile {
  readonly staged: HdfsOutputStream
  readonly object: ObjectFile | null
}

/**
 * What Options 1 and 2 of HBASE-28987 share: entries are accepted once they are synced to a staging
 * file in HDFS, and stay there until the store has them. A file is rolled when it has reached
 * `rollSize` before the next batch, or by the flush thread. At each of its ticks that thread also
 * looks for staging that nobody works on, as the pull request 6518 lists its staging directory: of
 * sources that were stopped, of the server whose queues this source has claimed, and, after twice
 * the flush interval, of any server that is not online. Files are written by HBase's WAL writer,
 * with its blocks. A file that the copiers took over is copied at once, not only at the next tick.
 */
export class StagingEndpoint implements ReplicationEndpoint {
  readonly claims: readonly DisasterClass[]
  readonly offsets = 'shipper'
  protected readonly context: EndpointContext
  protected readonly objects: ObjectFiles
  readonly #area: StagingArea
  readonly #copiers: Copiers
  /** Appending and rolling exclude each other. */
  readonly #flush: FlushThread
  readonly #attempts = new Attempts()
  /** By table; one for all under the empty name. */
  readonly #open = new Map<string, OpenFile>()
  #stopped = false

  constructor(context: EndpointContext) {
    this.context = context
    this.claims = stagingClaims(context)
    this.objects = new ObjectFiles(context)
    this.#area = new StagingArea(context)
    this.#copiers = new Copiers(context, this.#area, this.objects)
    this.#flush = new FlushThread(context)
  }

  /** Opens the object that is written along with a staged file; null if there is none. */
  protected createObject(_table: string): Protocol<ObjectFile | null> | null {
    return null
  }

  *start(): Protocol {
    yield* this.objects.initialize()
    yield* this.#takeOver()
    this.#copiers.start()
    this.#flush.start(() => this.#tick())
  }

  *replicate(batch: WALEntryBatch): Protocol<ReplicationResult> {
    const sinceUs = this.context.scheduler.now
    const accepted = yield* this.#flush.exclusively(this.#write(batch))
    return accepted ? 'COMMITTED' : yield* failed(this.context.scheduler, sinceUs)
  }

  *beforePersistingReplicationOffset(): Protocol {}

  *stop(): Protocol {
    this.#stopped = true
    yield* this.#flush.stop()
    yield* this.#copiers.stop()
    yield* this.#flush.exclusively(this.#rollAll())
    yield* this.objects.stop()
    yield* succeeds(this.#area.leave())
  }

  *#write(batch: WALEntryBatch): Protocol<boolean> {
    if (this.#stopped) return false
    let written = 0
    for (const [table, extents] of partsByTable(this.#attempts.extentsOf(batch), this.context)) {
      if (!(yield* this.#append(table, extents))) {
        this.#attempts.refused(batch, written)
        return false
      }
      written++
    }
    this.#attempts.accepted(batch)
    return true
  }

  /** First to the object: what it refuses is then not in the twin that the copiers get. */
  *#append(table: string, extents: readonly Extent[]): Protocol<boolean> {
    const { rollSize, sync } = this.context.options
    try {
      const full = this.#open.get(table)
      if (full !== undefined && full.staged.file.bytesWritten >= rollSize) {
        yield* this.#roll(table, full)
      }
      const { staged, object } = this.#open.get(table) ?? (yield* this.#create(table))
      if (object !== null) yield* object.append(extents)
      for (const extent of extents) staged.write(extent)
      if (sync === 'hsync') yield* staged.hsync()
      else yield* staged.hflush()
      return true
    } catch (error) {
      if (!(error instanceof IOException)) throw error
      yield* this.#abandon(table)
      return false
    }
  }

  *#create(table: string): Protocol<OpenFile> {
    const creation = this.createObject(table)
    const object = creation === null ? null : yield* creation
    try {
      const open = { staged: yield* this.#area.create(table), object }
      this.#open.set(table, open)
      return open
    } catch (fault) {
      if (object !== null) yield* object.abort()
      throw fault
    }
  }

  /** Ends a file. Whatever fails: the copiers have it then. */
  #roll(table: string, open: OpenFile): Protocol {
    const { peer, source, scheduler } = this.context
    const { tracer } = scheduler
    const roll = this.#rollFile(table, open)
    if (tracer === null) return roll
    const { path, bytesWritten } = open.staged.file
    const details = { peer, source, file: path, bytes: bytesWritten }
    return tracer.around('roll staged file', details, roll)
  }

  *#rollFile(table: string, { staged, object }: OpenFile): Protocol {
    this.#open.delete(table)
    yield* succeeds(this.#close(staged))
    if (object !== null && (yield* succeeds(this.#complete(object, staged.file)))) return
    this.#copiers.add({ file: staged.file, resend: object === null ? null : 'retry' })
  }

  /**
   * A loss of power takes a closed block as a whole if it has bytes that were never synced (R3), as
   * those of a write that was cut short.
   */
  *#close(staged: HdfsOutputStream): Protocol {
    const { bytesWritten, bytesSynced } = staged.file
    const { sync } = this.context.options
    if (sync === 'hsync' && bytesSynced < bytesWritten) yield* staged.hsync()
    yield* staged.close()
  }

  /** Makes the object visible; only then its twin may go. */
  *#complete(object: ObjectFile, twin: HdfsFile): Protocol {
    const stored = yield* object.close()
    yield* this.objects.verify(stored, object.bytes)
    yield* this.#area.delete(twin)
  }

  /** A file of which a write has failed takes no more; what it had accepted is copied. */
  *#abandon(table: string): Protocol {
    const open = this.#open.get(table)
    if (open === undefined) return
    this.#open.delete(table)
    const { staged, object } = open
    if (object !== null) yield* object.abort()
    yield* succeeds(this.#close(staged))
    this.#copiers.add({ file: staged.file, resend: object === null ? null : 'retry' })
  }

  *#tick(): Protocol {
    this.#copiers.retryFailed()
    yield* this.#rollAll()
    yield* succeeds(this.#takeOver())
  }

  *#rollAll(): Protocol {
    for (const [table, open] of [...this.#open]) {
      if (open.staged.file.bytesWritten > 0) yield* this.#roll(table, open)
    }
  }

  *#takeOver(): Protocol {
    for (const staged of yield* this.#area.scan((file) => this.#knows(file))) {
      this.#copiers.add(staged)
    }
  }

  #knows(file: HdfsFile): boolean {
    for (const { staged } of this.#open.values()) if (staged.file === file) return true
    return this.#copiers.holds(file)
  }
}

/** What a staged file survives: nothing in the store is counted, for nothing in it is complete. */
function stagingClaims({ hdfs, options, maxBatchBytes }: EndpointContext): DisasterClass[] {
  const claims: DisasterClass[] = ['region-server-crash']
  if (hdfs.replicas > 1) claims.push('data-node-crash')
  // hsync covers only the current block (R2): the claim holds while a file fits into one.
  const oneBlock = options.rollSize + maxBatchBytes <= WAL_BLOCKS * hdfs.blockSize
  if (options.sync === 'hsync' && oneBlock) claims.push('rack-power-loss', 'cluster-power-loss')
  return claims
}
