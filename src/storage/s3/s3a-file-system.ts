import { FifoServer } from '../../kernel/fifo-server.js'
import type { Host, Protocol } from '../../kernel/process.js'
import type { Configuration } from '../configuration.js'
import type { Node } from '../node.js'
import type { EntitySampler } from '../sampler.js'
import { ByteAccount } from './byte-account.js'
import type { ExternalStore, StoredObject } from './external-store.js'
import { S3Client } from './s3-client.js'
import { S3Usage } from './s3-operations.js'
import { s3aProperties } from './s3-properties.js'
import { s3Request } from './s3-request.js'
import { S3AInvoker } from './s3a-invoker.js'
import { S3AOutputStream } from './s3a-output-stream.js'

export interface S3AFileSystemOptions {
  readonly store: ExternalStore
  /** The process that uses it; uploads in the background die with it. */
  readonly host: Host
  readonly node: Node
  /** Site properties, `fs.s3a.*`. */
  readonly configuration: Configuration
  /** Whose luck the requests are: a peer's source on one server. */
  readonly entity: string
  /** Where its requests are counted; its own account if none is given. */
  readonly usage?: S3Usage
}

/**
 * Hears of open streams: what they hold lasts as long as their process. `changing` comes right
 * before, `changed` right after a stream grows, or is gone because its object is visible, it was
 * aborted or has failed, or its process has died.
 */
export interface StreamWatcher {
  changing(): void
  changed(stream: S3AOutputStream, what: 'written' | 'gone'): void
}

/** One instance of S3A: a client of one store in one process, with its thread pool. */
export class S3AFileSystem {
  readonly store: ExternalStore
  readonly host: Host
  readonly luck: EntitySampler
  readonly usage: S3Usage
  readonly invoker: S3AInvoker
  /** Uploads under way, `fs.s3a.threads.max` at most. */
  readonly threads: FifoServer
  /** Bytes through all streams of this instance, by what became of them. */
  readonly bytes = new ByteAccount()

  readonly partSize: number
  readonly activeBlocks: number
  readonly downgradesSyncable: boolean
  /** Whoever follows what open streams hold; null for nobody. */
  watcher: StreamWatcher | null = null
  readonly #createPerformance: boolean
  readonly #open = new Set<S3AOutputStream>()
  #purges = 0

  constructor({ store, host, node, configuration, entity, usage }: S3AFileSystemOptions) {
    const read = (key: string) => configuration.number(s3aProperties, key)
    this.store = store
    this.usage = usage ?? new S3Usage()
    this.host = host
    this.luck = store.sampler.entity(entity)
    this.invoker = new S3AInvoker(
      new S3Client(host.scheduler, store, node, configuration),
      configuration,
    )
    this.threads = new FifoServer(host.scheduler, read('fs.s3a.threads.max'))
    this.partSize = read('fs.s3a.multipart.size')
    this.activeBlocks = read('fs.s3a.fast.upload.active.blocks')
    this.downgradesSyncable = configuration.boolean(
      s3aProperties,
      'fs.s3a.downgrade.syncable.exceptions',
    )
    this.#createPerformance = configuration.boolean(s3aProperties, 'fs.s3a.create.performance')
  }

  /**
   * Opens a stream for object number `ordinal` of this entity, overwriting: a LIST makes sure that
   * the key is no directory. Nothing is created at the store (R4).
   *
   * @param closedAtStop see S3AOutputStream
   * @throws IOException when the retries of the LIST are used up
   */
  *create(key: string, ordinal: number, closedAtStop = true): Protocol<S3AOutputStream> {
    if (!this.#createPerformance) {
      yield* this.invoker.retry(s3Request(this, 'LIST', ordinal, 0, 0, noEffect))
    }
    const stream = new S3AOutputStream(this, key, ordinal, closedAtStop)
    this.#open.add(stream)
    return stream
  }

  /** Streams that are neither closed nor aborted. */
  openStreams(): Iterable<S3AOutputStream> {
    return this.#open
  }

  /** The process is dead, and what its streams had not made visible is lost. */
  processDied(): void {
    for (const stream of [...this.#open]) this.gone(stream)
  }

  /** For streams: `write` is about to make the stream grow. */
  writing(stream: S3AOutputStream, write: () => void): void {
    this.watcher?.changing()
    write()
    this.watcher?.changed(stream, 'written')
  }

  /** For streams: nothing will come of this one any more, or all has. */
  gone(stream: S3AOutputStream): void {
    if (!this.#open.has(stream)) return
    this.watcher?.changing()
    this.#open.delete(stream)
    this.watcher?.changed(stream, 'gone')
  }

  /**
   * Aborts multipart uploads below `prefix` that were begun more than `olderThanUs` ago, as
   * `fs.s3a.multipart.purge` does when a file system is created: their writers are taken to be dead.
   *
   * @throws IOException when the retries of a request are used up
   */
  *purgePendingUploads(prefix: string, olderThanUs: number): Protocol {
    const purge = this.#purges++
    yield* this.invoker.retry(s3Request(this, 'LIST', purge, 1, 0, noEffect))
    const before = this.host.scheduler.now - olderThanUs
    for (const [upload, begunUs] of [...this.store.uploads]) {
      if (begunUs > before || !upload.key.startsWith(prefix)) continue
      const abort = () => upload.abort()
      yield* this.invoker.retry(s3Request(this, 'DELETE', upload.ordinal, 1, 0, abort))
    }
  }

  /**
   * Length of the object, as a HEAD finds it. `ordinal` numbers the look-ups of this entity.
   *
   * @throws IOException when the retries are used up
   */
  *getFileStatus(object: StoredObject, ordinal: number): Protocol<number> {
    yield* this.invoker.retry(s3Request(this, 'HEAD', ordinal, 0, 0, noEffect))
    return object.bytes
  }
}

function noEffect(): void {}
