/** What the NameNode knows of the whole file system: room, files, and how replicas are spread. */
export class FSNamesystem {
  /** Files that exist. */
  files = 0
  /** Disk space of all replicas of what was acknowledged by the DataNodes. */
  usedBytes = 0
  maxUsedBytes = 0
  /** All of it is gone, for good. */
  lost = false

  constructor(
    readonly capacityBytes: number,
    /** Copies of each block. */
    readonly replicas: number,
    /** Racks that the copies of one block are spread over. */
    readonly replicaRacks: number,
  ) {}

  /** Placement asks for room for whole blocks, whatever their files will need of them. */
  hasRoomForBlock(blockSize: number): boolean {
    return this.usedBytes + blockSize * this.replicas <= this.capacityBytes
  }

  fileCreated(): void {
    this.files++
  }

  fileDeleted(bytes: number): void {
    if (this.lost) return
    this.files--
    this.usedBytes -= bytes * this.replicas
  }

  bytesStored(bytes: number): void {
    if (this.lost) return
    this.usedBytes += bytes * this.replicas
    this.maxUsedBytes = Math.max(this.maxUsedBytes, this.usedBytes)
  }

  lose(): void {
    this.lost = true
    this.files = 0
    this.usedBytes = 0
  }
}
