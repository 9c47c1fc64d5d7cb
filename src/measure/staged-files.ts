import type { EditLog } from '../hbase/wal/edit-log.js'
import type { IntervalSet } from '../kernel/interval-set.js'
import { type CoveredFile, FILE_CLASSES, type FileClass } from './covered-file.js'
import { type CoverReader, FileCover } from './file-cover.js'

/** The staged files of one peer: the room they take, and which edits survive what in them. */
export class StagedFiles {
  bytes = 0
  files = 0
  maxBytes = 0
  maxFiles = 0
  readonly #cover: FileCover<CoveredFile, FileClass>
  readonly #bytesOf = new Map<CoveredFile, number>()
  readonly #short = new Set<CoveredFile>()

  constructor(editsOf: (log: number) => EditLog) {
    const prefixBytes = (file: CoveredFile, survival: FileClass) => file.survivingBytes(survival)
    this.#cover = new FileCover<CoveredFile, FileClass>(FILE_CLASSES, prefixBytes, editsOf)
  }

  /** Edits of log `log` that survive `survival` in some staged file; not to be changed. */
  edits(survival: FileClass, log: number): IntervalSet {
    return this.#cover.edits(survival, log)
  }

  /** An earlier disaster has left some file with fewer replicas than it should have. */
  get shortOfReplicas(): boolean {
    return this.#short.size > 0
  }

  /** Something has happened to `file`; `reader` hears what it keeps more or less than before. */
  look(file: CoveredFile, reader: CoverReader<FileClass>): void {
    const known = this.#bytesOf.get(file)
    const bytes = file.survivingBytes('region-server-crash')
    this.#cover.look(file, reader)
    if (file.deleted) {
      if (known !== undefined) this.#forget(file, known)
      return
    }
    this.#grow(bytes - (known ?? 0), known === undefined ? 1 : 0)
    this.#bytesOf.set(file, bytes)
    if (file.shortOfReplicas) this.#short.add(file)
    else this.#short.delete(file)
  }

  #forget(file: CoveredFile, bytes: number): void {
    this.#grow(-bytes, -1)
    this.#bytesOf.delete(file)
    this.#short.delete(file)
    this.#cover.forget(file, () => {})
  }

  #grow(bytes: number, files: number): void {
    this.bytes += bytes
    this.files += files
    this.maxBytes = Math.max(this.maxBytes, this.bytes)
    this.maxFiles = Math.max(this.maxFiles, this.files)
  }
}
