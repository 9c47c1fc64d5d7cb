/** Kinds of progress that edits make, as published on the event stream (version 1). */
export const Progress = {
  /** The client has its answer. */
  acknowledged: 1,
  /** `replicate()` returned success for these edits. */
  accepted: 2,
  /** A persisted offset has passed them. */
  confirmed: 3,
  /** In a complete file of a peer's store. */
  stored: 4,
} as const

const PEER_SHIFT = 4

/** The kind of a peer's progress: `progress` of peer number `peer`. */
export function peerProgress(progress: number, peer: number): number {
  return progress | ((peer + 1) << PEER_SHIFT)
}

/** Number of the peer that a kind belongs to; −1 for the cluster itself. */
export function peerOf(kind: number): number {
  return (kind >>> PEER_SHIFT) - 1
}

/** What happened, whichever peer it belongs to. */
export function progressOf(kind: number): number {
  return kind & ((1 << PEER_SHIFT) - 1)
}
