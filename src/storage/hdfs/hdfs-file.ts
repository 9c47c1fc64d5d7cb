import { invariant } from '../../kernel/errors.js'
import type { DisasterClass } from '../disaster.js'
import { appendExtent, type Extent } from '../extent.js'
import type { FSNamesystem } from './fs-namesystem.js'

/**
 * A file of HDFS: what was written to it and how safe each byte of it is. A stream that models the
 * protocol advances it, or its writer does so directly. Fields are for reading only.
 */
export class HdfsFile {
  readonly extents: Extent[] = []
  /** Bytes in the file, those still in the writer's buffer included. */
  bytesWritten = 0
  /** Bytes that every DataNode of the pipeline has acknowledged (R1). */
  bytesFlushed = 0
  /** Bytes from the start of the file without a gap that hsync put on every replica's disk (R2). */
  bytesSynced = 0
  closed = false
  deleted = false
  /** How often it was opened or looked up; numbers the draws of doing so. */
  lookUps = 0

  readonly #namesystem: FSNamesystem
  readonly #blockSize: number
  /** Last block whose length the NameNode was told, and the file's length it then had. */
  #persistedBlock = -1
  #persistedBytes = 0
  /** What the file held when all of it was last flushed. */
  #flushedExtents: readonly Extent[] = []

  constructor(
    readonly path: string,
    namesystem: FSNamesystem,
    blockSize: number,
  ) {
    this.#namesystem = namesystem
    this.#blockSize = blockSize
    namesystem.fileCreated()
  }

  /** Puts `extent` in the writer's buffer. */
  append(extent: Extent): void {
    invariant(!this.closed, `${this.path} is closed and cannot grow`)
    appendExtent(this.extents, extent)
    this.bytesWritten += extent.bytes
  }

  /**
   * The pipeline has the first `bytesFlushed` bytes, and an hsync at `bytesSynced` has returned.
   * An hsync covers the current block only: it lengthens the synced prefix if that reaches the
   * block's start. Else what lies unsynced in an earlier block stays a hole that no reader passes.
   */
  acknowledge(bytesFlushed: number, bytesSynced: number): void {
    invariant(bytesFlushed <= this.bytesWritten, `${this.path}: more is flushed than written`)
    invariant(bytesFlushed >= this.bytesFlushed, `${this.path}: flushed bytes go back`)
    invariant(bytesSynced <= bytesFlushed, `${this.path}: more is synced than flushed`)
    this.#namesystem.bytesStored(bytesFlushed - this.bytesFlushed)
    this.bytesFlushed = bytesFlushed
    if (bytesFlushed === this.bytesWritten) this.#flushedExtents = this.extents.slice()
    const block = Math.ceil(bytesFlushed / this.#blockSize) - 1
    if (block > this.#persistedBlock) {
      this.#persistedBlock = block
      this.#persistedBytes = bytesFlushed
    }
    const blockStart = bytesSynced - (bytesSynced % this.#blockSize)
    if (this.bytesSynced >= blockStart) this.bytesSynced = Math.max(this.bytesSynced, bytesSynced)
  }

  /** The NameNode has accepted the last block. Closing gives hflush strength and no more (R3). */
  markClosed(): void {
    this.acknowledge(this.bytesWritten, this.bytesSynced)
    this.closed = true
  }

  /** Lease recovery: the file ends with what was flushed, the rest of the buffer is dropped. */
  recover(): void {
    this.extents.splice(0, this.extents.length, ...this.#flushedExtents)
    this.bytesWritten = this.bytesFlushed
    this.markClosed()
  }

  remove(): void {
    if (this.deleted) return
    this.deleted = true
    this.#namesystem.fileDeleted(this.bytesFlushed)
  }

  /** Bytes a reader that opens the file now can read: up to the last acknowledgement. */
  visibleBytes(): number {
    return this.deleted || this.#namesystem.lost ? 0 : this.bytesFlushed
  }

  /**
   * Length as `getFileStatus` reports it. It lags behind `visibleBytes` while the file is open: the
   * NameNode knows complete blocks, and of the last one what its first flush told.
   */
  statusBytes(): number {
    const visible = this.visibleBytes()
    if (this.closed || visible === 0) return visible
    const completeBlocks = Math.floor(visible / this.#blockSize)
    return Math.max(this.#persistedBytes, completeBlocks * this.#blockSize)
  }

  /**
   * Length of the prefix that is still readable after a disaster of this class, at worst: the
   * minimum over the replicas in the best state that is left. Recovery may turn up bytes that were
   * sent and not acknowledged; they are not counted. Writeback of page caches is not modelled yet:
   * without power only hsynced bytes are counted, so a loss of power is overstated by what is
   * older than about 35 s.
   */
  survivingBytes(disaster: DisasterClass): number {
    const { replicas, replicaRacks } = this.#namesystem
    switch (disaster) {
      case 'cluster-loss':
      case 'hdfs-loss':
        return 0
      case 'cluster-power-loss':
        return Math.min(this.visibleBytes(), this.bytesSynced)
      case 'rack-power-loss':
        return Math.min(
          this.visibleBytes(),
          replicaRacks > 1 ? this.bytesFlushed : this.bytesSynced,
        )
      case 'data-node-crash':
        return replicas > 1 ? this.visibleBytes() : 0
      case 'region-server-crash':
      case 'store-loss':
        return this.visibleBytes()
    }
  }
}
