import type { EditLog } from '../../src/hbase/wal/edit-log.js'
import type { CoveredFile } from '../../src/measure/covered-file.js'
import type { DisasterClass } from '../../src/storage/disaster.js'
import { appendExtent, type Extent, firstBytes } from '../../src/storage/extent.js'

/** A file of HDFS as a test tells it: which bytes are flushed, which are on disks. */
export class FakeFile implements CoveredFile {
  readonly extents: Extent[] = []
  bytesWritten = 0
  bytesFlushed = 0
  /** Bytes that outlast a loss of power. */
  bytesSynced = 0
  closed = false
  deleted = false
  shortOfReplicas = false

  constructor(
    /** Whether its replicas stand on two racks, and whether there are two at all. */
    readonly twoRacks = true,
    readonly twoNodes = true,
  ) {}

  append(...extents: Extent[]): this {
    for (const extent of extents) {
      appendExtent(this.extents, extent)
      this.bytesWritten += extent.bytes
    }
    return this
  }

  flush(bytes = this.bytesWritten): this {
    this.bytesFlushed = Math.max(this.bytesFlushed, Math.min(bytes, this.bytesWritten))
    return this
  }

  sync(bytes = this.bytesFlushed): this {
    this.bytesSynced = Math.max(this.bytesSynced, Math.min(bytes, this.bytesFlushed))
    return this
  }

  /** Power is gone: what is not on a disk is lost. */
  cut(editsOf: (log: number) => EditLog): void {
    this.bytesWritten = this.bytesSynced
    this.bytesFlushed = this.bytesSynced
    const kept = firstBytes(this.extents, this.bytesSynced, ({ log, from, to }, bytes) =>
      editsOf(log).lastWithin(from, to, bytes),
    )
    this.extents.splice(0, this.extents.length, ...kept)
    this.closed = true
  }

  deleteIfClosed(): void {
    if (this.closed) this.deleted = true
  }

  survivingBytes(disaster: DisasterClass): number {
    if (this.deleted) return 0
    switch (disaster) {
      case 'cluster-loss':
      case 'hdfs-loss':
        return 0
      case 'cluster-power-loss':
        return this.bytesSynced
      case 'rack-power-loss':
        return this.twoRacks ? this.bytesFlushed : this.bytesSynced
      case 'data-node-crash':
        return this.twoNodes ? this.bytesFlushed : 0
      default:
        return this.bytesFlushed
    }
  }
}
