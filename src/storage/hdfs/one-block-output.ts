import type { Protocol } from '../../kernel/process.js'
import { IOException } from '../io-exception.js'
import type { DfsClient } from './dfs-client.js'
import type { FileOutput, HdfsFile } from './hdfs-file.js'

/**
 * The stream of a WAL: one block per file. How it writes is modelled where the WAL is: the writer
 * appends to `file` and acknowledges. What is modelled here is the end.
 */
export abstract class OneBlockOutput implements FileOutput {
  /** Called when a DataNode of the block has died, and when the stream has failed. */
  onFailure: () => void = () => {}
  /** All is acknowledged and the DataNodes are let go: their death no longer matters. */
  #ended = false
  #failed = false

  constructor(
    readonly file: HdfsFile,
    protected readonly client: DfsClient,
  ) {
    file.output = this
  }

  /** Nothing can be written any more. */
  get failed(): boolean {
    return this.#failed
  }

  broken(by: 'data-node' | 'end'): void {
    if (this.#failed || (by === 'data-node' && this.#ended)) return
    if (by === 'end' || !this.outlivesDataNodes) this.fail()
    this.onFailure()
  }

  /** The death of a DataNode can be repaired. */
  protected abstract get outlivesDataNodes(): boolean

  protected fail(): void {
    this.#failed = true
  }

  /** After the last flush: finalizes the block and completes the file at the NameNode. */
  protected *complete(): Protocol {
    const { file, client } = this
    this.checkIntact()
    file.change(() => file.acknowledge(file.bytesWritten, file.bytesSynced))
    this.#ended = true
    yield* client.finalizeBlock()
    yield* client.complete(file)
  }

  /** @throws IOException `pipeline` */
  protected checkIntact(): void {
    if (this.#failed) throw new IOException('pipeline', `the stream of ${this.file.path} is broken`)
  }
}
