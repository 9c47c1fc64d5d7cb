import { invariant } from '../kernel/errors.js'
import type { IntervalSet } from '../kernel/interval-set.js'
import type { LedgerLog } from './acknowledgements.js'
import { type CoveredFile, FILE_CLASSES, type FileClass } from './covered-file.js'
import { type CoverReader, FileCover } from './file-cover.js'
import { WalTail } from './wal-tail.js'

/** All that is flushed survives it; it is asked about first. */
const FLUSHED = FILE_CLASSES[0]

/** Hears which edits of the WALs survive what. */
export interface WalReader {
  /** An open WAL has grown: edits that nobody has an answer to yet, or a sync of which came first. */
  tailGrown(survival: FileClass, log: number, from: number, to: number): void
  /** Something happened to a WAL's file; the tails of all WALs were looked at just before. */
  walChanged(survival: FileClass, log: number, from: number, to: number, covered: boolean): void
}

interface WalLog {
  readonly source: LedgerLog
  /** WALs that may grow without anybody being told: the write path is lazy. */
  readonly growing: WalTail[]
  advancing: boolean
}

/**
 * The edits that the cluster's WAL files hold, by what their bytes survive. Files of HDFS tell of
 * what happens to them, but for the lazy growth of a WAL that is being written: that is looked up
 * before anybody draws a conclusion. What was acknowledged since the last look was flushed before,
 * so growth never makes an edit safe that was at risk; but for an hsync that follows hflushes.
 *
 * Simplification, where tables differ in durability: what was at risk between two looks only is not
 * seen, be it that an hsync came for it (FSYNC_WAL) or its first sync (ASYNC_WAL). Effect: an RPO is
 * too low by less than a second.
 */
export class WalCover {
  readonly #logs: WalLog[] = []
  readonly #cover = new FileCover<WalTail, FileClass>(
    FILE_CLASSES,
    (wal, survival) => wal.survivingBytes(survival),
    (log) => this.#logs[log].source.log,
  )
  readonly #wals = new Map<CoveredFile, WalTail>()
  readonly #readers: WalReader[] = []
  /** Tell the readers. */
  readonly #change: CoverReader<FileClass> = (survival, log, from, to, covered) => {
    for (const reader of this.#readers) reader.walChanged(survival, log, from, to, covered)
  }

  readonly #grow: CoverReader<FileClass> = (survival, log, from, to, covered) => {
    if (!covered) this.#change(survival, log, from, to, covered)
    else for (const reader of this.#readers) reader.tailGrown(survival, log, from, to)
  }

  /** The log with the next id: every incarnation of a server has one per WAL group. */
  addLog(source: LedgerLog): void {
    invariant(source.log.id === this.#logs.length, 'logs are added in the order of their ids')
    this.#logs.push({ source, growing: [], advancing: false })
  }

  /** A WAL of log `log` is being written, or will be next. */
  addWal(log: number, file: CoveredFile): void {
    this.refresh()
    const wal = new WalTail(file)
    this.#wals.set(file, wal)
    this.#logs[log].growing.push(wal)
    this.#look(wal)
  }

  subscribe(reader: WalReader): void {
    this.#readers.push(reader)
  }

  /** Edits of log `log` that are in a WAL and survive `survival` there; not to be changed. */
  edits(survival: FileClass, log: number): IntervalSet {
    return this.#cover.edits(survival, log)
  }

  /** Brings every log and the tail of its WAL up to now. */
  refresh(): void {
    for (const log of this.#logs) {
      // A server that is advancing may make somebody look.
      if (log.advancing) continue
      log.advancing = true
      log.source.advance()
      log.advancing = false
    }
    for (const { growing } of this.#logs) {
      for (let i = growing.length - 1; i >= 0; i--) this.#lookAtTail(growing, i)
    }
  }

  /** Part of FileWatcher, for the files of WALs. */
  changing(): void {
    this.refresh()
  }

  /** Part of FileWatcher, for the files of WALs. */
  changed(file: CoveredFile): void {
    const wal = this.#wals.get(file)
    if (wal !== undefined) this.#look(wal)
  }

  #look(wal: WalTail): void {
    wal.disturbed()
    this.#cover.look(wal, this.#change)
    wal.seen()
    if (!wal.file.deleted) return
    this.#cover.forget(wal, () => {})
    this.#wals.delete(wal.file)
    for (const { growing } of this.#logs) {
      if (growing.includes(wal)) growing.splice(growing.indexOf(wal), 1)
    }
  }

  /** What was flushed before the last look was at risk until now; it comes before what was not. */
  #catchUp(): CoverReader<FileClass> {
    let firstFlushed = Number.POSITIVE_INFINITY
    return (survival, log, from, to, covered) => {
      if (survival === FLUSHED) firstFlushed = Math.min(firstFlushed, from)
      const middle = Math.min(to, Math.max(from, covered ? firstFlushed : to))
      if (from < middle) this.#change(survival, log, from, middle, covered)
      if (middle < to) this.#grow(survival, log, middle, to, covered)
    }
  }

  #lookAtTail(growing: WalTail[], i: number): void {
    const wal = growing[i]
    if (wal.hasGrown) {
      this.#cover.look(wal, wal.catchesUp ? this.#catchUp() : this.#grow)
      wal.seen()
    }
    if (wal.file.closed) growing.splice(i, 1)
  }
}
