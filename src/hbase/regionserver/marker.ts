/** 2^52: works of markers come behind those of all client operations. */
const MARKER_WORK = 4503599627370496
/** 2^52 + 2^51: those of replication markers behind those of regions' markers. */
const REPLICATION_MARKER_WORK = 6755399441055744

/** An edit of the server's own. */
export interface Marker {
  readonly sequenceId: number
  /** Its place in the log of its WAL group. */
  readonly edit: number
}

const REGION_NAMES = 65_536

/**
 * What a marker is called in draws: by region and sequence id, apart from all operations.
 *
 * @param regionName below 65,536; see `WritePathOptions.regionName`
 */
export function markerWork(regionName: number, sequenceId: number): number {
  return MARKER_WORK + sequenceId * REGION_NAMES + regionName
}

/** The same for the `n`-th replication marker of a server. */
export function replicationMarkerWork(n: number): number {
  return REPLICATION_MARKER_WORK + n
}
