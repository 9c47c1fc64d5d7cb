import { FifoServer } from '../../kernel/fifo-server.js'
import type { Process, Protocol } from '../../kernel/process.js'
import { Signal } from '../../kernel/signal.js'
import { appendExtent, type Extent } from '../extent.js'
import { IOException } from '../io-exception.js'
import type { StreamCapabilities } from '../stream-capabilities.js'
import { StreamBytes } from './byte-account.js'
import type { StoredObject } from './external-store.js'
import { MultipartUpload } from './multipart-upload.js'
import type { S3Operation } from './s3-operations.js'
import { type S3Request, s3Request } from './s3-request.js'
import type { S3AFileSystem } from './s3a-file-system.js'

/**
 * S3ABlockOutputStream: data fills a block on the local disk; a full block becomes a part of a
 * multipart upload in the background. Nothing is at the key before `close()` is through (R4).
 */
export class S3AOutputStream implements StreamCapabilities {
  readonly #extents: Extent[] = []
  readonly #bytes: StreamBytes
  #state: 'open' | 'closing' | 'over' = 'open'
  #object: StoredObject | null = null

  /** Bytes in the block that is being filled. */
  #blockBytes = 0
  /** Begun when the first block is full; null while the file fits a single PUT. */
  #upload: MultipartUpload | null = null
  #parts = 0
  /** Places for blocks that are queued and uploading; `write()` waits while all are taken. */
  readonly #places: FifoServer
  readonly #uploads: Process[] = []
  #uploading = 0
  readonly #uploadEnded = new Signal()
  #failure: IOException | null = null

  constructor(
    private readonly fileSystem: S3AFileSystem,
    readonly key: string,
    private readonly ordinal: number,
    /** Its writer closes it if it stops in good order; else gives it up. */
    readonly closedAtStop: boolean,
  ) {
    this.#bytes = new StreamBytes(fileSystem.bytes)
    this.#places = new FifoServer(fileSystem.host.scheduler, fileSystem.activeBlocks)
  }

  /** What was written, in order. */
  get extents(): readonly Extent[] {
    return this.#extents
  }

  get bytesWritten(): number {
    return this.#bytes.total
  }

  /** False: what was flushed or synced is as volatile as before (R5, R6). */
  hasCapability(_capability: 'hflush' | 'hsync'): boolean {
    return false
  }

  /**
   * Into the block on the local disk. A block that it fills is handed to an upload: the first waits
   * for the store to begin the upload, each for a place among the active blocks.
   *
   * @throws IOException `closed`; the fault of beginning the upload; `part-failed` at the next full
   *   block after a part has failed. The stream is then aborted, all its parts are discarded.
   */
  *write(extent: Extent): Protocol {
    this.#checkOpen()
    const { partSize } = this.fileSystem
    this.fileSystem.writing(this, () => appendExtent(this.#extents, extent))
    this.#bytes.write(extent.bytes)
    this.#blockBytes += extent.bytes
    try {
      while (this.#blockBytes >= partSize) {
        this.#blockBytes -= partSize
        yield* this.#uploadPart(partSize)
      }
    } catch (fault) {
      yield* this.abort()
      throw fault
    }
  }

  /**
   * Does nothing, and says nothing (R5).
   *
   * @throws IOException `unsupported` if `fs.s3a.downgrade.syncable.exceptions` is false
   */
  hflush(): void {
    if (this.fileSystem.downgradesSyncable) return
    throw new IOException('unsupported', 'S3A streams are not Syncable')
  }

  /** As `hflush`. */
  hsync(): void {
    this.hflush()
  }

  /**
   * Uploads what is left and makes the object visible; returns it.
   *
   * @throws IOException `closed`; `part-failed`; the fault of the PUT or the Complete when its
   *   retries are used up. The stream is then aborted, all its parts are discarded.
   */
  *close(): Protocol<StoredObject> {
    this.#checkOpen()
    this.#state = 'closing'
    try {
      if (this.#upload === null) yield* this.#putObject()
      else yield* this.#completeUpload(this.#upload)
      if (this.#object === null) throw new IOException('not-found', `${this.key}: no such upload`)
      this.#state = 'over'
      this.fileSystem.gone(this)
      return this.#object
    } catch (fault) {
      yield* this.abort()
      throw fault
    }
  }

  /**
   * Gives the object up: cancels what is being sent, discards what the store has. S3A does not
   * repeat an abort: parts that an outage keeps from being discarded stay pending.
   */
  *abort(): Protocol {
    if (this.#state === 'over') return
    this.#state = 'over'
    this.#failure ??= new IOException('closed', `${this.key} was aborted`)
    this.#bytes.drop()
    this.fileSystem.gone(this)
    for (const upload of this.#uploads) upload.kill()
    this.#uploadEnded.notifyAll()
    const upload = this.#upload
    if (upload === null) return
    try {
      yield* this.fileSystem.invoker.once(this.#request('DELETE', 0, 0, () => upload.abort()))
    } catch (fault) {
      if (!(fault instanceof IOException)) throw fault
    }
  }

  *#putObject(): Protocol {
    const bytes = this.#bytes.total
    // A repeated PUT overwrites the object with itself.
    const put = () => {
      const { store } = this.fileSystem
      if (this.#object === null) this.#show(store.addObject(this.key, this.#extents, bytes))
    }
    yield* this.#submit(this.#request('PUT', 0, bytes, put))
    yield* this.#awaitUploads()
    if (this.#failure !== null) throw this.#failure
  }

  *#completeUpload(upload: MultipartUpload): Protocol {
    if (this.#blockBytes > 0) yield* this.#uploadPart(this.#blockBytes)
    yield* this.#awaitUploads()
    this.#checkParts()
    const complete = () => {
      const object = upload.complete(this.#extents)
      if (object !== null) this.#show(object)
    }
    yield* this.fileSystem.invoker.retry(this.#request('Complete', 0, 0, complete))
  }

  *#uploadPart(bytes: number): Protocol {
    const upload = this.#upload ?? (yield* this.#initiate())
    this.#checkParts()
    const part = ++this.#parts
    const put = () => upload.putPart(part, bytes)
    yield* this.#submit(this.#request('UploadPart', part, bytes, put))
  }

  *#initiate(): Protocol<MultipartUpload> {
    const { store, invoker, usage, host } = this.fileSystem
    const upload = new MultipartUpload(store, this.key, this.ordinal, usage)
    const begin = () => upload.begin(host.scheduler.now)
    yield* invoker.retry(this.#request('Initiate', 0, 0, begin))
    this.#upload = upload
    return upload
  }

  /** Waits for a place, then sends the block in a process of its own. */
  *#submit(request: S3Request): Protocol {
    yield* this.#places.acquire()
    this.#checkParts()
    this.#uploading++
    this.#uploads.push(this.fileSystem.host.spawn(request.operation, this.#send(request)))
  }

  *#send(request: S3Request): Protocol {
    const { threads, invoker } = this.fileSystem
    try {
      yield* threads.acquire()
      try {
        yield* invoker.retry(request)
      } finally {
        threads.release()
      }
    } catch (fault) {
      if (!(fault instanceof IOException)) throw fault
      this.#failure ??= fault
    } finally {
      this.#places.release()
      this.#uploading--
      this.#uploadEnded.notifyAll()
    }
  }

  /** Until all uploads are through or one of them has failed. */
  *#awaitUploads(): Protocol {
    while (this.#uploading > 0 && this.#failure === null) yield this.#uploadEnded
  }

  #checkParts(): void {
    const failure = this.#failure
    if (failure === null) return
    throw new IOException('part-failed', `${this.key} is discarded`, failure)
  }

  #checkOpen(): void {
    if (this.#state !== 'open') throw new IOException('closed', `${this.key} is closed`)
  }

  /** At the instant of the store's effect. */
  #show(object: StoredObject): void {
    this.#object = object
    this.#bytes.store()
    this.fileSystem.gone(this)
  }

  #request(operation: S3Operation, part: number, bytes: number, effect: () => void): S3Request {
    return s3Request(this.fileSystem, operation, this.ordinal, part, bytes, effect)
  }
}
