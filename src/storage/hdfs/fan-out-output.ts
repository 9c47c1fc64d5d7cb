import type { Protocol } from '../../kernel/process.js'
import { OneBlockOutput } from './one-block-output.js'

/**
 * HBase's own WAL stream (FanOutOneBlockAsyncDFSOutput), sent to all DataNodes in parallel. There is
 * no pipeline recovery: when a DataNode of the block dies the stream is broken, the writer must not
 * touch `file` from then on, and the WAL goes on in a new file.
 *
 * Simplification: it breaks at once also where a DataNode falls silent (its machine lost power),
 * which the real one notices when 60 s have passed without an acknowledgement; so a WAL on a live
 * rack is not held up here by the loss of another rack.
 */
export class FanOutOutput extends OneBlockOutput {
  protected get outlivesDataNodes(): boolean {
    return false
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
    this.checkIntact()
    const unflushedBytes = file.bytesWritten - file.bytesFlushed
    yield* client.pipelineRoundTrip(client.beginFlush(), unflushedBytes, false)
    yield* this.complete()
  }
}
