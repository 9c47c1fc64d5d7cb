import { invariant } from '../../kernel/errors.js'
import type { DisasterClass } from '../disaster.js'
import { appendExtent, type Extent, firstBytes } from '../extent.js'
import { IOException } from '../io-exception.js'
import { Block, type Fate } from './block.js'
import type { DataNode } from './data-node.js'
import type { FSNamesystem } from './fs-namesystem.js'

/**
 * DataNodes for block number `block`, in addition to those it has already; the further ones it has
 * been given before are numbered by `attempt`. None if there is no room for any.
 */
export type PlaceBlock = (block: number, attempt: number, has: readonly DataNode[]) => DataNode[]

/** The writer's end of a file, told when others break it. */
export interface FileOutput {
  /** A DataNode of the block being written has died, or the file was ended by others. */
  broken(by: 'data-node' | 'end'): void
}

/**
 * A file of HDFS: what was written to it and how safe each byte of it is. A stream that models the
 * protocol advances it, or its writer does so directly. Fields are for reading only.
 */
export class HdfsFile {
  readonly extents: Extent[] = []
  readonly blocks: Block[] = []
  /** Bytes in the file, those still in the writer's buffer included. */
  bytesWritten = 0
  /** Bytes that every DataNode of the pipeline has acknowledged (R1); a loss of power cuts them. */
  bytesFlushed = 0
  /** Bytes from the start of the file without a gap that hsync put on every replica's disk (R2). */
  bytesSynced = 0
  /** Bytes that the NameNode believes in and no DataNode has. */
  missingBytes = 0
  closed = false
  deleted = false
  /** How often it was opened or looked up; numbers the draws of doing so. */
  lookUps = 0
  output: FileOutput | null = null

  readonly #namesystem: FSNamesystem
  readonly #blockSize: number
  readonly #place: PlaceBlock
  #path: string
  /** Last block whose length the NameNode was told, and the file's length it then had. */
  #persistedBlock = -1
  #persistedBytes = 0

  constructor(
    path: string,
    namesystem: FSNamesystem,
    blockSize: number,
    place: PlaceBlock = (_block, _attempt, has) =>
      namesystem.dataNodes
        .filter((node) => node.up && !has.includes(node))
        .slice(0, namesystem.replicas - has.length),
  ) {
    this.#path = path
    this.#namesystem = namesystem
    this.#blockSize = blockSize
    this.#place = place
    namesystem.fileCreated(this)
  }

  get path(): string {
    return this.#path
  }

  get lastBlock(): Block | null {
    return this.blocks.at(-1) ?? null
  }

  /** A DataNode has died that the writer has not replaced. */
  get damaged(): boolean {
    return !this.closed && this.lastBlock?.damaged === true
  }

  isOn(dataNode: DataNode): boolean {
    return this.blocks.some((block) => block.dataNodes.includes(dataNode))
  }

  /** Does `effect`, which alters what survives of this file. */
  change<T>(effect: () => T): T {
    return this.#namesystem.watchers.around([this], effect)
  }

  /** @returns false if no DataNode can take the block */
  addBlock(attempt = 0): boolean {
    const dataNodes = this.#place(this.blocks.length, attempt, [])
    if (dataNodes.length > 0) this.blocks.push(new Block(this, dataNodes))
    return dataNodes.length > 0
  }

  /** The last block, which has no bytes yet, is given up. */
  abandonBlock(): void {
    this.blocks.pop()?.dropAll()
  }

  /** A DataNode that can take a replica of `block` in addition to those of `has`, or null. */
  placeReplica(block: Block, has: readonly DataNode[]): DataNode | null {
    const number = this.blocks.indexOf(block)
    return this.#place(number, ++block.generationStamp, has)[0] ?? null
  }

  /** Puts `extent` in the writer's buffer. */
  append(extent: Extent): void {
    invariant(!this.closed, `${this.path} is closed and cannot grow`)
    appendExtent(this.extents, extent)
    this.bytesWritten += extent.bytes
  }

  /**
   * The DataNodes have the first `bytes` bytes, acknowledged or not: recovery may find them. Never
   * less than what is acknowledged.
   */
  received(bytes: number): void {
    invariant(bytes <= this.bytesWritten, `${this.path}: more is received than written`)
    this.#eachBlockOf(bytes, (block, length) => {
      block.receivedBytes = Math.max(block.receivedBytes, length)
    })
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
    this.#setFlushed(bytesFlushed)
    this.#eachBlockOf(bytesFlushed, (block, length) => {
      if (length > block.bytes) block.grow(length)
      if (length === this.#blockSize && !block.closed) block.close()
    })
    if (bytesSynced <= this.bytesSynced) return
    const blockStart = bytesSynced - (bytesSynced % this.#blockSize)
    const current = this.blocks[blockStart / this.#blockSize]
    if (current?.closed === false) current.sync(bytesSynced - blockStart)
    if (this.bytesSynced >= blockStart) this.bytesSynced = bytesSynced
  }

  /** The NameNode has accepted the last block. Closing gives hflush strength and no more (R3). */
  markClosed(): void {
    this.acknowledge(this.bytesWritten, this.bytesSynced)
    this.lastBlock?.close()
    this.closed = true
  }

  /**
   * Lease recovery: the last block gets the length that its best replicas have in common, the rest
   * of the writer's buffer is dropped; so do blocks before it that were received and not
   * acknowledged, all of which are whole. The caller tells the writer, should it live.
   */
  recover(): void {
    if (this.closed) return
    const short = this.blocks.findIndex((block) => {
      return !block.closed && block.recover() < this.#blockSize
    })
    if (short !== -1) for (const beyond of this.blocks.splice(short + 1)) beyond.dropAll()
    this.#endAt(sumOf(this.blocks))
    this.closed = true
  }

  /**
   * Page caches are gone: the file ends where its replicas do, bytes beyond are gone for good.
   *
   * @returns whether it is shorter now; the caller tells the writer, should it live
   */
  fallBack(): boolean {
    const lengths = this.blocks.map(({ bytes }) => bytes)
    for (const block of this.blocks) block.fallBack()
    const short = this.blocks.findIndex(({ bytes }, i) => bytes < lengths[i])
    if (short === -1) return false
    const beyond = this.blocks.splice(short + 1)
    for (const block of beyond) block.dropAll()
    const kept = sumOf(this.blocks)
    if (this.blocks[short].closed) this.missingBytes += this.bytesFlushed - kept
    this.#endAt(kept)
    return true
  }

  remove(): void {
    if (this.deleted) return
    this.deleted = true
    this.#namesystem.fileDeleted(this)
    for (const block of this.blocks) block.dropAll()
  }

  rename(path: string): void {
    this.#path = path
  }

  /** Bytes a reader that opens the file now can read: up to the last acknowledgement. */
  visibleBytes(): number {
    return this.deleted || this.#namesystem.lost ? 0 : this.bytesFlushed
  }

  /** Some block has fewer live replicas than it should have. */
  get shortOfReplicas(): boolean {
    return this.blocks.some(({ liveReplicas }) => liveReplicas < this.#namesystem.replicas)
  }

  /** Every block has a replica that can be read now. */
  get readable(): boolean {
    if (this.#namesystem.lost) return false
    return this.missingBytes === 0 && this.blocks.every((block) => block.readable)
  }

  /**
   * Length as `getFileStatus` reports it. It lags behind `visibleBytes` while the file is open: the
   * NameNode knows complete blocks, and of the last one what its first flush told.
   */
  statusBytes(): number {
    const visible = this.visibleBytes()
    if (this.closed) return visible + (this.deleted ? 0 : this.missingBytes)
    const completeBlocks = Math.floor(visible / this.#blockSize)
    return Math.max(Math.min(this.#persistedBytes, visible), completeBlocks * this.#blockSize)
  }

  /**
   * Length of the prefix that is still readable after a disaster of this class, at worst over the
   * DataNodes or racks that it could strike; 0 if a closed block is gone: whoever ships or splits
   * the file never gets through it. Recovery may turn up bytes that were sent and not acknowledged;
   * they are not counted.
   */
  survivingBytes(disaster: DisasterClass): number {
    if (this.missingBytes > 0) return 0
    switch (disaster) {
      case 'cluster-loss':
      case 'hdfs-loss':
        return 0
      case 'cluster-power-loss':
        return this.#surviving(() => 'unpowered')
      case 'rack-power-loss': {
        if (this.blocks.every((block) => block.liveOnSeveralRacks)) return this.visibleBytes()
        const racks = new Set(this.#dataNodes().map(({ rack }) => rack))
        return this.#worst(racks, (lost, { rack }) => (rack === lost ? 'unpowered' : 'spared'))
      }
      case 'data-node-crash':
        if (this.blocks.every((block) => block.liveReplicas > 1)) return this.visibleBytes()
        return this.#worst(new Set(this.#dataNodes()), (lost, node) =>
          node === lost ? 'gone' : 'spared',
        )
      case 'region-server-crash':
      case 'store-loss':
        return this.visibleBytes()
    }
  }

  #worst<T>(struck: Iterable<T>, fateOf: (struck: T, node: DataNode) => Fate): number {
    let worst = this.visibleBytes()
    for (const one of struck)
      worst = Math.min(
        worst,
        this.#surviving((node) => fateOf(one, node)),
      )
    return worst
  }

  /** Bytes before the first that no replica keeps; 0 if that is in a closed block. */
  #surviving(fateOf: (dataNode: DataNode) => Fate): number {
    let bytes = 0
    for (const block of this.blocks) {
      const kept = block.surviving(fateOf)
      if (kept < block.bytes && block.closed) return 0
      bytes += kept
      if (kept < block.bytes) break
    }
    return Math.min(bytes, this.visibleBytes())
  }

  #dataNodes(): DataNode[] {
    return this.blocks.flatMap((block) => block.dataNodes)
  }

  /** Blocks that hold the first `bytes` bytes, with the length that each then has. */
  #eachBlockOf(bytes: number, visit: (block: Block, length: number) => void): void {
    const count = Math.ceil(bytes / this.#blockSize)
    while (this.blocks.length < count && this.addBlock()) {}
    for (let i = 0; i < count && i < this.blocks.length; i++) {
      visit(this.blocks[i], Math.min(bytes - i * this.#blockSize, this.#blockSize))
    }
  }

  #setFlushed(bytes: number): void {
    if (!this.deleted) this.#namesystem.bytesStored(bytes - this.bytesFlushed)
    this.bytesFlushed = bytes
    const block = Math.ceil(bytes / this.#blockSize) - 1
    if (block <= this.#persistedBlock) return
    this.#persistedBlock = block
    this.#persistedBytes = bytes
  }

  /** Nothing beyond `bytes` is left, in no buffer either. */
  #endAt(bytes: number): void {
    this.#setFlushed(bytes)
    this.bytesWritten = bytes
    this.bytesSynced = Math.min(this.bytesSynced, bytes)
    const kept = firstBytes(this.extents, bytes, this.#namesystem.editsWithin)
    this.extents.splice(0, this.extents.length, ...kept)
  }
}

function sumOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** @throws IOException `not-found` for a deleted file */
export function checkExists(file: HdfsFile): void {
  if (file.deleted) throw new IOException('not-found', `${file.path} does not exist`)
}
