import type { Protocol } from '../../kernel/process.js'
import { IOException } from '../io-exception.js'
import type { DfsClient } from './dfs-client.js'
import type { FileOutput, HdfsFile } from './hdfs-file.js'

/**
 * HBase's own WAL stream (FanOutOneBlockAsyncDFSOutput): one block per file, sent to all DataNodes
 * in parallel. How it writes is modelled where the WAL is: the writer appends to `file` and
 * acknowledges. What is modelled here is the end. There is no pipeline recovery: when a DataNode of
 * the block dies the stream is broken, and the WAL goes on in a new file.
 *
 * Simplification: it breaks at once also where a DataNode falls silent (its machine lost power),
 * which the real one notices when 60 s have passed without an acknowledgement; so a WAL on a live
 * rack is not held up here by the loss of another rack.
 */
export class FanOutOutput implements FileOutput {
  /** Called once, when the stream breaks. The writer must not touch `file` from then on. */
  onFailure: () => void = () => {}
  #failed = false
  /** All is acknowledged and the DataNodes are let go: their death no longer matters. */
  #ended = false

  constructor(
    readonly file: HdfsFile,
    private readonly client: DfsClient,
  ) {
    file.output = this
  }

  /** A DataNode of its block has died, or block recovery has ended the file under its writer. */
  get failed(): boolean {
    return this.#failed
  }

  broken(by: 'data-node' | 'end'): void {
    if (this.#failed || (by === 'data-node' && this.#ended)) return
    this.#failed = true
    this.onFailure()
  }

  /**
   * A last flush without the bytes, which the writer has sent; then finalizes the block and
   * completes the file at the NameNode. Has hflush strength, as any close (R3).
   *
   * @throws IOException `pipeline` for a stream that is broken, also while it closes; `lost`,
   *   `refused`; `incomplete` if the block stays short of replicas
   */
  *close(): Protocol {
    const { file, client } = this
    this.#checkIntact()
    const unflushedBytes = file.bytesWritten - file.bytesFlushed
    yield* client.pipelineRoundTrip(client.beginFlush(), unflushedBytes, false)
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
