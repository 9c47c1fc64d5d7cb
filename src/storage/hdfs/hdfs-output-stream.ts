import { invariant } from '../../kernel/errors.js'
import type { Protocol } from '../../kernel/process.js'
import type { Extent } from '../extent.js'
import { IOException } from '../io-exception.js'
import type { StreamCapabilities } from '../stream-capabilities.js'
import type { DfsClient } from './dfs-client.js'
import type { FileOutput, HdfsFile } from './hdfs-file.js'

/**
 * The writer's end of an open HDFS file. One call at a time, as DFSOutputStream's lock has it. When
 * a DataNode of the block being written dies, the call under way or the next one waits until the
 * pipeline is whole again.
 *
 * Simplification: the client sends its buffer when it is flushed, where the real one also sends
 * each packet of 64 KiB as soon as it is full; and an idle stream replaces a dead DataNode at its
 * next call, where the real one does so at once, so it lacks that replica for a while longer.
 */
export class HdfsOutputStream implements StreamCapabilities, FileOutput {
  #closed = false
  #failed = false
  #busy = false
  /** Bytes that have passed to the DataNodes. */
  #sentBytes = 0
  /** Number of the block being written, and of the last whose length the NameNode was told. */
  #block = 0
  #persistedBlock = -1

  constructor(
    readonly file: HdfsFile,
    private readonly client: DfsClient,
    private readonly blockSize: number,
  ) {
    file.output = this
  }

  /** True: hflush and hsync hold what they promise (R1, R2). */
  hasCapability(_capability: 'hflush' | 'hsync'): boolean {
    return true
  }

  /** Its pipeline cannot be repaired, or block recovery has ended the file under its writer. */
  get failed(): boolean {
    return this.#failed
  }

  broken(by: 'data-node' | 'end'): void {
    if (by === 'end') this.#failed = true
  }

  /**
   * Into the client's buffer; nothing is safe or visible before a flush.
   *
   * @throws IOException `closed`, `pipeline`
   */
  write(extent: Extent): void {
    this.#checkOpen()
    this.file.append(extent)
  }

  /**
   * Returns when every DataNode of the pipeline has what was written up to now (R1); nothing is
   * guaranteed on a disk. Free if there is nothing new.
   *
   * @throws IOException `closed`, `no-space` for a further block, `lost`, `refused`; `pipeline` when
   *   a DataNode has died and cannot be replaced, and ever after
   */
  *hflush(): Protocol {
    this.#checkOpen()
    if (this.file.bytesWritten > this.file.bytesFlushed)
      yield* this.#exclusively(this.#flush(false))
  }

  /**
   * As `hflush`, and what was written to the current block is on the disks of its replicas (R2).
   *
   * @throws IOException as `hflush`
   */
  *hsync(): Protocol {
    this.#checkOpen()
    yield* this.#exclusively(this.#flush(true))
  }

  /**
   * Flushes, finalizes the last block and completes the file at the NameNode; syncs nothing (R3).
   * Closing again does nothing.
   *
   * @throws IOException as `hflush`; `incomplete` if the last block stays short of replicas
   */
  *close(): Protocol {
    if (this.#closed) return
    this.#checkIntact()
    this.#closed = true
    yield* this.#exclusively(this.#finish())
  }

  *#flush(sync: boolean): Protocol {
    const { file } = this
    const target = file.bytesWritten
    yield* this.#deliver(target, sync)
    if (this.#block > this.#persistedBlock) {
      // The first flush of a block makes the NameNode persist the file's list of blocks.
      yield* this.client.nameNodeWrite(nothing)
      this.#persistedBlock = this.#block
    }
  }

  *#finish(): Protocol {
    yield* this.#deliver(this.file.bytesWritten, false)
    yield* this.client.finalizeBlock()
    yield* this.client.complete(this.file)
  }

  /** Passes the bytes up to position `target` on, and waits for the last acknowledgement. */
  *#deliver(target: number, sync: boolean): Protocol {
    const { file, client } = this
    const unflushedBytes = target - file.bytesFlushed
    yield* this.#send(target)
    const flush = client.beginFlush()
    yield* client.pipelineRoundTrip(flush, unflushedBytes, sync)
    for (let attempt = 1; file.damaged; attempt++) {
      yield* this.#recoverPipeline()
      yield* client.pipelineRoundTrip(flush, unflushedBytes, sync, attempt)
    }
    this.#checkIntact()
    file.change(() => file.acknowledge(target, sync ? target : file.bytesSynced))
  }

  /** Passes bytes to the DataNodes up to position `target`, block by block. */
  *#send(target: number): Protocol {
    const { file, client } = this
    yield* this.#recoverPipeline()
    while (this.#sentBytes < target) {
      const blockEnd = (this.#block + 1) * this.blockSize
      if (this.#sentBytes === blockEnd) {
        yield* client.addBlock(file, this.blockSize)
        this.#block++
        continue
      }
      const to = Math.min(target, blockEnd)
      yield* client.send(to - this.#sentBytes)
      yield* this.#recoverPipeline()
      this.#sentBytes = to
      // The last packet of a block is acknowledged before the next block is asked for.
      if (to === blockEnd) file.change(() => file.acknowledge(to, file.bytesSynced))
      else file.received(to)
    }
  }

  *#recoverPipeline(): Protocol {
    this.#checkIntact()
    const { file, client } = this
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

  *#exclusively(operation: Protocol): Protocol {
    invariant(!this.#busy, `${this.file.path}: two processes use one stream at a time`)
    this.#busy = true
    try {
      yield* operation
    } finally {
      this.#busy = false
    }
  }

  #checkOpen(): void {
    if (this.#closed) throw new IOException('closed', `${this.file.path} is closed`)
    this.#checkIntact()
  }

  #checkIntact(): void {
    if (this.#failed) throw new IOException('pipeline', `the stream of ${this.file.path} is broken`)
  }
}

function nothing(): void {}
