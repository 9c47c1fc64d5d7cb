import type { EditHistory } from './recorded-run.js'

/** RPO over a window, computed from the definition: every edit is asked at every instant. */
export interface NaiveRecoveryPoint {
  readonly maxUs: number
  readonly maxEdits: number
  readonly maxBytes: number
  readonly timeShareAboveZero: number
  /** The smallest whole value not exceeded during a share `q` of the time. */
  quantileUs(q: number): number
}

/** RPO(t) is `t - acknowledgedUs`, or 0 without, for t in `[fromUs, untilUs)`. */
interface Piece {
  readonly fromUs: number
  readonly untilUs: number
  readonly acknowledgedUs: number | null
}

export function naiveRecoveryPoint(
  edits: readonly EditHistory[],
  fromUs: number,
  untilUs: number,
): NaiveRecoveryPoint {
  const instants = instantsOf(edits, fromUs, untilUs)
  const pieces: Piece[] = []
  let maxEdits = 0
  let maxBytes = 0
  for (let i = 0; i + 1 < instants.length; i++) {
    const [from, until] = [instants[i] as number, instants[i + 1] as number]
    const atRisk = edits.filter((e) => e.acknowledgedUs <= from && e.storedUs > from)
    const oldest = atRisk.reduce((least, e) => Math.min(least, e.acknowledgedUs), Infinity)
    const acknowledgedUs = atRisk.length > 0 ? oldest : null
    pieces.push({ fromUs: from, untilUs: until, acknowledgedUs })
    // A disaster at an instant finds what was answered by then, before the store does its work.
    const struck = edits.filter((e) => e.acknowledgedUs <= until && e.storedUs >= until)
    maxEdits = Math.max(maxEdits, struck.length)
    maxBytes = Math.max(maxBytes, bytesOf(struck))
  }
  return {
    maxUs: pieces.reduce((most, piece) => Math.max(most, highest(piece)), 0),
    maxEdits,
    maxBytes,
    timeShareAboveZero: shareAboveZero(pieces),
    quantileUs: (q) => quantileOf(pieces, q),
  }
}

export function bytesOf(edits: readonly EditHistory[]): number {
  return edits.reduce((sum, { bytes }) => sum + bytes, 0)
}

function instantsOf(edits: readonly EditHistory[], fromUs: number, untilUs: number): number[] {
  const inside = (us: number) => us > fromUs && us < untilUs
  const changes = edits.flatMap(({ acknowledgedUs, storedUs }) => [acknowledgedUs, storedUs])
  const instants = new Set([fromUs, ...changes.filter(inside), untilUs])
  return [...instants].sort((a, b) => a - b)
}

function highest({ untilUs, acknowledgedUs }: Piece): number {
  return acknowledgedUs === null ? 0 : untilUs - acknowledgedUs
}

function lengthOf({ fromUs, untilUs }: Piece): number {
  return untilUs - fromUs
}

function shareAboveZero(pieces: readonly Piece[]): number {
  const total = pieces.reduce((sum, piece) => sum + lengthOf(piece), 0)
  const above = pieces.filter(({ acknowledgedUs }) => acknowledgedUs !== null)
  return total === 0 ? 0 : above.reduce((sum, piece) => sum + lengthOf(piece), 0) / total
}

function timeAtMost(pieces: readonly Piece[], valueUs: number): number {
  return pieces.reduce((sum, piece) => {
    if (piece.acknowledgedUs === null) return sum + lengthOf(piece)
    const lowest = piece.fromUs - piece.acknowledgedUs
    return sum + Math.max(0, Math.min(valueUs - lowest, lengthOf(piece)))
  }, 0)
}

function quantileOf(pieces: readonly Piece[], q: number): number {
  const total = pieces.reduce((sum, piece) => sum + lengthOf(piece), 0)
  let low = -1
  let high = pieces.reduce((most, piece) => Math.max(most, highest(piece)), 0)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (timeAtMost(pieces, middle) >= q * total * (1 - 4 * Number.EPSILON)) high = middle
    else low = middle
  }
  return high
}
