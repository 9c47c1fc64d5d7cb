import { invariant } from '../../kernel/errors.js'

/** The edits of one region in a WAL; markers among their ids are none of them. */
export interface RegionEdits {
  readonly region: number
  readonly minSequenceId: number
  readonly maxSequenceId: number
  readonly bytes: number
}

/** Columns of the regions that a WAL has entries of. */
interface RegionColumns {
  /** Of edits and markers. */
  readonly highest: Float64Array
  readonly highestEdit: Float64Array
  readonly lowest: Float64Array
  readonly bytes: Float64Array
}

/**
 * What a WAL holds of each region (AbstractFSWAL.WALProps, and what a splitter finds out): highest
 * sequence id, and lowest, highest and bytes of its edits. While the file is written there is a place for every region of
 * the cluster; a rolled one keeps those that occur.
 */
export class WalProps {
  readonly #regions: number
  #columns: RegionColumns | null = null
  /** The regions of the columns' rows, in order; null while every region has one. */
  #rows: Int32Array | null = null

  constructor(regions: number) {
    this.#regions = regions
  }

  /** An edit is written. Ids start at 1. */
  note(region: number, sequenceId: number, bytes: number): void {
    const columns = this.#open()
    if (columns.highestEdit[region] === 0) columns.lowest[region] = sequenceId
    columns.highestEdit[region] = sequenceId
    columns.highest[region] = sequenceId
    columns.bytes[region] = (columns.bytes[region] as number) + bytes
  }

  /** A marker is written: nobody replays it. */
  noteMarker(region: number, sequenceId: number): void {
    this.#open().highest[region] = sequenceId
  }

  /** Nothing more is written: keeps the regions that occur. */
  seal(): void {
    if (this.#rows !== null) return
    const regions = this.#columns === null ? [] : occurring(this.#columns.highest)
    const sealed = columnsOf(regions.length)
    regions.forEach((region, row) => {
      sealed.highest[row] = this.#columns?.highest[region] as number
      sealed.highestEdit[row] = this.#columns?.highestEdit[region] as number
      sealed.lowest[row] = this.#columns?.lowest[region] as number
      sealed.bytes[row] = this.#columns?.bytes[region] as number
    })
    this.#columns = sealed
    this.#rows = Int32Array.from(regions)
  }

  /** The regions that occur, in order. */
  get regions(): readonly number[] {
    if (this.#rows !== null) return Array.from(this.#rows)
    return this.#columns === null ? [] : occurring(this.#columns.highest)
  }

  /** The highest id of every region that occurs, by region. */
  *highest(): Generator<readonly [region: number, sequenceId: number]> {
    for (const region of this.regions) yield [region, this.highestOf(region)]
  }

  /** 0 for a region that does not occur. */
  highestOf(region: number): number {
    return this.#columns?.highest[this.#row(region)] ?? 0
  }

  /** Without markers; 0 for a region that has no edits. */
  highestEditOf(region: number): number {
    return this.#columns?.highestEdit[this.#row(region)] ?? 0
  }

  /** Without markers; 0 for a region that has no edits. */
  lowestOf(region: number): number {
    return this.#columns?.lowest[this.#row(region)] ?? 0
  }

  /** Without markers. */
  bytesOf(region: number): number {
    return this.#columns?.bytes[this.#row(region)] ?? 0
  }

  #open(): RegionColumns {
    invariant(this.#rows === null, 'nothing is written to a rolled WAL')
    this.#columns ??= columnsOf(this.#regions)
    return this.#columns
  }

  #row(region: number): number {
    const rows = this.#rows
    if (rows === null) return region
    let low = 0
    let high = rows.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((rows[middle] as number) < region) low = middle + 1
      else high = middle
    }
    return rows[low] === region ? low : -1
  }
}

function columnsOf(rows: number): RegionColumns {
  return {
    highest: new Float64Array(rows),
    highestEdit: new Float64Array(rows),
    lowest: new Float64Array(rows),
    bytes: new Float64Array(rows),
  }
}

function occurring(highest: Float64Array): number[] {
  const regions: number[] = []
  for (let region = 0; region < highest.length; region++) {
    if (highest[region] !== 0) regions.push(region)
  }
  return regions
}
