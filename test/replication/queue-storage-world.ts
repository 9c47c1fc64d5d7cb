import { EditLog } from '../../src/hbase/wal/edit-log.js'
import { Host, type Protocol } from '../../src/kernel/process.js'
import { Scheduler } from '../../src/kernel/scheduler.js'
import type { ReadableWal } from '../../src/replication/readable-wal.js'
import type {
  ReplicationGroupOffset,
  ReplicationQueueId,
  ReplicationQueueStorage,
} from '../../src/replication/replication-queue-storage.js'
import { IOException } from '../../src/storage/io-exception.js'

/** A queue that the server writes itself. */
export function queueOf(peer: string, server: string): ReplicationQueueId {
  return { peer, server, origin: server }
}

/** An empty WAL of a group, created at that time; its name may make it one of `hbase:meta`. */
export function walOf(
  createdUs: number,
  group = 0,
  name = `rs1.${group}.${createdUs}`,
): ReadableWal {
  return {
    name,
    createdUs,
    log: new EditLog(group),
    group,
    server: 'rs1',
    from: 0,
    entries: 0,
    syncedEntries: 0,
    reappendedEntries: 0,
    beingWritten: true,
    hasTrailer: false,
    available: true,
    headerReadable: true,
  }
}

export function at(wal: ReadableWal, position: number): ReplicationGroupOffset {
  return { wal, position, complete: false }
}

export function done(wal: ReadableWal, position: number): ReplicationGroupOffset {
  return { wal, position, complete: true }
}

/** A queue storage and somebody who uses it. */
export class StorageWorld<T extends ReplicationQueueStorage> {
  readonly scheduler = new Scheduler()
  readonly storage: T
  readonly #host = new Host(this.scheduler, 'caller')

  constructor(make: (scheduler: Scheduler) => T) {
    this.storage = make(this.scheduler)
  }

  /** Starts a call; ask the function returned for its result once the scheduler has run. */
  readonly start = <R>(call: Protocol<R>): (() => R | undefined) => {
    let result: R | undefined
    this.#host.spawn(
      'call',
      (function* (): Protocol {
        result = yield* call
      })(),
    )
    return () => result
  }

  /** What a call returns. */
  readonly result = <R>(call: Protocol<R>): R | undefined => {
    const result = this.start(call)
    this.scheduler.run()
    return result()
  }

  /** How long each of the calls takes, one after the other. */
  readonly run = (...calls: readonly Protocol<unknown>[]): number[] =>
    calls.map((call) => {
      const since = this.scheduler.now
      this.result(call)
      return this.scheduler.now - since
    })

  /** The fault that a call ends with, if any. */
  readonly failureOf = (call: Protocol): IOException | undefined => this.result(caught(call))
}

function* caught(call: Protocol): Protocol<IOException | undefined> {
  try {
    yield* call
    return undefined
  } catch (error) {
    if (error instanceof IOException) return error
    throw error
  }
}
