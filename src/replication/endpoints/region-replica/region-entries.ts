import type { EditLog } from '../../../hbase/wal/edit-log.js'
import type { MarkerDescriptor } from '../../../hbase/wal/marker-descriptor.js'
import type { ReplicaEntry } from '../../../hbase/wal/replica-entry.js'
import type { Extent } from '../../../storage/extent.js'

/** Entries of one primary region, in the order of its WAL. */
export interface RegionEntries {
  readonly region: number
  readonly entries: ReplicaEntry[]
  bytes: number
}

/** Edits of a region between two markers. */
interface Run {
  after: number
  firstSequenceId: number
  sequenceId: number
  bytes: number
  edits: number
}

interface Part extends RegionEntries {
  run: Run | null
}

export interface RegionSplitterOptions {
  logOf(log: number): EditLog
  /** Nobody waits for the entries of other regions, or of none (`NO_REGION`). */
  hasSecondaries(region: number): boolean
}

/** Splits what a source has read by primary region. */
export class RegionSplitter {
  readonly #options: RegionSplitterOptions
  /** By region, the entry that came last, and in which log. */
  readonly #last = new Map<number, { log: EditLog; sequenceId: number }>()

  constructor(options: RegionSplitterOptions) {
    this.#options = options
  }

  /** The regions come in the order of their first entries. */
  split(extents: readonly Extent[]): RegionEntries[] {
    const parts = new Map<number, Part>()
    for (const extent of extents) this.#splitExtent(extent, parts)
    for (const part of parts.values()) endRun(part)
    return Array.from(parts.values())
  }

  #splitExtent({ log: id, from, to }: Extent, parts: Map<number, Part>): void {
    const log = this.#options.logOf(id)
    let edit = from
    let beforeBytes = log.bytesBefore(from)
    log.forEachSegment(from, to, (segment, start, end) => {
      for (let i = start; i < end; i++, edit++) {
        const region = segment.region[i]
        const endBytes = segment.endBytes[i]
        const bytes = endBytes - beforeBytes
        beforeBytes = endBytes
        if (!this.#options.hasSecondaries(region)) continue
        const part = parts.get(region) ?? newPart(region, parts)
        const sequenceId = segment.sequenceId[i]
        part.bytes += bytes
        if (segment.operation[i] >= 0) this.#addEdit(part, log, edit, sequenceId, bytes)
        else addMarker(part, log.markers.descriptor(edit), sequenceId, bytes)
        this.#note(region, log, sequenceId)
      }
    })
  }

  #addEdit(part: Part, log: EditLog, edit: number, sequenceId: number, bytes: number): void {
    const { run } = part
    if (run !== null && sequenceId > run.sequenceId) {
      run.sequenceId = sequenceId
      run.bytes += bytes
      run.edits++
      return
    }
    endRun(part)
    const after = this.#before(part.region, log, edit, sequenceId)
    part.run = { after, firstSequenceId: sequenceId, sequenceId, bytes, edits: 1 }
  }

  /** The id of the region's entry before `edit` in its log; the one below its own if not known. */
  #before(region: number, log: EditLog, edit: number, sequenceId: number): number {
    const last = this.#last.get(region)
    if (last?.log === log && last.sequenceId < sequenceId) return last.sequenceId
    for (let other = edit - 1; other >= log.firstRetained; other--) {
      if (log.region(other) === region) return log.sequenceId(other)
    }
    return sequenceId - 1
  }

  #note(region: number, log: EditLog, sequenceId: number): void {
    const last = this.#last.get(region)
    if (last === undefined) this.#last.set(region, { log, sequenceId })
    else {
      last.log = log
      last.sequenceId = sequenceId
    }
  }
}

function newPart(region: number, parts: Map<number, Part>): Part {
  const part: Part = { region, entries: [], bytes: 0, run: null }
  parts.set(region, part)
  return part
}

function endRun(part: Part): void {
  if (part.run !== null) part.entries.push({ ...part.run, marker: null })
  part.run = null
}

function addMarker(
  part: Part,
  marker: MarkerDescriptor | null,
  sequenceId: number,
  bytes: number,
): void {
  endRun(part)
  if (marker === null) return
  const after = beforeMarker(marker, sequenceId)
  part.entries.push({ after, firstSequenceId: sequenceId, sequenceId, bytes, edits: 0, marker })
}

/** A flush takes an id of its own right before that of its first marker. */
function beforeMarker(marker: MarkerDescriptor, sequenceId: number): number {
  if (marker.kind === 'START_FLUSH') return marker.flushSequenceNumber - 1
  return marker.kind === 'CANNOT_FLUSH' ? sequenceId - 2 : sequenceId - 1
}
