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
  readonly #createPerformance: boolean

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
   * @throws IOException when the retries of the LIST are used up
   */
  *create(key: string, ordinal: number): Protocol<S3AOutputStream> {
    if (!this.#createPerformance) {
      yield* this.invoker.retry(s3Request(this, 'LIST', ordinal, 0, 0, noEffect))
    }
    return new S3AOutputStream(this, key, ordinal)
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
