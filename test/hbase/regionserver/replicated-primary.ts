import { SecondaryRegion } from '../../../src/hbase/regionserver/secondary-region.js'
import type { SecondaryRegionOptions } from '../../../src/hbase/regionserver/secondary-state.js'
import { type StoreFile, storeFile } from '../../../src/hbase/regionserver/store-file.js'
import type { MarkerDescriptor } from '../../../src/hbase/wal/marker-descriptor.js'
import type { ReplicaEntry } from '../../../src/hbase/wal/replica-entry.js'
import { IOException } from '../../../src/storage/io-exception.js'

type FlushMarker = Extract<MarkerDescriptor, { kind: 'COMMIT_FLUSH' }>

export const FAMILIES = [0, 1, 2]
export const ROW_BYTES = 300

/**
 * A primary region with three families, for tests: it writes rows, flushes, compacts and moves, and
 * keeps the WAL entries of all that. Row n is the n-th that was put, one cell in each family.
 */
export class ReplicatedPrimary {
  /** Entries in the order of the WALs, and in which WAL each is. */
  readonly entries: ReplicaEntry[] = []
  readonly walOf: number[] = []
  readonly rows: number[] = []
  readonly everyFile = new Set<StoreFile>()
  readonly deleted = new Set<StoreFile>()
  listingFails = false

  #wal = 0
  #lastId = 0
  #lastEdit = 0
  #files: StoreFile[][] = FAMILIES.map(() => [])
  #compacted: StoreFile[][] = FAMILIES.map(() => [])
  #flushedId = FAMILIES.map(() => 0)
  #flush: { id: number; families: readonly number[] } | null = null
  #names = 0

  get lastId(): number {
    return this.#lastId
  }

  get isFlushing(): boolean {
    return this.#flush !== null
  }

  files(family: number): readonly StoreFile[] {
    return this.#files[family] as StoreFile[]
  }

  listing(family: number): readonly StoreFile[] {
    if (this.listingFails) throw new IOException('refused', 'no NameNode is running')
    return [...this.files(family), ...(this.#compacted[family] as StoreFile[])]
  }

  put(rows: number): void {
    const first = this.#lastId + 1
    for (let i = 0; i < rows; i++) this.rows.push(++this.#lastId)
    this.#append(first, rows, null)
  }

  startFlush(families: readonly number[] = FAMILIES): number {
    const id = ++this.#lastId
    this.#flush = { id, families }
    this.#mark({
      kind: 'START_FLUSH',
      flushSequenceNumber: id,
      families,
      isFull: families.length === FAMILIES.length,
    })
    return id
  }

  commitFlush(): FlushMarker {
    if (this.#flush === null) throw new Error('nothing is being flushed')
    const { id, families } = this.#flush
    const files = families.map((family) => this.#newFile(family, id))
    const marker: FlushMarker = { kind: 'COMMIT_FLUSH', flushSequenceNumber: id, families, files }
    this.#flush = null
    this.#mark(marker)
    return marker
  }

  flush(families?: readonly number[]): void {
    this.startFlush(families)
    this.commitFlush()
  }

  cannotFlush(): void {
    this.#lastId++
    this.#mark({ kind: 'CANNOT_FLUSH' })
  }

  compact(family: number): void {
    const inputs = this.files(family)
    const [oldest] = inputs
    const newest = inputs.at(-1)
    if (oldest === undefined || newest === undefined) throw new Error('nothing to compact')
    const output = { ...newest, name: this.#name(), minSequenceId: oldest.minSequenceId }
    this.everyFile.add(output)
    this.#compacted[family] = [...(this.#compacted[family] as StoreFile[]), ...inputs]
    this.#files[family] = [output]
    this.#mark({ kind: 'COMPACTION', family, inputs, outputs: [output] })
  }

  /** The discharger moves what was compacted to the archive. */
  archive(): void {
    this.#compacted = FAMILIES.map(() => [])
  }

  bulkLoad(family: number): StoreFile {
    const sequence = ++this.#lastId
    const file = this.#file(family, sequence, sequence, true)
    this.#files[family] = [...this.files(family), file]
    this.#mark({ kind: 'BULK_LOAD', sequence, files: [file] })
    return file
  }

  open(): MarkerDescriptor {
    const marker = {
      kind: 'REGION_OPEN',
      sequence: ++this.#lastId,
      files: this.#files.flat(),
    } as const
    this.#mark(marker)
    return marker
  }

  close(): void {
    this.flush()
    this.#mark({ kind: 'REGION_CLOSE', sequence: this.#lastId })
  }

  /** Another server opens the region; what it says is in a WAL of its own. */
  move(): void {
    this.close()
    this.#wal++
    this.open()
  }

  /** The server dies, and the region is opened with all that its WAL has. */
  crash(): void {
    this.#flush = null
    const applied = this.#lastId
    for (const family of FAMILIES) {
      if (this.rows.some((id) => id > (this.#flushedId[family] as number))) {
        this.#newFile(family, applied)
      }
    }
    this.#wal++
    this.open()
  }

  #newFile(family: number, id: number): StoreFile {
    const file = this.#file(family, (this.#flushedId[family] as number) + 1, id, false)
    this.#flushedId[family] = id
    this.#files[family] = [...this.files(family), file]
    return file
  }

  #file(family: number, from: number, to: number, bulkLoaded: boolean): StoreFile {
    const file = storeFile({
      name: this.#name(),
      region: 0,
      family,
      bytes: ROW_BYTES * (to - from + 1),
      entries: to - from + 1,
      minSequenceId: from,
      maxSequenceId: to,
      createdUs: 0,
      file: null,
      bulkLoaded,
    })
    this.everyFile.add(file)
    return file
  }

  #name(): string {
    return `hfile-${++this.#names}`
  }

  #mark(marker: MarkerDescriptor): void {
    this.#append(++this.#lastId, 0, marker)
  }

  #append(firstSequenceId: number, edits: number, marker: MarkerDescriptor | null): void {
    const sequenceId = this.#lastId
    this.entries.push({
      after: this.#lastEdit,
      firstSequenceId,
      sequenceId,
      bytes: edits * ROW_BYTES,
      edits,
      marker,
    })
    this.walOf.push(this.#wal)
    if (edits > 0) this.#lastEdit = sequenceId
  }
}

/** A secondary of a primary, and what tests look at. */
export class ReplicaWorld {
  readonly primary = new ReplicatedPrimary()
  readonly secondary: SecondaryRegion
  /** Sum of what the secondary said about its memory. */
  memstoreBytes = 0
  #replayed = 0

  constructor(changes: Partial<SecondaryRegionOptions> = {}) {
    const { primary } = this
    this.secondary = new SecondaryRegion({
      shares: [1, 1, 1],
      cellOverhead: 100,
      blockingMemstoreSize: Number.POSITIVE_INFINITY,
      version: '2.x',
      listing: (family) => primary.listing(family),
      exists: (file) => !primary.deleted.has(file),
      onMemstoreChanged: (bytes) => {
        this.memstoreBytes += bytes
      },
      ...changes,
    })
    this.secondary.open(true)
  }

  /** Entries that were not replayed, of a kind or all; they count as replayed then. */
  take(accepts: (entry: ReplicaEntry) => boolean = () => true): ReplicaEntry[] {
    const taken = this.primary.entries.slice(this.#replayed).filter(accepts)
    this.#replayed = this.primary.entries.length
    return taken
  }

  /** Replays what the primary has written since the last time. */
  replay(accepts?: (entry: ReplicaEntry) => boolean): void {
    this.secondary.replay(this.take(accepts))
  }

  /** Rows [from, to) can be read in all families. */
  hasRows(from: number, to: number): boolean {
    const ids = this.primary.rows.slice(from, to)
    return ids.length === to - from && ids.every((id) => this.secondary.readable(id - 1, id))
  }

  /** Rows of [0, rows) that can be read. */
  rowsRead(rows: number): number {
    const ids = this.primary.rows.slice(0, rows)
    return ids.filter((id) => this.secondary.readable(id - 1, id)).length
  }

  files(): number[] {
    return FAMILIES.map((family) => this.secondary.files(family).length)
  }
}

export function isEdit({ marker }: ReplicaEntry): boolean {
  return marker === null
}

export function isMarker(...kinds: readonly MarkerDescriptor['kind'][]) {
  return ({ marker }: ReplicaEntry) => marker !== null && kinds.includes(marker.kind)
}

/** A world in parts, for tests that name them. */
export function replicaWorld(changes: Partial<SecondaryRegionOptions> = {}) {
  const world = new ReplicaWorld(changes)
  return {
    primary: world.primary,
    secondary: world.secondary,
    take: (accepts?: (entry: ReplicaEntry) => boolean) => world.take(accepts),
    replay: (accepts?: (entry: ReplicaEntry) => boolean) => world.replay(accepts),
    hasRows: (from: number, to: number) => world.hasRows(from, to),
    rowsRead: (rows: number) => world.rowsRead(rows),
    files: () => world.files(),
    memstoreBytes: () => world.memstoreBytes,
  }
}
