import { EditLog } from '../../src/hbase/edit-log.js'
import type { ReadableWal } from '../../src/replication/readable-wal.js'
import { ReplicationSourceLogQueue } from '../../src/replication/replication-source-log-queue.js'

/** Bytes of an entry where a test does not say. */
export const ENTRY_BYTES = 10

/** A WAL whose every state is set by hand. */
export class HandWrittenWal implements ReadableWal {
  entries = 0
  beingWritten = true
  hasTrailer = false
  headerReadable = true
  archived = false
  #syncedBytes = 0

  constructor(
    private readonly log: EditLog,
    readonly name: string,
    readonly createdUs: number,
    readonly from: number,
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
  readonly log = new EditLog(0)
  readonly queue = new ReplicationSourceLogQueue()
  current: HandWrittenWal
  #ordinal = 0

  /** @param nowUs the clock that entries take their write time from */
  constructor(private readonly nowUs: () => number = () => 0) {
    this.current = this.#create()
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

  /** Writes to a new file from now on. The old one is still to be closed; it is returned. */
  roll(): HandWrittenWal {
    const old = this.current
    old.sync()
    this.current = this.#create()
    return old
  }

  #create(): HandWrittenWal {
    const createdUs = 1000 * ++this.#ordinal
    const wal = new HandWrittenWal(this.log, `rs1.${this.#ordinal}`, createdUs, this.log.length)
    this.queue.enqueue(wal)
    return wal
  }
}
