import type { RegionReplicationSink } from '../../../../src/hbase/regionserver/regionreplication/region-replication-sink.js'
import { type StoreFile, storeFile } from '../../../../src/hbase/regionserver/store-file.js'
import type { MarkerDescriptor } from '../../../../src/hbase/wal/marker-descriptor.js'
import type { ReplicaEntry } from '../../../../src/hbase/wal/replica-entry.js'

/** Bytes of every row. */
const ROW_BYTES = 100

/** A primary region of one family whose writes and flushes the test does, each at once. */
export class PrimaryByHand {
  readonly files: StoreFile[] = []
  /** How often a flush has looked at the memstore. */
  preparedFlushes = 0
  /** Ids of the rows in the memstore. */
  #memstore: number[] = []
  #lastId = 0
  /** Id of the last entry in the WAL. */
  #lastEntryId = 0
  #sink: RegionReplicationSink

  constructor(sink: RegionReplicationSink) {
    this.#sink = sink
    this.#writeOpenMarker()
  }

  get memstoreBytes(): number {
    return ROW_BYTES * this.#memstore.length
  }

  /** @returns the id of the row */
  put(): number {
    const id = this.#append({ bytes: ROW_BYTES, edits: 1, marker: null })
    this.#memstore.push(id)
    return id
  }

  /** `flushcache` with a flush marker wanted; `meanwhile` comes right after the snapshot. */
  flush(meanwhile: () => void = () => {}): void {
    this.preparedFlushes++
    if (this.#memstore.length === 0) {
      this.#mark({ kind: 'CANNOT_FLUSH' })
      return
    }
    const flushSequenceNumber = ++this.#lastId
    this.#mark({ kind: 'START_FLUSH', flushSequenceNumber, families: [0], isFull: true })
    const snapshot = this.#memstore
    this.#memstore = []
    meanwhile()
    const file = this.#write(snapshot, flushSequenceNumber)
    this.#mark({ kind: 'COMMIT_FLUSH', flushSequenceNumber, families: [0], files: [file] })
  }

  /** Flushes what it has; its sink has stopped before. */
  close(): void {
    this.#sink.stop()
    this.flush()
  }

  reopen(sink: RegionReplicationSink): void {
    this.#sink = sink
    this.#writeOpenMarker()
  }

  #writeOpenMarker(): void {
    this.#mark({ kind: 'REGION_OPEN', sequence: ++this.#lastId, files: [...this.files] })
  }

  #write(ids: readonly number[], maxSequenceId: number): StoreFile {
    const file = storeFile({
      name: `flush-${maxSequenceId}`,
      region: 0,
      family: 0,
      bytes: ROW_BYTES * ids.length,
      entries: ids.length,
      minSequenceId: ids[0] ?? maxSequenceId,
      maxSequenceId,
      createdUs: 0,
      file: null,
    })
    this.files.push(file)
    return file
  }

  #mark(marker: MarkerDescriptor): void {
    this.#append({ bytes: 0, edits: 0, marker })
  }

  #append(what: Pick<ReplicaEntry, 'bytes' | 'edits' | 'marker'>): number {
    const id = ++this.#lastId
    this.#sink.add({ after: this.#lastEntryId, firstSequenceId: id, sequenceId: id, ...what })
    this.#lastEntryId = id
    return id
  }
}
