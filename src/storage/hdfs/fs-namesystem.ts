import { type EditsWithin, equalEditsWithin } from '../extent.js'
import { DataNode } from './data-node.js'
import { FileWatchers } from './file-watchers.js'
import type { HdfsFile } from './hdfs-file.js'

/** What the NameNode knows of the whole file system: files, DataNodes, room. */
export class FSNamesystem {
  /** Those that exist, oldest first. */
  readonly files = new Set<HdfsFile>()
  readonly dataNodes: readonly DataNode[]
  readonly watchers = new FileWatchers()
  /** Disk space of all replicas of what was acknowledged by the DataNodes. */
  usedBytes = 0
  maxUsedBytes = 0
  /** All of it is gone, for good. */
  lost = false

  constructor(
    readonly capacityBytes: number,
    /** Copies of each block. */
    readonly replicas: number,
    racks: number,
    dataNodes: number = replicas,
    readonly editsWithin: EditsWithin = equalEditsWithin,
  ) {
    this.dataNodes = Array.from({ length: dataNodes }, (_, index) => new DataNode(index, racks))
  }

  /**
   * Placement asks for room for whole blocks, whatever their files will need of them.
   *
   * Simplification: all disks count as one, those of dead DataNodes too, and each block as all its
   * replicas, so a cluster short of DataNodes fills up a little late.
   */
  hasRoomForBlock(blockSize: number): boolean {
    return this.usedBytes + blockSize * this.replicas <= this.capacityBytes
  }

  /** Files with a replica on one of `dataNodes`, oldest first. */
  filesOn(dataNodes: readonly DataNode[]): HdfsFile[] {
    return [...this.files].filter((file) => dataNodes.some((node) => file.isOn(node)))
  }

  /** Files at `path` or below it. */
  filesAt(path: string): HdfsFile[] {
    return [...this.files].filter((file) => file.path === path || file.path.startsWith(`${path}/`))
  }

  fileCreated(file: HdfsFile): void {
    this.watchers.around([file], () => this.files.add(file))
  }

  fileDeleted(file: HdfsFile): void {
    if (this.lost) return
    this.files.delete(file)
    this.bytesStored(-file.bytesFlushed)
  }

  /** A file has grown by `bytes`, or lost them if negative. */
  bytesStored(bytes: number): void {
    if (this.lost) return
    this.usedBytes += bytes * this.replicas
    this.maxUsedBytes = Math.max(this.maxUsedBytes, this.usedBytes)
  }

  lose(): void {
    this.watchers.around([...this.files], () => {
      this.lost = true
      this.files.clear()
      this.usedBytes = 0
    })
  }
}
