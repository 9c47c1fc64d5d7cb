import type { EditLog } from '../hbase/wal/edit-log.js'
import { IntervalMultiset } from '../kernel/interval-multiset.js'
import type { IntervalSet } from '../kernel/interval-set.js'
import type { Extent } from '../storage/extent.js'
import { FileContent } from './file-content.js'

/** What holds edits: a file of HDFS, or an open stream. */
export interface Holder {
  readonly extents: readonly Extent[]
}

/** The edits `[from, to)` of log `log` are, or are not any more, in what survives of some file. */
export type CoverReader<C> = (
  survival: C,
  log: number,
  from: number,
  to: number,
  covered: boolean,
) => void

interface HeldFile {
  readonly content: FileContent
  /** Bytes and edits of the surviving prefix, by the order of the survivals. */
  readonly bytes: number[]
  readonly edits: number[]
}

/**
 * Which edits a changing set of files keeps, for each of several ways `C` to survive. An edit that
 * two files keep stays when one of them goes; a change costs what it touches, however many files
 * there are.
 *
 * @template F the files
 * @template C the ways to survive
 */
export class FileCover<F extends Holder, C> {
  readonly #survivals: readonly C[]
  readonly #prefixBytes: (file: F, survival: C) => number
  readonly #editsOf: (log: number) => EditLog
  readonly #files = new Map<F, HeldFile>()
  readonly #kept: IntervalMultiset[][]

  /** @param prefixBytes length of the file's prefix that survives */
  constructor(
    survivals: readonly C[],
    prefixBytes: (file: F, survival: C) => number,
    editsOf: (log: number) => EditLog,
  ) {
    this.#survivals = survivals
    this.#prefixBytes = prefixBytes
    this.#editsOf = editsOf
    this.#kept = survivals.map(() => [])
  }

  /** Edits of log `log` that survive in some file; not to be changed. */
  edits(survival: C, log: number): IntervalSet {
    return this.#keptOf(this.#survivals.indexOf(survival), log).present
  }

  /** Looks at `file` again; `reader` hears of every range that it keeps more or less than before. */
  look(file: F, reader: CoverReader<C>): void {
    let held = this.#files.get(file)
    if (held === undefined) {
      const none = () => this.#survivals.map(() => 0)
      held = { content: new FileContent(), bytes: none(), edits: none() }
      this.#files.set(file, held)
    }
    const { content } = held
    const before = content.edits
    const shorter = content.exceeds(file.extents)
    if (!shorter) content.follow(file.extents)
    const changed = shorter || content.edits > before
    const limit = shorter ? editsOf(file.extents) : content.edits
    for (let i = 0; i < this.#survivals.length; i++) {
      const bytes = this.#prefixBytes(file, this.#survivals[i])
      if (bytes === held.bytes[i] && !changed) continue
      this.#move(held, i, Math.min(limit, this.#editsWithin(held, i, bytes)), reader)
      held.bytes[i] = bytes
    }
    if (shorter) content.follow(file.extents)
  }

  /** `file` keeps nothing any more. */
  forget(file: F, reader: CoverReader<C>): void {
    const held = this.#files.get(file)
    if (held === undefined) return
    this.#files.delete(file)
    for (let i = 0; i < this.#survivals.length; i++) this.#move(held, i, 0, reader)
  }

  /** Files that were looked at and not forgotten. */
  files(): IterableIterator<F> {
    return this.#files.keys()
  }

  /** The same prefix under the class before is the same number of edits. */
  #editsWithin({ content, bytes, edits }: HeldFile, i: number, prefixBytes: number): number {
    if (i > 0 && bytes[i - 1] === prefixBytes) return edits[i - 1]
    return content.editsWithin(prefixBytes, this.#editsOf)
  }

  #move({ content, edits }: HeldFile, i: number, to: number, reader: CoverReader<C>): void {
    const from = edits[i]
    edits[i] = to
    const survival = this.#survivals[i]
    content.forEachIn(from, to, (log, start, end) => {
      this.#keptOf(i, log).add(start, end)
      reader(survival, log, start, end, true)
    })
    content.forEachIn(to, from, (log, start, end) => {
      this.#keptOf(i, log).remove(start, end)
      reader(survival, log, start, end, false)
    })
  }

  #keptOf(i: number, log: number): IntervalMultiset {
    const logs = this.#kept[i]
    while (logs.length <= log) logs.push(new IntervalMultiset())
    return logs[log]
  }
}

function editsOf(extents: readonly Extent[]): number {
  return extents.reduce((sum, { from, to }) => sum + to - from, 0)
}
