import type { Protocol } from '../../kernel/process.js'
import type { Extent } from '../../storage/extent.js'
import { IOException } from '../../storage/io-exception.js'
import type { StoredObject } from '../../storage/s3/external-store.js'
import type { S3AOutputStream } from '../../storage/s3/s3a-output-stream.js'
import type { EndpointContext } from '../replication-endpoint.js'

/** The objects that one endpoint writes; their names are unique for all times (R13). */
export class ObjectFiles {
  readonly #context: EndpointContext
  readonly #prefix: string
  #created = 0
  #verified = 0
  #stopped = false

  constructor(context: EndpointContext) {
    this.#context = context
    this.#prefix = `${context.peer}/${context.source}/`
  }

  /**
   * Makes the client ready: aborts uploads that others have left, if the options say so.
   *
   * @throws IOException when the retries of a request are used up
   */
  *initialize(): Protocol {
    const { fileSystem, options, peer } = this.#context
    const ageUs = options.purgePendingUploadsUs
    if (ageUs !== null) yield* fileSystem.purgePendingUploads(`${peer}/`, ageUs)
  }

  /**
   * Opens an object in `directory` of the source.
   *
   * @param closedAtStop whether the endpoint closes it when it stops; else `stop` gives it up
   * @throws IOException when the retries are used up; `closed` after `stop`
   */
  *create(directory: string, closedAtStop: boolean): Protocol<ObjectFile> {
    const ordinal = this.#created++
    const name = directory === '' ? `wal_file.${ordinal}` : `${directory}/wal_file.${ordinal}`
    const { fileSystem } = this.#context
    const stream = yield* fileSystem.create(this.#prefix + name, ordinal, closedAtStop)
    if (!this.#stopped) return new ObjectFile(stream)
    yield* stream.abort()
    throw new IOException('closed', `${this.#prefix} is not written any more`)
  }

  /**
   * Looks at the object's length, if the options ask for it.
   *
   * @throws IOException `part-failed` if it is not `bytes`; when the retries are used up
   */
  *verify(object: StoredObject, bytes: number): Protocol {
    const { fileSystem, options } = this.#context
    if (!options.verify) return
    const length = yield* fileSystem.getFileStatus(object, this.#verified++)
    if (length !== bytes) {
      throw new IOException('part-failed', `${object.key} is not as long as what was written`)
    }
  }

  /** Gives up every object that is not closed, and opens no more. */
  *stop(): Protocol {
    this.#stopped = true
    for (const stream of [...this.#context.fileSystem.openStreams()]) {
      if (stream.key.startsWith(this.#prefix)) yield* stream.abort()
    }
  }
}

/** An object that is being written. */
export class ObjectFile {
  #whole = true

  constructor(readonly stream: S3AOutputStream) {}

  get bytes(): number {
    return this.stream.bytesWritten
  }

  /** @throws IOException as S3AOutputStream.write; the object cannot be closed any more */
  *append(extents: readonly Extent[]): Protocol {
    // Whoever is killed in the middle leaves an object that must not be closed.
    this.#whole = false
    for (const extent of extents) yield* this.stream.write(extent)
    this.#whole = true
  }

  /** @throws IOException as S3AOutputStream.close; nothing comes of the object then (but see R12) */
  *close(): Protocol<StoredObject> {
    if (this.#whole) return yield* this.stream.close()
    yield* this.stream.abort()
    throw new IOException('closed', `${this.stream.key} was not written to its end`)
  }

  abort(): Protocol {
    return this.stream.abort()
  }
}
