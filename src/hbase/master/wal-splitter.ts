import { invariant } from '../../kernel/errors.js'
import type { Host, Protocol } from '../../kernel/process.js'
import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import { IOException } from '../../storage/io-exception.js'
import type { Node } from '../../storage/node.js'
import { inParallel } from '../regionserver/in-parallel.js'
import {
  above,
  bytesOf,
  type FamilyRange,
  type IdRange,
  type RecoveredEdits,
  type RecoveredFile,
} from '../regionserver/recovered-edits.js'
import type { FlushedSequenceIds } from './flushed-sequence-ids.js'

/** The edits of one region in a WAL. Markers are left out: a split drops them. */
export interface RegionEntries extends IdRange {
  readonly region: number
}

/** A file that a split writes; nobody sees it before it is closed. */
export interface RecoveredWriter {
  write(bytes: number): Protocol
  /** Closes it and renames it to its final name. */
  close(): Protocol<HdfsFile>
}

/** HDFS as a split uses it, at the machine of the server that does it. */
export interface SplitStorage {
  /** Closes a file whose writer is dead (`Hdfs.recoverLease`). */
  recoverLease(file: HdfsFile): Protocol<unknown>
  /** Opens the file and reads all of it. */
  read(file: HdfsFile, node: Node): Protocol
  /** Creates the file of that final name under a temporary one, in place of any there is. */
  create(path: string, node: Node): Protocol<RecoveredWriter>
}

export interface WALSplitterOptions {
  readonly storage: SplitStorage
  readonly recoveredEdits: RecoveredEdits
  readonly flushed: FlushedSequenceIds
  /** By family of the region, the shares of an edit's bytes; they add up to 1. */
  familyShares(region: number): readonly number[]
  /** `hbase.regionserver.hlog.splitlog.writer.threads` */
  readonly writerThreads: number
  /** `hbase.wal.split.to.hfile` */
  readonly splitToHFile: boolean
}

/** One WAL to be split, and who does it. */
export interface SplitTask {
  readonly file: HdfsFile
  /** Asked when the file is closed. */
  entries(): Iterable<RegionEntries>
  /** Its name among all WALs there are. */
  readonly name: string
  readonly host: Host
  readonly node: Node
  /** At which entries are decoded and sorted by region. */
  readonly bytesPerSecond: number
}

/** What one split did. */
export interface WalSplit {
  readonly wal: string
  readonly worker: string
  readonly startedUs: number
  readonly leaseRecoveredUs: number
  readonly finishedUs: number
  /** Of the WAL. */
  readonly bytes: number
  /** Of the files that were written. */
  readonly recoveredBytes: number
  readonly recoveredFiles: number
}

/**
 * WALSplitter.splitLogFile: closes the WAL in place of its dead writer, reads it whole, and writes
 * what is in no HFile as far as the master knows, region by region. recovered.edits are created and
 * written by a few writer threads while the WAL is read, and closed by as many when that is done
 * (RecoveredEditsOutputSink); HFiles are created only then (BoundedRecoveredHFilesOutputSink).
 * Reading and decoding go on side by side, the slower one counts.
 *
 * Simplifications: a writer thread writes all of a region at once, maybe before the last of it is
 * read; reading never waits for room in the buffer of
 * `hbase.regionserver.hlog.splitlog.buffersize`, which delays no end, for then the writers are what
 * is waited for; and there is one HFile per family, where a WAL beyond a third of that buffer
 * leaves several smaller ones.
 *
 * @throws IOException what HDFS throws
 */
export function* splitWal(task: SplitTask, options: WALSplitterOptions): Protocol<WalSplit> {
  const { file, host } = task
  const { storage, writerThreads, recoveredEdits, splitToHFile } = options
  const { scheduler } = host
  const startedUs = scheduler.now
  // A recovery that gives up is no hindrance: HBase reads what it finds, if it can.
  if (!file.closed) yield* storage.recoverLease(file)
  const leaseRecoveredUs = scheduler.now
  if (!file.readable) throw new IOException('missing-block', 'a WAL cannot be read')

  const outputs = outputsOf(task, options)
  const eachOutput = (work: (output: Output) => Protocol) =>
    inParallel(outputs.map(work), writerThreads, host, 'WAL split writer')
  if (splitToHFile) {
    yield* readAndDecode(task, storage)
    yield* eachOutput((output) => output.writeAndClose())
  } else {
    const writing = host.spawn('WAL split', resultOf(eachOutput((output) => output.write())))
    yield* readAndDecode(task, storage)
    const failure = (yield writing) as IOException | null
    if (failure !== null) throw failure
    yield* eachOutput((output) => output.close())
  }
  // One instant for all: a split that is broken off leaves nothing, and is done again.
  for (const output of outputs) recoveredEdits.add(output.recovered())
  return {
    wal: task.name,
    worker: host.name,
    startedUs,
    leaseRecoveredUs,
    finishedUs: scheduler.now,
    bytes: file.visibleBytes(),
    recoveredBytes: outputs.reduce((sum, { families }) => sum + bytesOf(families), 0),
    recoveredFiles: outputs.length,
  }
}

/** A recovered file in the making. */
class Output {
  readonly #path: string
  #writer: RecoveredWriter | null = null
  #file: HdfsFile | null = null

  constructor(
    readonly region: number,
    readonly kind: RecoveredFile['kind'],
    readonly families: readonly FamilyRange[],
    private readonly task: SplitTask,
    private readonly storage: SplitStorage,
  ) {
    const what = kind === 'edits' ? 'recovered.edits' : `recovered.hfiles/${families[0].family}`
    this.#path = `${what}/${region}/${this.maxSequenceId}-${task.name}`
  }

  get maxSequenceId(): number {
    return Math.max(...this.families.map(({ maxSequenceId }) => maxSequenceId))
  }

  *write(): Protocol {
    this.#writer = yield* this.storage.create(this.#path, this.task.node)
    yield* this.#writer.write(bytesOf(this.families))
  }

  *close(): Protocol {
    invariant(this.#writer !== null, 'a recovered file is closed that was not written')
    this.#file = yield* this.#writer.close()
  }

  *writeAndClose(): Protocol {
    yield* this.write()
    yield* this.close()
  }

  recovered(): RecoveredFile {
    const { region, kind, families, maxSequenceId } = this
    invariant(this.#file !== null, 'a recovered file is used that was not closed')
    return { region, kind, families, maxSequenceId, file: this.#file }
  }
}

/** What of the WAL is in no HFile as far as the master knows, by file that it goes to. */
function outputsOf(task: SplitTask, options: WALSplitterOptions): Output[] {
  const { flushed, familyShares, splitToHFile, storage } = options
  const outputs: Output[] = []
  for (const entries of task.entries()) {
    const { region } = entries
    const families = rangesByFamily(entries, familyShares(region)).flatMap((range) => {
      const left = above(range, flushed.of(region, range.family))
      return left === null ? [] : { ...left, family: range.family }
    })
    if (families.length === 0) continue
    if (!splitToHFile) outputs.push(new Output(region, 'edits', families, task, storage))
    else for (const one of families) outputs.push(new Output(region, 'hfile', [one], task, storage))
  }
  return outputs
}

/** The families' parts of the entries; their bytes add up to those of the entries. */
function rangesByFamily(entries: RegionEntries, shares: readonly number[]): FamilyRange[] {
  const { minSequenceId, maxSequenceId, bytes } = entries
  let sum = 0
  let before = 0
  return shares.map((share, family) => {
    sum += share
    const end = family === shares.length - 1 ? bytes : Math.round(bytes * sum)
    const range = { family, minSequenceId, maxSequenceId, bytes: end - before }
    before = end
    return range
  })
}

function* readAndDecode(task: SplitTask, storage: SplitStorage): Protocol {
  const { file, node, host, bytesPerSecond } = task
  const decodedUs = host.scheduler.now + Math.round((file.visibleBytes() * 1e6) / bytesPerSecond)
  yield* storage.read(file, node)
  if (decodedUs > host.scheduler.now) yield decodedUs - host.scheduler.now
}

/** How the work ended, for who waits for it only later. */
function* resultOf(work: Protocol): Protocol<IOException | null> {
  try {
    yield* work
    return null
  } catch (error) {
    if (!(error instanceof IOException)) throw error
    return error
  }
}
