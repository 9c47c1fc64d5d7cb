import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FakeReplicas } from './fake-replicas.js'
import { NaiveStaleness, returnedAfter } from './naive-staleness.js'

const REGIONS = 2
const SECONDARIES = 2

const KINDS = [
  ...(['edit', 'edit', 'edit', 'write', 'write', 'show', 'show'] as const),
  ...(['deliver', 'deliver', 'deliver', 'deliver', 'miss', 'START_FLUSH', 'commit'] as const),
  ...(['flush', 'refresh', 'refresh', 'restart', 'crash', 'open', 'open'] as const),
] as const

interface History {
  readonly isSentEdits: boolean
  readonly fromUs: number
  readonly untilUs: number
  readonly steps: readonly {
    readonly kind: (typeof KINDS)[number]
    readonly afterUs: number
    readonly region: number
    readonly secondary: number
    readonly answerUs: number
    readonly count: number
  }[]
}

const history = fc.record({
  isSentEdits: fc.boolean(),
  fromUs: fc.constantFrom(0, 40),
  untilUs: fc.constantFrom(150, 300),
  steps: fc.array(
    fc.record({
      kind: fc.constantFrom(...KINDS),
      afterUs: fc.integer({ min: 0, max: 6 }),
      region: fc.nat(REGIONS - 1),
      secondary: fc.nat(SECONDARIES - 1),
      answerUs: fc.integer({ min: 0, max: 5 }),
      count: fc.integer({ min: 1, max: 4 }),
    }),
    { minLength: 5, maxLength: 100, size: 'max' },
  ),
})

function play({ isSentEdits, fromUs, untilUs, steps }: History) {
  const secondaries = SECONDARIES
  const fake = new FakeReplicas({ regions: REGIONS, secondaries, isSentEdits, fromUs, untilUs })
  let nowUs = 0
  for (const { kind, afterUs, region, secondary, answerUs, count } of steps) {
    nowUs += afterUs
    const replica = 10 * (region + 1) + secondary
    if (kind === 'edit') fake.edit(region, nowUs, nowUs + answerUs)
    if (kind === 'write') fake.write(region)
    if (kind === 'show') fake.show(region, nowUs, nowUs + answerUs)
    if (kind === 'deliver') fake.deliver(replica, nowUs, count)
    if (kind === 'miss') fake.deliver(replica, nowUs, count, 1)
    if (kind === 'START_FLUSH') fake.startFlush(region, nowUs)
    if (kind === 'commit') fake.commitFlush(region)
    if (kind === 'flush') {
      fake.startFlush(region, nowUs)
      fake.commitFlush(region)
    }
    if (kind === 'refresh') fake.refresh(replica, nowUs)
    if (kind === 'restart') {
      fake.crash(replica, nowUs)
      fake.open(replica, nowUs)
    }
    if (kind === 'crash') fake.crash(replica, nowUs)
    if (kind === 'open') fake.open(replica, nowUs)
  }
  return fake
}

test('staleness over time is that of the sets of edits at every microsecond', () => {
  fc.assert(
    fc.property(history, (planned) => {
      const fake = play(planned)
      const { fromUs, untilUs } = planned
      const results = fake.tracker.results(500).get('t') ?? []
      for (const { replicaId, stalenessUs, stalenessEdits, gapUs, unavailableUs } of results) {
        const naive = new NaiveStaleness(fake, replicaId, fromUs, untilUs)
        const { measuredUs } = naive
        expect(unavailableUs).toBe(naive.unavailableUs)
        if (measuredUs === 0) continue
        expect(stalenessUs.mean).toBe(naive.area / measuredUs)
        expect(stalenessUs.max).toBe(naive.maxUs)
        expect(stalenessUs.timeShareAboveZero).toBe(naive.staleUs / measuredUs)
        expect(stalenessEdits.mean).toBe(naive.editsArea / measuredUs)
        expect(stalenessEdits.max).toBe(naive.maxEdits)
        expect(gapUs.total).toBe(naive.gapUs)
        expect(gapUs.longest).toBe(naive.longestGapUs)
      }
    }),
    { seed: 5, numRuns: 250 },
  )
})

test('the probability to read a write x later is the share of writes readable by then', () => {
  fc.assert(
    fc.property(history, ({ fromUs, untilUs, steps }) => {
      const slow = steps.map((step) => ({ ...step, afterUs: 50 * step.afterUs }))
      const window = { fromUs: 50 * fromUs, untilUs: 50 * untilUs }
      const fake = play({ isSentEdits: true, ...window, steps: slow })
      for (const { replicaId, pbs } of fake.tracker.results(50_000).get('t') ?? []) {
        for (const { afterUs, probability } of pbs ?? []) {
          expect(probability).toBe(returnedAfter(fake, replicaId, window, afterUs))
        }
      }
    }),
    { seed: 6, numRuns: 250 },
  )
})
