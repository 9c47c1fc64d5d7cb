import type { EditOutcomes } from '../simulation/result.js'

/** What became of the same client operations in two variants, for one peer. */
export interface OutcomeMatrix {
  a: string
  b: string
  peer: string
  keptByBoth: number
  lostByBoth: number
  /** Kept by `a`, lost by `b`; and the reverse. */
  keptOnlyByA: number
  keptOnlyByB: number
  /** Not acknowledged in both runs: there was no promise to keep. */
  notComparable: number
  seeds: number
}

interface RunOutcomes {
  variant: string
  seed: number
  outcomes: EditOutcomes
}

/**
 * The outcome matrix of every two variants (the earlier one is `a`) and every peer that both have,
 * summed over seeds. Twins are sent the same operations, each of which is compared with itself; two
 * runs that were not, because a variant changes the workload or holds closed-loop clients back, are
 * left out.
 */
export function outcomeMatrices(runs: readonly RunOutcomes[]): OutcomeMatrix[] {
  const variants = [...new Set(runs.map(({ variant }) => variant))]
  const matrices: OutcomeMatrix[] = []
  variants.forEach((a, index) => {
    for (const b of variants.slice(index + 1)) matrices.push(...matricesOf(runs, a, b))
  })
  return matrices
}

function matricesOf(runs: readonly RunOutcomes[], a: string, b: string): OutcomeMatrix[] {
  const matrices = new Map<string, OutcomeMatrix>()
  for (const runA of runs.filter(({ variant }) => variant === a)) {
    const runB = runs.find(({ variant, seed }) => variant === b && seed === runA.seed)
    if (runB === undefined || !wereSentTheSame(runA.outcomes, runB.outcomes)) continue
    for (const peer of Object.keys(runA.outcomes.lost)) {
      if (!Object.hasOwn(runB.outcomes.lost, peer)) continue
      const matrix = matrices.get(peer) ?? emptyMatrix(a, b, peer)
      matrices.set(peer, matrix)
      add(matrix, runA.outcomes, runB.outcomes)
    }
  }
  return [...matrices.values()]
}

/** A closed-loop client sends its operations in turn: whoever sent as many sent the same. */
function wereSentTheSame(a: EditOutcomes, b: EditOutcomes): boolean {
  const [ofA, ofB] = [a.sentByClient ?? [], b.sentByClient ?? []]
  return a.submitted === b.submitted && ofA.every((sent, client) => sent === ofB[client])
}

function emptyMatrix(a: string, b: string, peer: string): OutcomeMatrix {
  return {
    a,
    b,
    peer,
    keptByBoth: 0,
    lostByBoth: 0,
    keptOnlyByA: 0,
    keptOnlyByB: 0,
    notComparable: 0,
    seeds: 0,
  }
}

function add(matrix: OutcomeMatrix, a: EditOutcomes, b: EditOutcomes): void {
  const unpromised = union(a.unacknowledged, b.unacknowledged)
  const lostA = without(a.lost[matrix.peer], unpromised)
  const lostB = without(b.lost[matrix.peer], unpromised)
  const both = common(lostA, lostB)
  matrix.lostByBoth += both
  matrix.keptOnlyByA += lostB.length - both
  matrix.keptOnlyByB += lostA.length - both
  matrix.notComparable += unpromised.length
  matrix.keptByBoth += a.submitted - unpromised.length - lostA.length - lostB.length + both
  matrix.seeds++
}

/** Members of either of two ascending lists, ascending. */
function union(a: Float64Array, b: Float64Array): number[] {
  const members: number[] = []
  let j = 0
  for (const member of a) {
    while (j < b.length && b[j] < member) members.push(b[j++])
    if (b[j] === member) j++
    members.push(member)
  }
  while (j < b.length) members.push(b[j++])
  return members
}

/** Members of the ascending list `a` that are not in the ascending list `b`. */
function without(a: Float64Array, b: readonly number[]): number[] {
  let j = 0
  return [...a].filter((member) => {
    while (j < b.length && b[j] < member) j++
    return b[j] !== member
  })
}

/** How many members two ascending lists share. */
function common(a: readonly number[], b: readonly number[]): number {
  let shared = 0
  let j = 0
  for (const member of a) {
    while (j < b.length && b[j] < member) j++
    if (b[j] === member) shared++
  }
  return shared
}
