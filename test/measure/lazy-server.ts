import { EditLog } from '../../src/hbase/wal/edit-log.js'
import type { LedgerLog } from '../../src/measure/acknowledgements.js'
import type { FakeFile } from './fake-files.js'

/** What will become of an edit if nothing comes between. */
export interface PlannedEdit {
  readonly writtenUs: number
  /** Its bytes are flushed to the WAL, on disks too if the WAL is hsynced. */
  readonly flushedUs: number
  /** The server answers, and the client has the answer. */
  readonly answeredUs: number
  readonly acknowledgedUs: number
  readonly bytes: number
  readonly region: number
}

/** A server that writes its edits when somebody looks, as the real write path does. */
export class LazyServer implements LedgerLog {
  readonly log: EditLog
  /** Every WAL, the one being written last. */
  readonly wals: FakeFile[]
  alive = true
  #written = 0
  #flushed = 0
  #answered = 0

  constructor(
    id: number,
    readonly name: string,
    readonly rack: number,
    private readonly plan: readonly PlannedEdit[],
    private readonly hsync: boolean,
    private readonly now: () => number,
    private readonly newFile: () => FakeFile,
  ) {
    this.log = new EditLog(id)
    this.wals = [newFile()]
  }

  get wal(): FakeFile {
    return this.wals[this.wals.length - 1]
  }

  advance(): void {
    if (!this.alive) return
    const nowUs = this.now()
    const { plan, wal, log } = this
    for (; plan[this.#written]?.writtenUs <= nowUs; this.#written++) {
      const { writtenUs, region, bytes } = plan[this.#written]
      const edit = log.append(
        writtenUs,
        region,
        this.#written,
        bytes,
        1000 * log.id + this.#written,
      )
      wal.append({ log: log.id, from: edit, to: edit + 1, bytes })
    }
    for (; plan[this.#flushed]?.flushedUs <= nowUs; this.#flushed++) {
      wal.flush(wal.bytesFlushed + plan[this.#flushed].bytes)
      if (this.hsync) wal.sync()
    }
    for (; plan[this.#answered]?.answeredUs <= nowUs; this.#answered++) {
      log.acknowledge(this.#answered, plan[this.#answered].acknowledgedUs)
    }
  }

  /** A new WAL, which begins with the last `again` flushed edits and what was not flushed. */
  roll(again: number): FakeFile {
    const old = this.wal
    const next = this.newFile()
    const from = Math.max(old.extents[0]?.from ?? this.#flushed, this.#flushed - again)
    if (from < this.#written) {
      const bytes = this.log.bytesOf(from, this.#written)
      next.append({ log: this.log.id, from, to: this.#written, bytes })
    }
    if (from < this.#flushed) {
      next.flush(this.log.bytesOf(from, this.#flushed))
      if (this.hsync) next.sync()
    }
    // What was not flushed is written to the next file.
    old.closed = true
    this.wals.push(next)
    return next
  }
}
