import type { MarkerDescriptor } from './marker-descriptor.js'

/**
 * A WAL entry of a primary region as it is sent to a secondary replica: one marker, or a run of edits
 * that follow one another in the region.
 */
export interface ReplicaEntry {
  /**
   * Highest sequence id of the region that is known to come before it; of ids between this and
   * `firstSequenceId` there is no edit. `firstSequenceId - 1` if nothing is known.
   */
  readonly after: number
  readonly firstSequenceId: number
  /** Id of the entry, for a run the last one. */
  readonly sequenceId: number
  /** Data bytes of all families. */
  readonly bytes: number
  /** Edits in the run, each a cell in every family; 0 for a marker. */
  readonly edits: number
  readonly marker: MarkerDescriptor | null
}
