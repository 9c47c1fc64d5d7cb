import type { Protocol } from '../../kernel/process.js'
import { IOException } from '../io-exception.js'
import type { DfsClient } from './dfs-client.js'
import type { FileOutput, HdfsFile } from './hdfs-file.js'

/**
 * An ordinary HDFS stream of one block (DFSOutputStream) whose writer models the flushes and
 * advances `file` itself, as `FSHLog` does. Each DataNode of the block passes the bytes on to the
 * next. What is modelled here is the repair of the pipeline and the end.
 */
export class PipelineOutput implements FileOutput {
  /**
   * Called when a DataNode of the block has died: nothing is acknowledged until `recover` has
   * returned. Also when the stream has failed.
   */
  onFailure: () => void = () => {}
  #failed = false
  #ended = false

  constructor(
    readonly file: HdfsFile,
    private readonly client: DfsClient,
  ) {
    file.output = this
  }

  /** The pipeline cannot be repaired, or block recovery has ended the file under its writer. */
  get failed(): boolean {
    return this.#failed
  }

  broken(by: 'data-node' | 'end'): void {
    if (this.#failed || (by === 'data-node' && this.#ended)) return
    if (by === 'end') this.#failed = true
    this.onFailure()
  }

  /**
   * Brings in DataNodes for dead ones until the pipeline is whole.
   *
   * @throws IOException `pipeline` if it cannot be, and ever after; `lost`, `refused`
   */
  *recover(): Protocol {
    const { file, client } = this
    this.#checkIntact()
    try {
      while (file.damaged && file.lastBlock !== null) {
        yield* client.recoverPipeline(file, file.lastBlock)
      }
    } catch (error) {
      this.#failed = true
      throw error
    }
    this.#checkIntact()
  }

  /**
   * A last flush without the bytes, which the writer has sent; then finalizes the block and
   * completes the file at the NameNode. Has hflush strength, as any close (R3).
   *
   * @throws IOException as `recover`; `incomplete` if the block stays short of replicas
   */
  *close(): Protocol {
    const { file, client } = this
    const unflushedBytes = file.bytesWritten - file.bytesFlushed
    const flush = client.beginFlush()
    for (let attempt = 0; attempt === 0 || file.damaged; attempt++) {
      yield* this.recover()
      yield* client.pipelineRoundTrip(flush, unflushedBytes, false, attempt)
    }
    this.#checkIntact()
    file.change(() => file.acknowledge(file.bytesWritten, file.bytesSynced))
    this.#ended = true
    yield* client.finalizeBlock()
    yield* client.complete(file)
  }

  #checkIntact(): void {
    if (this.#failed) throw new IOException('pipeline', `the stream of ${this.file.path} is broken`)
  }
}
