import { EditLog } from '../../src/hbase/wal/edit-log.js'
import type { MarkerDescriptor } from '../../src/hbase/wal/marker-descriptor.js'
import { MetricsSource } from '../../src/replication/metrics-source.js'
import type { ReadableWal } from '../../src/replication/readable-wal.js'
import {
  ReplicationSourceLogQueue,
  type WalGroupQueue,
} from '../../src/replication/replication-source-log-queue.js'

/** Bytes of an entry where a test does not say. */
export const ENTRY_BYTES = 10

/** A WAL whose every state is set by hand. */
export class HandWrittenWal implements ReadableWal {
  entries = 0
  beingWritten = true
  hasTrailer = false
  headerReadable = true
  available = true
  archived = false
  reappendedEntries = 0
  tornBytes = 0
  #syncedBytes = 0

  constructor(
    readonly log: EditLog,
    readonly name: string,
    readonly createdUs: number,
    readonly from: number,
    readonly group = 0,
    readonly server = 'rs1',
  ) {}

  get bytes(): number {
    return this.log.bytesOf(this.from, this.from + this.entries)
  }

  /** Whole entries within the synced length. */
  get syncedEntries(): number {
    const { log, from, entries } = this
    return log.lastWithin(from, from + entries, this.#syncedBytes) - from
  }

  /** What the writer tells replication to be its synced length. */
  sync(bytes = this.bytes): void {
    this.#syncedBytes = bytes
  }

  /** @param cleanly with a trailer, not as the end of a crashed server's file */
  close(cleanly = true): void {
    this.beingWritten = false
    this.hasTrailer = cleanly
  }

  /** Moved to oldWALs: a reader finds it there as it was. */
  archive(): void {
    this.archived = true
  }

  /** Cut back to 0 bytes. */
  truncate(): void {
    this.entries = 0
    this.headerReadable = false
  }
}

/** A region server's WALs of one group and the queue of a source that follows them. */
export class HandWrittenWals {
  readonly log: EditLog
  readonly queue: WalGroupQueue
  readonly all: HandWrittenWal[] = []
  current: HandWrittenWal
  readonly #logQueue: ReplicationSourceLogQueue

  /** @param nowUs the clock that entries take their write time from */
  constructor(
    private readonly nowUs: () => number = () => 0,
    readonly server = 'rs1',
    readonly group = 0,
    log = 0,
  ) {
    this.log = new EditLog(log)
    this.#logQueue = new ReplicationSourceLogQueue(new MetricsSource(), { now: 0 })
    this.current = this.#create(this.log.length)
    this.queue = this.#logQueue.queueOf(group)
  }

  /** Appends entries of these sizes, unsynced. */
  append(...sizes: readonly number[]): void {
    for (const bytes of sizes) {
      const edit = this.log.append(this.nowUs(), 0, this.log.length + 1, bytes, this.log.length)
      this.log.acknowledge(edit, this.nowUs())
      this.current.entries++
    }
  }

  /** Appends `count` entries and syncs them. */
  put(count = 1, bytes = ENTRY_BYTES): void {
    for (let i = 0; i < count; i++) this.append(bytes)
    this.current.sync()
  }

  /** Appends a marker and syncs it. */
  marker(descriptor: MarkerDescriptor): void {
    const edit = this.log.appendMarker(this.nowUs(), 0, this.log.length + 1, ENTRY_BYTES)
    this.log.markers.describe(edit, descriptor)
    this.current.entries++
    this.current.sync()
  }

  /** Writes to a new file from now on. The old one is still to be closed; it is returned. */
  roll(): HandWrittenWal {
    const old = this.current
    old.sync()
    this.current = this.#create(this.log.length)
    return old
  }

  /** As `roll`, because the stream has failed: the last `entries` are in the new file, too. */
  rollWithReappend(entries: number): HandWrittenWal {
    const old = this.current
    old.sync()
    this.current = this.#create(this.log.length - entries)
    this.current.entries = entries
    this.current.reappendedEntries = entries
    this.current.sync()
    old.close(false)
    return old
  }

  /** The server is dead and its WALs are split: all are closed and lie in oldWALs. */
  die(): void {
    this.current.sync()
    for (const wal of this.all) {
      if (wal.beingWritten) wal.close(false)
      wal.archive()
    }
  }

  #create(from: number): HandWrittenWal {
    const { server, group, log } = this
    const ordinal = this.all.length + 1
    const name = `${server}.${group}.${ordinal}`
    const wal = new HandWrittenWal(log, name, 1000 * ordinal, from, group, server)
    this.all.push(wal)
    this.#logQueue.enqueueLog(wal)
    return wal
  }
}
