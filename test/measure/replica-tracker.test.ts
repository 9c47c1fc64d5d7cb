import { describe, expect, test } from 'vitest'
import { InternalError } from '../../src/kernel/errors.js'
import { ReplicaTracker } from '../../src/measure/replica-tracker.js'
import { FakeReplicas } from './fake-replicas.js'

const WINDOW = { fromUs: 0, untilUs: 1000 }

function oneReplica(isSentEdits = true) {
  return new FakeReplicas({ regions: 1, secondaries: 1, isSentEdits, ...WINDOW })
}

function resultOf(fake: { tracker: ReplicaTracker }, nowUs = 1000, table = 't') {
  const [result] = fake.tracker.results(nowUs).get(table) ?? []
  return result
}

describe('staleness of a secondary that is sent edits', () => {
  test('rises from the acknowledgement of the oldest edit that it lacks', () => {
    const fake = oneReplica()
    fake.edit(0, 100, 120)
    fake.edit(0, 150, 160)
    expect([110, 200].map((us) => fake.tracker.stalenessUs(10, us))).toEqual([0, 80])
    fake.deliver(10, 300, 1)
    expect(fake.tracker.stalenessUs(10, 300)).toBe(300 - 160)
    expect(fake.tracker.missingEdits(10)).toBe(1)
    fake.deliver(10, 400, 1)
    const { stalenessUs, stalenessEdits } = resultOf(fake)
    expect([stalenessUs.max, stalenessUs.worst]).toEqual([240, { region: 0, atUs: 400 }])
    expect(stalenessUs.timeShareAboveZero).toBe((400 - 120) / 1000)
    // Up to 180 between 120 and 300 us, from 140 to 240 between 300 and 400 us.
    expect(stalenessUs.mean).toBe((180 * 90 + 100 * 190) / 1000)
    expect(stalenessEdits.mean).toBe((50 + 2 * 150 + 100) / 1000)
    expect([stalenessEdits.p50, stalenessEdits.p99, stalenessEdits.max]).toEqual([0, 2, 2])
  })

  test('counts from an earlier acknowledgement of a later edit', () => {
    const fake = oneReplica()
    fake.edit(0, 100, 190)
    fake.edit(0, 110, 120)
    expect(fake.tracker.stalenessUs(10, 200)).toBe(80)
  })

  test('is zero for an edit that was there before it was acknowledged', () => {
    const fake = oneReplica()
    fake.write(0)
    fake.deliver(10, 90, 1)
    fake.show(0, 100, 130)
    expect(resultOf(fake).stalenessUs.max).toBe(0)
    expect(resultOf(fake).pbs?.[0]).toEqual({ afterUs: 100, probability: 1 })
  })

  test('returns after a crash for what was in memory only, and refused reads are not stale', () => {
    const fake = oneReplica()
    fake.edit(0, 100, 100)
    fake.startFlush(0, 110)
    fake.edit(0, 200, 200)
    fake.deliver(10, 210, 3)
    fake.commitFlush(0)
    fake.refresh(10, 220)
    fake.crash(10, 300)
    fake.open(10, 500)
    expect(fake.tracker.stalenessUs(10, 600)).toBe(400)
    const { unavailableUs, unavailableTimeShare, stalenessUs } = resultOf(fake)
    expect([unavailableUs, unavailableTimeShare]).toEqual([200, 0.2])
    expect(stalenessUs.max).toBe(1000 - 200)
    // 100 to 210 us one edit or the other, then from 500 us on, of 800 us of answers.
    expect(stalenessUs.timeShareAboveZero).toBe((110 + 500) / 800)
  })

  test('a gap is an edit that it has without one before', () => {
    const fake = oneReplica()
    for (const us of [10, 20, 30]) fake.edit(0, us, us)
    fake.deliver(10, 100, 1)
    fake.deliver(10, 200, 1, 1)
    fake.startFlush(0, 300)
    fake.commitFlush(0)
    fake.refresh(10, 450)
    expect(resultOf(fake).gapUs).toEqual({ total: 250, longest: 250, timeShare: 0.25 })
  })

  test('edits that the primary lost itself are missing no more', () => {
    const fake = oneReplica()
    fake.edit(0, 100, 100)
    fake.edit(0, 150, 150)
    fake.deliver(10, 180, 1)
    fake.tracker.lost(0, 1, 400)
    expect(fake.tracker.stalenessUs(10, 500)).toBe(0)
    expect(resultOf(fake).stalenessUs.max).toBe(250)
  })

  test('of a long backlog is known to less than a histogram tells apart', () => {
    const holds = { upTo: 0 }
    const tracker = trackerOf(holds)
    const edits = 100_000
    for (let id = 1; id <= edits; id++) tracker.edit(0, id, 10 * id, 10 * id)
    const nowUs = 10 * edits
    for (let id = 1000; id <= edits; id += 1000) {
      holds.upTo = id
      tracker.delivered(1, nowUs, id - 1000, id)
      const exactUs = nowUs - 10 * Math.min(edits, id + 1)
      const measuredUs = tracker.stalenessUs(1, nowUs)
      expect(measuredUs - exactUs).toBeGreaterThanOrEqual(0)
      expect(measuredUs - exactUs).toBeLessThanOrEqual(nowUs / 128)
    }
    expect(tracker.missingEdits(1)).toBe(0)
  })

  test('an edit that is acknowledged before it is visible is an internal error', () => {
    expect(() => oneReplica().edit(0, 100, 99)).toThrow(InternalError)
  })
})

/** Region 0 with secondary 1, which has nothing in files. */
function trackerOf(holds: { readonly upTo: number }) {
  return new ReplicaTracker({
    tables: [{ name: 't', regions: [0], replication: 2, isSentEdits: true }],
    replicasOf: () => [0, 1],
    content: { readable: (_, __, to) => to <= holds.upTo, filesUpTo: () => 0 },
    window: { fromUs: 0, untilUs: 1e9 },
  })
}

/**
 * Regions that are flushed every `F`, with files committed `d` later and listed every `P` by one
 * secondary each, whose phases are spread evenly over the period. An edit every microsecond.
 */
class RefreshedTable {
  readonly F = 1000
  readonly d = 30
  readonly P = 100
  readonly tracker: ReplicaTracker
  readonly #filesUpTo: number[]

  constructor(readonly regions = 20) {
    this.#filesUpTo = new Array<number>(regions).fill(0)
    this.tracker = new ReplicaTracker({
      tables: [
        { name: 't', regions: [...this.#filesUpTo.keys()], replication: 2, isSentEdits: false },
      ],
      replicasOf: (region) => [region, region + regions],
      content: {
        readable: (replica, _, to) => to <= this.#filesUpTo[replica - regions],
        filesUpTo: (replica) => this.#filesUpTo[replica - regions],
      },
      window: { fromUs: 2 * this.F, untilUs: 6 * this.F },
    })
    for (let us = 0; us < 8 * this.F; us++) {
      for (let region = 0; region < regions; region++) this.#step(region, us)
    }
  }

  #step(region: number, us: number): void {
    const { F, d, P, regions, tracker } = this
    if (us % F === 0) tracker.cut(region)
    const phaseUs = Math.round(((region + 0.5) * P) / regions)
    if (us % P === phaseUs) {
      const flushedUs = Math.floor((us - d) / F) * F
      this.#filesUpTo[region] = Math.max(0, flushedUs)
      tracker.changed(region + regions, us)
    }
    tracker.edit(region, us + 1, us, us)
  }
}

describe('the store-file refresher, with flush gap F, commit delay d, period P', () => {
  const table = new RefreshedTable()
  const { F, d, P } = table
  const { stalenessUs, stalenessEdits, pbs } = resultOf(table, 8 * F)

  test('mean staleness is F/2 + d + P/2', () => {
    expect(Math.abs((stalenessUs.mean ?? 0) - (F / 2 + d + P / 2))).toBeLessThanOrEqual(1)
    expect(Math.abs((stalenessEdits.mean ?? 0) - (F / 2 + d + P / 2))).toBeLessThanOrEqual(1)
  })

  test('maximum staleness is F + d + P, the step of the phases less', () => {
    expect(stalenessUs.max).toBeGreaterThan(F + d + P - P / table.regions)
    expect(stalenessUs.max).toBeLessThanOrEqual(F + d + P)
    expect(stalenessUs.timeShareAboveZero).toBe(1)
  })

  test('a read x after a write returns it with the share of delays below x', () => {
    // An edit waits evenly up to F for its flush, d for its files, evenly up to P for the listing.
    for (const afterUs of [200, 500, 1000]) {
      const measured = pbs?.find((point) => point.afterUs === afterUs)?.probability
      expect(measured).toBeCloseTo((afterUs - d - P / 2) / F, 2)
    }
    expect(pbs?.find(({ afterUs }) => afterUs === 2000)?.probability).toBeCloseTo(1, 9)
  })
})

test('n secondaries at a constant write rate hold n times the rate times (F/2 + d)', () => {
  const [F, d, rate, n] = [1000, 40, 3, 2]
  const tracker = new ReplicaTracker({
    tables: [{ name: 't', regions: [0], replication: n + 1, isSentEdits: true }],
    replicasOf: () => [0, 1, 2],
    content: { readable: () => true, filesUpTo: () => 0 },
    window: { fromUs: 2 * F, untilUs: 6 * F },
  })
  for (let us = 0; us < 6 * F; us++) {
    const sinceUs = us % F
    const flushing = sinceUs < d && us >= F ? F : 0
    for (let replica = 1; replica <= n; replica++) {
      tracker.memstore(replica, rate * (sinceUs + 0.5 + flushing), us)
    }
  }
  const memory =
    tracker
      .results(6 * F)
      .get('t')
      ?.map(({ memstoreBytes }) => memstoreBytes) ?? []
  const total = memory.reduce((sum, { mean }) => sum + (mean ?? 0), 0)
  expect(total).toBeCloseTo(n * rate * (F / 2 + d), 6)
  expect(memory.map(({ max }) => max)).toEqual([rate * (F + d - 0.5), rate * (F + d - 0.5)])
})
