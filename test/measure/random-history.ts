import fc from 'fast-check'
import type { PlannedEdit } from './lazy-server.js'

/** One thing that happens; what the numbers choose depends on what there is to choose from. */
export interface Step {
  readonly kind: StepKind
  /** Time since the step before. */
  readonly afterUs: number
  readonly a: number
  readonly b: number
  readonly c: number
}

const KINDS = [
  ...(['read', 'read', 'stage', 'stage', 'stage', 'flush staged', 'delete staged'] as const),
  ...(['confirm', 'confirm', 'confirm', 'store', 'store', 'overwrite'] as const),
  ...(['write stream', 'write stream', 'end stream', 'write back', 'roll', 'delete WAL'] as const),
  ...(['store answers', 'kill', 'power loss', 'lose store', 'look'] as const),
] as const

export type StepKind = (typeof KINDS)[number]

export interface History {
  readonly edits: readonly (readonly PlannedEdit[])[]
  readonly hsync: boolean
  readonly twoRacks: boolean
  readonly twoNodes: boolean
  /** Regions that the peer wants; null for all. */
  readonly wanted: readonly number[] | null
  readonly fromUs: number
  readonly untilUs: number
  readonly steps: readonly Step[]
}

export const LENGTH_US = 110

const plannedEdits = fc
  .array(
    fc.record({
      gapUs: fc.integer({ min: 0, max: 10 }),
      flushUs: fc.integer({ min: 0, max: 9 }),
      answerUs: fc.integer({ min: 0, max: 9 }),
      networkUs: fc.integer({ min: 0, max: 15 }),
      bytes: fc.integer({ min: 1, max: 5 }),
      region: fc.nat(2),
    }),
    { maxLength: 10 },
  )
  .map((edits) => {
    const planned: PlannedEdit[] = []
    let [writtenUs, flushedUs, answeredUs] = [0, 0, 0]
    for (const { gapUs, flushUs, answerUs, networkUs, bytes, region } of edits) {
      writtenUs += gapUs
      flushedUs = Math.max(flushedUs, writtenUs + flushUs)
      answeredUs = Math.max(answeredUs, flushedUs + answerUs)
      const acknowledgedUs = answeredUs + networkUs
      planned.push({ writtenUs, flushedUs, answeredUs, acknowledgedUs, bytes, region })
    }
    return planned
  })

export const randomHistory: fc.Arbitrary<History> = fc.record({
  edits: fc.array(plannedEdits, { minLength: 1, maxLength: 3 }),
  hsync: fc.boolean(),
  twoRacks: fc.boolean(),
  twoNodes: fc.boolean(),
  wanted: fc.option(fc.subarray([0, 1, 2])),
  fromUs: fc.constantFrom(0, 0, 30),
  untilUs: fc.constantFrom(LENGTH_US, 90),
  steps: fc.array(
    fc.record({
      kind: fc.constantFrom(...KINDS),
      afterUs: fc.integer({ min: 0, max: 5 }),
      a: fc.nat(1000),
      b: fc.nat(1000),
      c: fc.nat(1000),
    }),
    { minLength: 1, maxLength: 45 },
  ),
})
