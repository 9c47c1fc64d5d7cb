import type { Protocol } from '../../kernel/process.js'
import { OneBlockOutput } from './one-block-output.js'

/**
 * An ordinary HDFS stream (DFSOutputStream) as `FSHLog` writes it: each DataNode of the block passes
 * the bytes on to the next. When one dies, nothing is acknowledged until `recover` has returned.
 */
export class PipelineOutput extends OneBlockOutput {
  protected get outlivesDataNodes(): boolean {
    return true
  }

  /**
   * Brings in DataNodes for dead ones until the pipeline is whole.
   *
   * @throws IOException `pipeline` if it cannot be, and ever after; `lost`, `refused`
   */
  *recover(): Protocol {
    const { file, client } = this
    this.checkIntact()
    try {
      while (file.damaged && file.lastBlock !== null) {
        yield* client.recoverPipeline(file, file.lastBlock)
      }
    } catch (error) {
      this.fail()
      throw error
    }
    this.checkIntact()
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
    yield* this.complete()
  }
}
