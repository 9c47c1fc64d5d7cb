import type { Protocol } from '../../kernel/process.js'
import type { DfsClient } from './dfs-client.js'
import type { HdfsFile } from './hdfs-file.js'

/**
 * HBase's own WAL stream (FanOutOneBlockAsyncDFSOutput): one block per file, sent to all DataNodes
 * in parallel. How it writes is modelled where the WAL is: the writer appends to `file` and
 * acknowledges. What is modelled here is the end.
 */
export class FanOutOutput {
  constructor(
    readonly file: HdfsFile,
    private readonly client: DfsClient,
  ) {}

  /**
   * A last flush without the bytes, which the writer has sent; then finalizes the block and
   * completes the file at the NameNode. Has hflush strength, as any close (R3).
   *
   * @throws IOException `lost`; `incomplete` if the block stays short of replicas
   */
  *close(): Protocol {
    const { file, client } = this
    yield* client.pipelineRoundTrip(file.bytesWritten - file.bytesFlushed, false)
    file.acknowledge(file.bytesWritten, file.bytesSynced)
    yield* client.finalizeBlock()
    yield* client.complete(file)
  }
}
