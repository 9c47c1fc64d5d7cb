import type { RecoveredWriter, SplitStorage } from '../../../src/hbase/master/wal-splitter.js'
import type { OpeningStorage } from '../../../src/hbase/regionserver/region-open.js'
import type { Protocol } from '../../../src/kernel/process.js'
import type { FSNamesystem } from '../../../src/storage/hdfs/fs-namesystem.js'
import { HdfsFile } from '../../../src/storage/hdfs/hdfs-file.js'
import type { Node } from '../../../src/storage/node.js'

/** HDFS whose operations take as long as they are told, and say what they did. */
export class FakeStorage implements SplitStorage, OpeningStorage {
  readonly done: string[] = []
  /** Bytes per second of a stream. */
  readBytesPerSecond = Number.POSITIVE_INFINITY
  writeBytesPerSecond = Number.POSITIVE_INFINITY
  /** Time of creating, closing, deleting or renaming a file. */
  operationUs = 0
  recoverLease: (file: HdfsFile) => Protocol = () => this.#operation('recover lease')

  constructor(private readonly namesystem: FSNamesystem) {}

  *read(file: HdfsFile, _node?: Node): Protocol {
    yield Math.round((file.visibleBytes() * 1e6) / this.readBytesPerSecond)
    this.done.push(`read ${file.path}`)
  }

  *create(path: string): Protocol<RecoveredWriter> {
    yield* this.#operation(`create ${path}`)
    const file = new HdfsFile(`${path}.temp`, this.namesystem, 1e9)
    const { writeBytesPerSecond } = this
    const operation = (name: string) => this.#operation(name)
    return {
      *write(bytes) {
        yield Math.round((bytes * 1e6) / writeBytesPerSecond)
        file.append({ log: 0, from: 0, to: 0, bytes })
        file.acknowledge(bytes, 0)
      },
      *close() {
        yield* operation(`close ${path}`)
        file.markClosed()
        file.rename(path)
        return file
      },
    }
  }

  *delete(file: HdfsFile): Protocol {
    yield* this.#operation(`delete ${file.path}`)
    file.remove()
  }

  commit(file: HdfsFile): Protocol {
    return this.#operation(`commit ${file.path}`)
  }

  *#operation(name: string): Protocol {
    yield this.operationUs
    this.done.push(name)
  }
}
