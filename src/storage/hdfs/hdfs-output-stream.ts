import { invariant } from '../../kernel/errors.js'
import type { Protocol } from '../../kernel/process.js'
import type { Extent } from '../extent.js'
import { IOException } from '../io-exception.js'
import type { StreamCapabilities } from '../stream-capabilities.js'
import type { DfsClient } from './dfs-client.js'
import type { HdfsFile } from './hdfs-file.js'

/**
 * The writer's end of an open HDFS file. One call at a time, as DFSOutputStream's lock has it.
 *
 * Simplification: the client sends its buffer when it is flushed, where the real one also sends
 * each packet of 64 KiB as soon as it is full.
 */
export class HdfsOutputStream implements StreamCapabilities {
  #closed = false
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
  ) {}

  /** True: hflush and hsync hold what they promise (R1, R2). */
  hasCapability(_capability: 'hflush' | 'hsync'): boolean {
    return true
  }

  /**
   * Into the client's buffer; nothing is safe or visible before a flush.
   *
   * @throws IOException `closed`
   */
  write(extent: Extent): void {
    this.#checkOpen()
    this.file.append(extent)
  }

  /**
   * Returns when every DataNode of the pipeline has what was written up to now (R1); nothing is
   * guaranteed on a disk. Free if there is nothing new.
   *
   * @throws IOException `closed`, `no-space` for a further block, `lost`
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
    this.#closed = true
    yield* this.#exclusively(this.#finish())
  }

  *#flush(sync: boolean): Protocol {
    const { file } = this
    const target = file.bytesWritten
    const unflushedBytes = target - file.bytesFlushed
    yield* this.#send(target)
    yield* this.client.pipelineRoundTrip(unflushedBytes, sync)
    file.acknowledge(target, sync ? target : file.bytesSynced)
    if (this.#block > this.#persistedBlock) {
      // The first flush of a block makes the NameNode persist the file's list of blocks.
      yield* this.client.nameNodeWrite(nothing)
      this.#persistedBlock = this.#block
    }
  }

  *#finish(): Protocol {
    const { file } = this
    const unflushedBytes = file.bytesWritten - file.bytesFlushed
    yield* this.#send(file.bytesWritten)
    yield* this.client.pipelineRoundTrip(unflushedBytes, false)
    file.acknowledge(file.bytesWritten, file.bytesSynced)
    yield* this.client.finalizeBlock()
    yield* this.client.complete(file)
  }

  /** Passes bytes to the DataNodes up to position `target`, block by block. */
  *#send(target: number): Protocol {
    while (this.#sentBytes < target) {
      const blockEnd = (this.#block + 1) * this.blockSize
      if (this.#sentBytes === blockEnd) {
        yield* this.client.addBlock(this.#block + 1, this.blockSize)
        this.#block++
        continue
      }
      const to = Math.min(target, blockEnd)
      yield* this.client.send(to - this.#sentBytes)
      this.#sentBytes = to
    }
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
  }
}

function nothing(): void {}
