import type { EditLog } from '../hbase/wal/edit-log.js'
import type { IntervalSet } from '../kernel/interval-set.js'
import { type CoverReader, FileCover, type Holder } from './file-cover.js'

/** An open stream to a peer's store. */
export interface WrittenStream extends Holder {
  /** Its writer closes it if it stops in good order; else gives it up. */
  readonly closedAtStop: boolean
}

/** `open`: its process lives on. `closed at stop`: it is ended in good order. */
export type StreamSurvival = 'open' | 'closed at stop'

type Streams = FileCover<WrittenStream, StreamSurvival>

const SURVIVALS = ['open', 'closed at stop'] as const

/**
 * The edits that open streams to a peer's store hold. They are nowhere else yet: they last as long
 * as the process that has the stream, and come to the store if its close succeeds.
 */
export class OpenStreams {
  readonly #editsOf: (log: number) => EditLog
  readonly #all: Streams
  readonly #byServer = new Map<string, Streams>()

  constructor(editsOf: (log: number) => EditLog) {
    this.#editsOf = editsOf
    this.#all = this.#none()
  }

  /** Edits of log `log` that some such stream holds; not to be changed. */
  edits(log: number, survival: StreamSurvival = 'open'): IntervalSet {
    return this.#all.edits(survival, log)
  }

  /** What the streams of each server hold of log `log`. */
  *byServer(log: number): Iterable<[server: string, edits: IntervalSet]> {
    for (const [server, streams] of this.#byServer) yield [server, streams.edits('open', log)]
  }

  /** `stream`, which a process of `server` has open, has grown. */
  written(server: string, stream: WrittenStream, reader: CoverReader<StreamSurvival>): void {
    let streams = this.#byServer.get(server)
    if (streams === undefined) {
      streams = this.#none()
      this.#byServer.set(server, streams)
    }
    streams.look(stream, () => {})
    this.#all.look(stream, reader)
  }

  /** `stream` is closed, aborted or dead with its process. */
  gone(server: string, stream: WrittenStream, reader: CoverReader<StreamSurvival>): void {
    this.#byServer.get(server)?.forget(stream, () => {})
    this.#all.forget(stream, reader)
  }

  #none(): Streams {
    return new FileCover<WrittenStream, StreamSurvival>(
      SURVIVALS,
      ({ closedAtStop }, survival) =>
        survival === 'open' || closedAtStop ? Number.POSITIVE_INFINITY : 0,
      this.#editsOf,
    )
  }
}
