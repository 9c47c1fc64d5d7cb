import type { Protocol } from '../../kernel/process.js'
import type { Node } from '../node.js'
import type { DataTransfer } from './data-transfer.js'
import type { NameNode } from './name-node.js'

/** The reader's end of an open HDFS file; what it passes on is not told, only how long it takes. */
export class HdfsInputStream {
  constructor(
    private readonly nameNode: NameNode,
    private readonly transfer: DataTransfer,
    private readonly node: Node,
  ) {}

  /**
   * The next `bytes` of the file reach the reader's machine.
   *
   * @throws IOException `lost`, `refused`
   */
  *read(bytes: number): Protocol {
    yield* this.transfer.read(this.node, bytes)
    this.nameNode.checkAvailable()
  }
}
