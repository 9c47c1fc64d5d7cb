import { invariant } from '../../kernel/errors.js'
import type { CompactionRequest } from '../compactions/compaction-request.js'
import { bySequenceId, bytesIn, type StoreFile } from './store-file.js'

/**
 * The files of one family of one region (HBase's HStore with its DefaultStoreFileManager). They lie
 * in HDFS, whichever server has the region open; compactions, readers and the wish for a major
 * compaction are that server's, and gone when the region is opened anew.
 */
export class HStore {
  /** A major compaction is asked for and has not been selected yet. */
  forceMajor = false
  /** Bytes of all files that ever entered the store, outputs of compactions left out. */
  bytesAdded = 0

  #files: readonly StoreFile[] = []
  #compactedFiles: readonly StoreFile[] = []
  readonly #compactions = new Set<CompactionRequest>()
  /** How many scanners have a file open, if any. */
  readonly #readers = new Map<StoreFile, number>()

  constructor(
    readonly region: number,
    readonly family: number,
  ) {}

  /** What a new reader reads, oldest first. */
  get files(): readonly StoreFile[] {
    return this.#files
  }

  /** Replaced by the output of a compaction, and still in the region's directory, oldest first. */
  get compactedFiles(): readonly StoreFile[] {
    return this.#compactedFiles
  }

  /** Files of the compactions selected and not ended, oldest first. */
  get filesCompacting(): readonly StoreFile[] {
    const compactions = [...this.#compactions]
    if (compactions.length === 0) return []
    return this.#files.filter((file) => compactions.some(({ files }) => files.includes(file)))
  }

  get bytes(): number {
    return bytesIn(this.#files)
  }

  get hasReferences(): boolean {
    return [...this.#files, ...this.#compactedFiles].some(({ isReference }) => isReference)
  }

  /** Highest sequence id in a file, -1 if there is none. */
  get maxSequenceId(): number {
    return this.#files.at(-1)?.maxSequenceId ?? -1
  }

  /** A file of a flush, a bulk load or a recovery enters the store. */
  add(file: StoreFile): void {
    invariant(!this.#files.includes(file), 'a file enters its store twice')
    this.#files = [...this.#files, file].sort(bySequenceId)
    this.bytesAdded += file.bytes
  }

  /** At one instant for readers; the inputs stay in the directory until they are archived. */
  replace(inputs: readonly StoreFile[], outputs: readonly StoreFile[]): void {
    invariant(
      inputs.every((file) => this.#files.includes(file)),
      'a file is replaced that its store does not have',
    )
    const kept = this.#files.filter((file) => !inputs.includes(file))
    this.#files = [...kept, ...outputs].sort(bySequenceId)
    this.#compactedFiles = [...this.#compactedFiles, ...inputs].sort(bySequenceId)
  }

  /** A scanner opens the files of this instant; it hands them to `release` when it is done. */
  acquire(): readonly StoreFile[] {
    for (const file of this.#files) this.#readers.set(file, this.readersOf(file) + 1)
    return this.#files
  }

  release(files: readonly StoreFile[]): void {
    for (const file of files) {
      const readers = this.readersOf(file) - 1
      if (readers > 0) this.#readers.set(file, readers)
      else this.#readers.delete(file)
    }
  }

  readersOf(file: StoreFile): number {
    return this.#readers.get(file) ?? 0
  }

  /** Compacted files that nobody reads. */
  get dischargeableFiles(): readonly StoreFile[] {
    return this.#compactedFiles.filter((file) => this.readersOf(file) === 0)
  }

  /** The file is in the archive. */
  discharged(file: StoreFile): void {
    this.#compactedFiles = this.#compactedFiles.filter((other) => other !== file)
  }

  /** The files of `request` are left alone by other compactions until `endCompaction`. */
  startCompaction(request: CompactionRequest): void {
    invariant(
      this.filesCompacting.every((file) => !request.files.includes(file)),
      'two compactions have a file in common',
    )
    this.#compactions.add(request)
    this.forceMajor &&= !request.isMajor
  }

  /** No if the region was opened anew since: the server that compacts has it no more. */
  isCompacting(request: CompactionRequest): boolean {
    return this.#compactions.has(request)
  }

  endCompaction(request: CompactionRequest): void {
    this.#compactions.delete(request)
  }

  /** A server opens the region: what another had in memory about the store is gone. */
  opened(): void {
    this.forceMajor = false
    this.#compactions.clear()
    this.#readers.clear()
  }
}
