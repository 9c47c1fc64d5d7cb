import type { MarkerDescriptor } from '../hbase/wal/marker-descriptor.js'
import type { ReplicaEntry } from '../hbase/wal/replica-entry.js'
import type { Variate } from '../kernel/variate.js'
import type { Parameter } from '../storage/parameter.js'
import type { Model } from './model.js'
import { purposes } from './purposes.js'
import { meanOf } from './server-builder.js'

/**
 * What a call to replay costs its handler: it computes as for a put, applies edits one by one, and for
 * a marker that tells of files lists the primary's directories (HBase 3) and opens the files.
 */
export class ReplayCosts {
  readonly #putCpu: Variate
  readonly #applyUs: Variate
  readonly #hfileOpenUs: number
  readonly #listingUs: number

  constructor(model: Model) {
    this.#putCpu = model.variate(model.cluster, 'putCpu', purposes.replayCpu, 'all')
    this.#applyUs = model.variate(model.cluster, 'memstoreApply', purposes.replayCpu, 'all')
    this.#hfileOpenUs = model.parameter('hfileOpen')
    const lists = model.scenario.hbase !== '2.6'
    this.#listingUs = lists ? meanOf(model.hdfs.nameNodeRead as Parameter) : 0
  }

  /** @param work names the draws of the call */
  replayUs(entries: readonly ReplicaEntry[], work: number): number {
    let us = this.#putCpu.draw(work)
    const applyUs = this.#applyUs.draw(work)
    for (const { edits, marker } of entries) {
      us += edits * applyUs
      if (marker !== null) us += this.#markerUs(marker)
    }
    return Math.round(us)
  }

  #markerUs(marker: MarkerDescriptor): number {
    switch (marker.kind) {
      case 'START_FLUSH':
      case 'ABORT_FLUSH':
        return 0
      case 'COMMIT_FLUSH':
      case 'REGION_OPEN':
      case 'BULK_LOAD':
        return marker.files.length * this.#hfileOpenUs + this.#listingUs
      case 'COMPACTION':
        return marker.outputs.length * this.#hfileOpenUs + this.#listingUs
      default:
        return this.#listingUs
    }
  }
}

/** Heap bytes that entries take in a memstore at most. */
export function heapOfEntries(entries: readonly ReplicaEntry[], overheadOfEdit: number): number {
  let heapBytes = 0
  for (const { bytes, edits, marker } of entries) {
    if (marker === null) heapBytes += bytes + edits * overheadOfEdit
  }
  return heapBytes
}
