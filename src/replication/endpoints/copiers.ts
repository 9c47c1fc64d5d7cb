import { BoundedQueue } from '../../kernel/bounded-queue.js'
import { type Process, type Protocol, within } from '../../kernel/process.js'
import { piecesOf, resent } from '../../storage/extent.js'
import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import { IOException } from '../../storage/io-exception.js'
import type { EndpointContext } from '../replication-endpoint.js'
import { TERMINATION_TIMEOUT_US } from './flush-thread.js'
import type { ObjectFile, ObjectFiles } from './object-files.js'
import type { StagedFile, StagingArea } from './staging-area.js'

/** What a thread takes for the end of its work. */
const NO_MORE = 'no more'

/**
 * The threads that bring staged files to the external store and then delete them. A file whose
 * writer is gone is lease-recovered first. A copy that fails waits for `retryFailed`.
 */
export class Copiers {
  readonly #context: EndpointContext
  readonly #area: StagingArea
  readonly #objects: ObjectFiles
  readonly #queue: BoundedQueue<StagedFile | typeof NO_MORE>
  /** Everything added and not done with. */
  readonly #files = new Set<HdfsFile>()
  readonly #threads: Process[] = []
  #failed: StagedFile[] = []

  constructor(context: EndpointContext, area: StagingArea, objects: ObjectFiles) {
    this.#context = context
    this.#area = area
    this.#objects = objects
    this.#queue = new BoundedQueue(context.scheduler, Number.POSITIVE_INFINITY)
  }

  start(): void {
    const { host, options } = this.#context
    for (let i = 0; i < options.copiers; i++) {
      this.#threads.push(host.spawn(`copier ${i}`, this.#run()))
    }
  }

  /**
   * Waits a while for what is added to be copied, as the executor of the pull request 6518 is shut
   * down; then ends the threads where they are. Objects they were writing are the caller's to abort.
   */
  *stop(): Protocol {
    const { scheduler } = this.#context
    const endUs = scheduler.now + TERMINATION_TIMEOUT_US
    for (const _ of this.#threads) this.#queue.tryPut(NO_MORE)
    for (const thread of this.#threads) {
      if (thread.alive) yield* within(Math.max(0, endUs - scheduler.now), thread)
      thread.kill()
    }
  }

  holds(file: HdfsFile): boolean {
    return this.#files.has(file)
  }

  add(staged: StagedFile): void {
    this.#files.add(staged.file)
    const { tracer, doing } = this.#context.scheduler
    this.#queue.tryPut(tracer === null ? staged : { ...staged, cause: doing })
  }

  retryFailed(): void {
    const failed = this.#failed
    this.#failed = []
    for (const staged of failed) this.#queue.tryPut(staged)
  }

  *#run(): Protocol {
    for (;;) {
      const staged = yield* this.#queue.take()
      if (staged === NO_MORE) return
      try {
        yield* this.#tracedFinish(staged)
        this.#files.delete(staged.file)
      } catch (error) {
        if (!(error instanceof IOException)) throw error
        this.#failed.push({ ...staged, resend: staged.resend ?? 'retry' })
      }
    }
  }

  #tracedFinish(staged: StagedFile): Protocol {
    const { peer, source, scheduler } = this.#context
    const { tracer } = scheduler
    const work = this.#finish(staged)
    if (tracer === null) return work
    const { path, bytesFlushed } = staged.file
    const details = { peer, source, file: path, bytes: bytesFlushed }
    return tracer.around('copy staged file', details, work, undefined, staged.cause)
  }

  /** A file that somebody else has taken over is theirs. */
  *#finish(staged: StagedFile): Protocol {
    const { file } = staged
    if (!this.#area.has(file)) return
    if (!file.closed && !(yield* this.#context.hdfs.recoverLease(file))) {
      throw new IOException('incomplete', `${file.path} is still open`)
    }
    if (file.bytesFlushed > 0) yield* this.#copy(staged)
    yield* this.#area.delete(file)
  }

  *#copy(staged: StagedFile): Protocol {
    const object = yield* this.#objects.create(this.#directoryOf(staged.file), false)
    try {
      yield* this.#transfer(staged, object)
    } catch (fault) {
      yield* object.abort()
      throw fault
    }
    const stored = yield* object.close()
    yield* this.#objects.verify(stored, staged.file.bytesFlushed)
  }

  *#transfer({ file, resend }: StagedFile, object: ObjectFile): Protocol {
    const { hdfs, node, fileSystem, copyThrottle } = this.#context
    const input = yield* hdfs.open(file, node)
    for (const extent of resend === null ? file.extents : resent(file.extents, resend)) {
      for (const piece of piecesOf(extent, fileSystem.partSize)) {
        if (copyThrottle !== null) yield* copyThrottle.pass(piece.bytes)
        yield* input.read(piece.bytes)
        yield* object.append([piece])
      }
    }
  }

  #directoryOf(file: HdfsFile): string {
    return this.#context.options.perTable ? (file.path.split('/').at(-2) ?? '') : ''
  }
}
