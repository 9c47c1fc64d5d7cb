import type { Protocol } from '../../kernel/process.js'
import type { Hdfs } from '../../storage/hdfs/hdfs.js'
import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import { IOException } from '../../storage/io-exception.js'
import type { Node } from '../../storage/node.js'
import type { RecoveredWriter, SplitStorage } from './wal-splitter.js'

/** What splitting WALs does in HDFS. Files that a split began and did not finish are replaced. */
export class HdfsRecoveryStorage implements SplitStorage {
  /** The latest file of each path. */
  readonly #files = new Map<string, HdfsFile>()
  /** How often each path was written; numbers the draws of doing so. */
  readonly #written = new Map<string, number>()

  constructor(private readonly hdfs: Hdfs) {}

  recoverLease(file: HdfsFile): Protocol<unknown> {
    return this.hdfs.recoverLease(file)
  }

  *read(file: HdfsFile, node: Node): Protocol {
    const stream = yield* this.hdfs.open(file, node)
    yield* stream.read(file.visibleBytes())
  }

  *create(path: string, node: Node): Protocol<RecoveredWriter> {
    const { hdfs } = this
    const former = this.#files.get(path)
    if (former !== undefined && !former.deleted) yield* hdfs.delete(former)
    const ordinal = this.#written.get(path) ?? 0
    this.#written.set(path, ordinal + 1)
    const output = yield* hdfs.create(`${path}.temp`, { node, luckEntity: path, ordinal })
    this.#files.set(path, output.file)
    return {
      *write(bytes) {
        // Whose edits these are is the recovered file's to say, so the extent names none.
        output.write({ log: 0, from: 0, to: 0, bytes })
        yield* output.hflush()
      },
      *close() {
        yield* output.close()
        const renamed = yield* hdfs.rename(`${path}.temp`, path)
        if (!renamed) throw new IOException('exists', `${path}.temp could not be renamed`)
        return output.file
      },
    }
  }
}
