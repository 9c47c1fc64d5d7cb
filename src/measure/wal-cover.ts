import { invariant } from '../kernel/errors.js'
import type { IntervalSet } from '../kernel/interval-set.js'
import type { LedgerLog } from './acknowledgements.js'
import { type CoveredFile, FILE_CLASSES, type FileClass } from './covered-file.js'
import { FileCover } from './file-cover.js'
import { WalTail } from './wal-tail.js'

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
 * so growth never makes an edit safe that was at risk.
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
    this.#cover.look(wal, (survival, log, from, to, covered) => {
      for (const reader of this.#readers) reader.walChanged(survival, log, from, to, covered)
    })
    wal.seen()
    if (!wal.file.deleted) return
    this.#cover.forget(wal, () => {})
    this.#wals.delete(wal.file)
    for (const { growing } of this.#logs) {
      if (growing.includes(wal)) growing.splice(growing.indexOf(wal), 1)
    }
  }

  #lookAtTail(growing: WalTail[], i: number): void {
    const wal = growing[i]
    if (wal.hasGrown) {
      this.#cover.look(wal, (survival, log, from, to, covered) => {
        for (const reader of this.#readers) {
          if (covered) reader.tailGrown(survival, log, from, to)
          else reader.walChanged(survival, log, from, to, covered)
        }
      })
      wal.seen()
    }
    if (wal.file.closed) growing.splice(i, 1)
  }
}
