import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RETRY_BACKOFF } from '../../../src/hbase/regionserver/retry-backoff.js'
import { lognormal, withTail } from '../../../src/kernel/distribution.js'
import { Luck } from '../../../src/kernel/draws.js'
import { acknowledgedUs, calmOutcome } from './calm-outcome.js'
import { lazyOutcome } from './lazy-write-path.js'
import { noLooks, writeScenario } from './random-write-scenario.js'
import { buildWritePath, calmScenario, newWal, putsAt } from './write-path-fixture.js'
import type { WriteScenario } from './write-scenario.js'

const SEED = 28987
const NEVER = Number.POSITIVE_INFINITY

describe('what a put takes', () => {
  test('network, CPU, append, sync with its transfer, memstore, network', () => {
    const put = calmOutcome({ puts: putsAt(1000) })
    expect(put.edits[0].writtenUs).toBe(1000 + 100 + 20)
    expect(put.answers[0].acknowledgedUs).toBe(1000 + 100 + 20 + 5 + (500 + 1) + 10 + 100)
  })

  test('puts appended while the consumer is idle share a sync, later ones have their own', () => {
    const { answers } = calmOutcome({ puts: putsAt(0, 0, 0, 4) })
    // Three are taken at 120 and written until 135; the fourth, appended at 124, follows.
    expect(answers.map(({ syncedWith }) => syncedWith)).toEqual([0, 0, 0, 3])
    expect(answers.map((answer) => answer.acknowledgedUs)).toEqual([
      135 + 503 + 110,
      135 + 503 + 110,
      135 + 503 + 110,
      140 + 501 + 110,
    ])
  })

  test('a sync is issued when the batch size is unsynced, before the ring buffer is drained', () => {
    const puts = putsAt(0, 0, 0, 0).map((put) => ({ ...put, bytes: 40_000 }))
    const { answers } = calmOutcome({ puts })
    expect(answers.map(({ syncedWith }) => syncedWith)).toEqual([0, 0, 2, 2])
  })

  test('syncs overlap, and return in the order in which they were issued', () => {
    const [long, short] = putsAt(0, 50)
    const puts = [{ ...long, bytes: 1_000_000 }, short]
    // The first is sent from 125 to 1125 and synced at 1625; the second is sent behind it, in 1 us.
    expect(acknowledgedUs({ puts })).toEqual([1625 + 110, 1626 + 110])
  })

  test('edits of a region become visible in order of their sequence ids', () => {
    const puts = putsAt(...Array.from({ length: 200 }, (_, i) => 20 * i))
    const memstoreApply = { kind: 'uniform', low: 0, high: 400 } as const
    const oneRegion = calmOutcome({ puts, memstoreApply })
    expect(oneRegion.answers.map(({ edit }) => edit)).toEqual(puts.map((_, i) => i))
    const dealt = puts.map((put, i) => ({ ...put, region: i % 5 }))
    const fiveRegions = calmOutcome({ puts: dealt, regions: 5, memstoreApply })
    expect(fiveRegions.answers.map(({ edit }) => edit)).not.toEqual(puts.map((_, i) => i))
    for (let region = 0; region < 5; region++) {
      const edits = fiveRegions.answers.map(({ edit }) => fiveRegions.edits[edit])
      const ids = edits.filter((edit) => edit.region === region).map((edit) => edit.sequenceId)
      expect(ids).toEqual(ids.map((_, i) => i + 1))
    }
  })
})

describe('CallQueueTooBigException', () => {
  const narrow = { handlers: 1, queueLimit: 1, puts: putsAt(0, 0, 0) }

  test('a client waits its pause and tries again', () => {
    // The first is answered by the server at 636, the second, queued, is handled from then on. The
    // third is refused at 100, knows it at 200 and comes again a pause and up to 1 % later.
    const [first, second, third] = acknowledgedUs(narrow)
    expect(first).toBe(736)
    expect(second).toBe(736 + 536)
    expect(third).toBeGreaterThanOrEqual(200 + 1000 + 736)
    expect(third).toBeLessThanOrEqual(200 + 1000 + 10 + 736)
  })

  test('the operation fails when its retries are used up', () => {
    const { answers, failedSentUs } = calmOutcome({
      ...narrow,
      retries: 0,
      puts: putsAt(5, 6, 7, 8),
    })
    expect(answers).toHaveLength(2)
    expect(failedSentUs).toEqual([7, 8])
  })

  test("pauses grow as HBase's table says", () => {
    expect(RETRY_BACKOFF).toEqual([1, 2, 3, 5, 10, 20, 40, 100, 100, 100, 100, 200, 200])
    const { queuedUs } = calmOutcome({ ...narrow, sync: { kind: 'constant', value: 40_000 } })
    // The handler is busy until 40,136 us and its queue full until then; the third comes at 100,
    // 1300, 3500, 6700, 11,900, 22,100 and 42,300 us, each time up to 1 % of the pauses later, and
    // is then queued until the second is answered. The second was queued at 100.
    const secondQueuedUs = 40_136 - 100
    const thirdArrivesUs = 2 * 40_136 - 100 - (queuedUs - secondQueuedUs)
    expect(thirdArrivesUs).toBeGreaterThan(42_300)
    expect(thirdArrivesUs).toBeLessThan(42_300 + 410)
  })
})

describe('a suspended server', () => {
  test('gets on with nothing, whatever falls due', () => {
    const { path, logs, firstWals } = buildWritePath(calmScenario)
    const [wal] = path.wals
    const progress = () => [logs[0].length, wal.consumedEdits, wal.syncedEdits, path.unanswered]
    putsAt(0, 10, 300).forEach(({ sentUs, region, bytes }, operation) => {
      path.offer(sentUs, region, bytes, operation)
    })
    path.suspend(122)
    const before = progress()
    path.advance(1_000_000)
    expect(path.nextCauseUs()).toBe(Number.POSITIVE_INFINITY)
    expect(progress()).toEqual(before)
    expect(before).toEqual([1, 0, 0, 3])
    expect(firstWals[0].bytes).toBe(0)
  })

  test('ends its computations later by the time it stood still', () => {
    // The consumer writes from 120 to 125, stopped for 878 us after 2 of them.
    const suspensions = [{ fromUs: 122, untilUs: 1000 }]
    expect(acknowledgedUs({ puts: putsAt(0), suspensions })).toEqual([1003 + 501 + 110])
  })

  test('finds syncs that returned and calls that came meanwhile when it resumes', () => {
    const suspensions = [{ fromUs: 200, untilUs: 5000 }]
    expect(acknowledgedUs({ puts: putsAt(0, 1000, 2000), suspensions })).toEqual([
      5000 + 110,
      // Both calls are handled from 5000 on and share a sync.
      5000 + 20 + 10 + 502 + 110,
      5000 + 20 + 10 + 502 + 110,
    ])
  })
})

describe('group commit', () => {
  const cluster = {
    handlers: 100,
    queueLimit: 100_000,
    putCpu: { kind: 'constant', value: 50 },
    walAppend: { kind: 'constant', value: 3 },
    memstoreApply: { kind: 'constant', value: 3 },
    network: lognormal(100, 0.3),
    sync: withTail(lognormal(450, 0.4), 0.005, lognormal(8000, 1)),
    regions: 12,
  } as const

  function appendsPerSync(puts: number, perSecond: number): number {
    const draws = new Luck(SEED).stream({ name: 'arrival', sharing: 'own' }, 'test')
    let us = 0
    const { answers } = calmOutcome({
      ...cluster,
      puts: Array.from({ length: puts }, (_, i) => {
        us += (-Math.log(draws.uniform(i)) * 1e6) / perSecond
        return { sentUs: Math.round(us), region: i % 12, bytes: 1000 }
      }),
    })
    return puts / new Set(answers.map(({ syncedWith }) => syncedWith)).size
  }

  test('at a low rate each edit has its own sync', () => {
    expect(appendsPerSync(3000, 300)).toBeLessThan(1.01)
  })

  test('a saturated server of 100 handlers writes more than ten edits per sync', () => {
    expect(appendsPerSync(20_000, 150_000)).toBeGreaterThan(10)
  })
})

describe('laziness', () => {
  test('nobody need look while what is known cannot fill the WAL', () => {
    const { path } = buildWritePath({ ...calmScenario, walRollSize: 3000 })
    expect(path.nextCauseUs()).toBe(Number.POSITIVE_INFINITY)
    for (let i = 0; i < 3; i++) path.offer(10 * i, 0, 1000, i)
    expect(path.nextCauseUs()).toBe(Number.POSITIVE_INFINITY)
    path.offer(200, 0, 1, 3)
    expect(path.nextCauseUs()).toBe(200)
  })

  test('looks at the instants it asks for notice a roll at the sync that outgrows the WAL', () => {
    const rolls: number[] = []
    let us = 0
    const { path } = buildWritePath(
      { ...calmScenario, walRollSize: 3000 },
      { onRollNeeded: () => rolls.push(us) },
    )
    for (let i = 0; i < 4; i++) path.offer(50 * i, 0, 1000, i)
    let looks = 0
    for (; us < 1e9 && rolls.length === 0; us = path.nextCauseUs()) {
      path.advance(us)
      looks++
    }
    // The fourth is appended at 270, written at 275 and outgrows the WAL then; but the sync that
    // returns next, the first one at 626, is the first to look at the file's length.
    expect(rolls).toEqual([626])
    expect(looks).toBeLessThan(10)
  })

  test('a look at every microsecond finds nothing earlier than the looks it asks for', () => {
    const everyUs = {
      atUs: Array.from({ length: 3000 }, (_, us) => us),
      horizonUs: Number.POSITIVE_INFINITY,
    }
    let rolls = 0
    fc.assert(
      fc.property(writeScenario, (scenario) => {
        const lazy = lazyOutcome({ ...scenario, killUs: NEVER, lossUs: 3000 }, noLooks)
        const eager = lazyOutcome({ ...scenario, killUs: NEVER, lossUs: 3000 }, everyUs)
        lazy.groups.forEach(({ rollsNeededUs, safePointsUs }, i) => {
          rolls += rollsNeededUs.length
          expect(rollsNeededUs).toEqual(eager.groups[i].rollsNeededUs)
          expect(safePointsUs).toEqual(eager.groups[i].safePointsUs)
        })
        expect(lazy.answers).toEqual(eager.answers)
      }),
      { seed: SEED, numRuns: 100 },
    )
    expect(rolls).toBeGreaterThan(50)
  })

  test('looks within one instant see each other: advancing again to now changes nothing', () => {
    const { path, logs } = buildWritePath(calmScenario)
    path.offer(0, 0, 1000, 0)
    path.advance(300)
    path.advance(300)
    expect(logs[0].length).toBe(1)
    expect(() => path.advance(299)).toThrow('never goes back')
  })
})

describe('the safe point of a roll', () => {
  test('is reached at once when nothing is being written or synced', () => {
    let reached = 0
    const { path } = buildWritePath(calmScenario, { onSafePoint: () => reached++ })
    path.walSteps.requestSafePoint(path.wals[0], 50)
    expect(reached).toBe(1)
  })

  test('waits for the syncs under way, while appends stay in the ring buffer', () => {
    const reachedUs: number[] = []
    let us = 0
    const { path, logs } = buildWritePath(calmScenario, { onSafePoint: () => reachedUs.push(us) })
    const [wal] = path.wals
    const [log] = logs
    putsAt(0, 50, 300).forEach((put, i) => {
      path.offer(put.sentUs, 0, put.bytes, i)
    })
    us = 172
    path.walSteps.requestSafePoint(wal, us)
    while (reachedUs.length === 0) {
      us = path.nextCauseUs()
      path.advance(us)
    }
    // The second edit is being written until 175; its sync returns last.
    expect(reachedUs).toEqual([175 + 501])
    expect(log.length).toBe(3)
    expect(wal.consumedEdits).toBe(2)
    expect(wal.unwrittenEdits).toBe(1)
    const next = newWal(calmScenario, log, us)
    path.walSteps.switchTo(wal, next, us)
    path.advance(10_000)
    expect(next.entries).toBe(1)
    expect(log.acknowledgedUs(2)).toBe(676 + 5 + 501 + 110)
  })

  test('a WAL cannot be switched before it', () => {
    const { path, logs } = buildWritePath(calmScenario)
    const [wal] = path.wals
    path.offer(0, 0, 1000, 0)
    path.walSteps.requestSafePoint(wal, 200)
    const next = newWal(calmScenario, logs[0], 200)
    expect(() => path.walSteps.switchTo(wal, next, 200)).toThrow('only at a safe point')
  })
})

describe('several WAL groups', () => {
  test('have the regions dealt out to them in turn, by first use', () => {
    const puts = putsAt(0, 0, 0, 0).map((put, i) => ({ ...put, region: [3, 1, 3, 0][i] }))
    const { groups } = lazyOutcome({ ...calmScenario, regions: 4, groups: 2, puts }, noLooks)
    const regions = groups.map(({ edits }) => edits.map(({ region }) => region))
    expect(regions).toEqual([[3, 3, 0], [1]])
  })

  test('sync side by side, where one would send one batch behind the other', () => {
    // Each batch is sent for 1 ms.
    const puts = putsAt(0, 50).map((put, region) => ({ ...put, region, bytes: 1_000_000 }))
    expect(acknowledgedUs({ puts, regions: 2 })).toEqual([1625 + 110, 2625 + 110])
    expect(acknowledgedUs({ puts, regions: 2, groups: 2 })).toEqual([1625 + 110, 1675 + 110])
  })
})

describe('a stream that breaks', () => {
  const broken = (atUs: number, changes: Partial<WriteScenario> = {}) =>
    calmOutcome({ puts: putsAt(0, 50, 100), breaks: [{ group: 0, atUs }], ...changes })

  test('no client hears of it: the new WAL has what was not acknowledged, and their answers', () => {
    // Edits are written at 125, 175 and 225; all three are sent and none is acknowledged.
    const { wals, rollsNeededUs, safePointsUs, answers } = broken(400)
    expect(rollsNeededUs).toEqual([400])
    expect(safePointsUs).toEqual([7400])
    expect(wals.map(({ firstEdit, entries }) => [firstEdit, entries])).toEqual([
      [0, 3],
      [0, 3],
    ])
    expect(wals.map(({ reappendedEntries }) => reappendedEntries)).toEqual([0, 3])
    expect(wals[0].syncedEntries).toBe(0)
    const againUs = 7400 + 3 * 5 + 503 + 110
    expect(answers.map((answer) => answer.acknowledgedUs)).toEqual([againUs, againUs, againUs])
  })

  test('what was acknowledged is not written again', () => {
    const { wals, answers } = broken(650)
    expect(wals.map(({ firstEdit, entries }) => [firstEdit, entries])).toEqual([
      [0, 3],
      [1, 2],
    ])
    expect(answers[0].acknowledgedUs).toBe(736)
  })

  test('what had not left the server is not in the old file', () => {
    // 1 MB takes 1 ms: the first is sent at 1125, the second would be at 2125.
    const puts = putsAt(0, 50).map((put) => ({ ...put, bytes: 1_000_000 }))
    const { wals } = broken(1130, { puts })
    expect(wals.map(({ entries }) => entries)).toEqual([1, 2])
    expect(wals[1].reappendedEntries).toBe(1)
  })

  test('while nothing is being synced, is noticed by the next sync', () => {
    const { rollsNeededUs, wals } = broken(2000, { puts: putsAt(0, 5000) })
    expect(rollsNeededUs).toEqual([5000 + 125])
    expect(wals.map(({ entries }) => entries)).toEqual([1, 1])
    expect(wals[1].reappendedEntries).toBe(0)
  })

  test('during a roll, lets it go on at once and asks for no other', () => {
    const { rollsNeededUs, safePointsUs } = broken(230, { rollsUs: [180], createWalUs: 40 })
    expect(rollsNeededUs).toEqual([])
    expect(safePointsUs).toEqual([230])
  })
})

describe('a server that is killed', () => {
  test('owes an answer to all whose answer it had not sent, also to those not yet sent', () => {
    const killed = calmOutcome({ puts: putsAt(0, 50, 300, 2000), killUs: 640 })
    expect(killed.answers.map((answer) => answer.acknowledgedUs)).toEqual([736])
    expect(killed.unanswered.map(({ operation }) => operation)).toEqual([1, 2, 3])
    expect(killed.unanswered.map(({ sentUs }) => sentUs)).toEqual([50, 300, 2000])
  })

  test('leaves a WAL with all that its DataNodes had received, acknowledged or not', () => {
    const { wals } = calmOutcome({ puts: putsAt(0, 50, 600), killUs: 640 })
    expect(wals[0].syncedEntries).toBe(1)
    expect(wals[0].recoverableEntries).toBe(2)
  })

  test('hands a call back with the number of its attempt', () => {
    const { unanswered } = calmOutcome({
      handlers: 1,
      queueLimit: 1,
      puts: putsAt(0, 0, 0),
      killUs: 500,
    })
    expect(unanswered.map(({ attempt }) => attempt)).toEqual([0, 0, 1])
  })

  test('an attempt after others, elsewhere, arrives from when it is sent', () => {
    const { path, logs } = buildWritePath(calmScenario)
    path.offer(0, 0, 1000, 0, 3, 5000)
    path.advance(1e6)
    expect(logs[0].writtenUs(0)).toBe(5000 + 120)
  })
})
