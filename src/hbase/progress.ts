import { CHANNEL_SHIFT } from '../kernel/event-stream.js'

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
  /** Passed over by a peer's filters; told when what else the source read with them is accepted. */
  filtered: 5,
} as const

/** The kind of a peer's progress: `progress` of peer number `peer`. */
export function peerProgress(progress: number, peer: number): number {
  return progress | (peerChannel(peer) << CHANNEL_SHIFT)
}

/** The channel of the event stream on which a peer's progress is told; 0 is the cluster's own. */
export function peerChannel(peer: number): number {
  return peer + 1
}

/** What happened, whichever peer it belongs to. */
export function progressOf(kind: number): number {
  return kind & ((1 << CHANNEL_SHIFT) - 1)
}
