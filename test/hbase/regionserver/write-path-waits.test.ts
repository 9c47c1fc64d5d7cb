import { describe, expect, test } from 'vitest'
import { CallKind } from '../../../src/hbase/regionserver/call-kind.js'
import { acknowledgedUs, calmOutcome } from './calm-outcome.js'
import type { RegionWork, ScenarioPut } from './write-scenario.js'

/** What a put takes that waits for nothing: until its handler has it, is free, its client knows. */
const HANDLED_US = 100 + 20
const FREE_US = 636
const PUT_US = 736
/** What a get takes: the network, CPU and a read of 30 us. */
const GET_US = 100 + 20 + 30 + 100

function call(sentUs: number, more: Partial<ScenarioPut> = {}): ScenarioPut {
  return { sentUs, region: 0, bytes: 1000, ...more }
}

function get(sentUs: number, region: number): ScenarioPut {
  return { sentUs, region, bytes: 0, kind: CallKind.get }
}

function flush(atUs: number, more: Partial<RegionWork> = {}): RegionWork {
  return { kind: 'flush', region: 0, atUs, holdUs: 0, writeUs: 100, ...more }
}

describe('RegionTooBusyException', () => {
  const busy = {
    flushSize: 1000,
    regionLimit: 1999,
    clientPauseUs: 1000,
    pauseUs: 50_000,
    puts: [call(0), call(1000), call(2000)],
  }

  test('comes above the limit and not at it', () => {
    expect(acknowledgedUs({ ...busy, regionLimit: 2000 })).toEqual([
      PUT_US,
      1000 + PUT_US,
      2000 + PUT_US,
    ])
    expect(calmOutcome({ ...busy, retries: 0 }).failedSentUs).toEqual([2000])
  })

  test('makes its client pause as for any exception and come again', () => {
    // START_FLUSH is durable at 3005, the memstore empty at 3105.
    const [, , third] = acknowledgedUs({ ...busy, regionWork: [flush(2500)] })
    const againUs = 2000 + HANDLED_US + 100 + 1000
    expect(third).toBeGreaterThanOrEqual(againUs + PUT_US)
    expect(third).toBeLessThanOrEqual(againUs + 10 + PUT_US)
  })

  test('asks for a flush, once until it is over', () => {
    const { flushesWanted, failedSentUs } = calmOutcome({ ...busy, retries: 3 })
    // The write that has outgrown the flush size has asked already.
    expect(flushesWanted).toEqual([{ region: 0, atUs: 1000 + FREE_US }])
    expect(failedSentUs).toEqual([2000])
  })
})

describe('the global memstore at its upper limit', () => {
  const full = { regions: 2, upperLimit: 2000, lowerLimit: 1500 }
  const puts = [call(0), call(50, { region: 1 }), call(1000, { region: 1 })]
  /** The START marker, its sync, the file. */
  const FLUSHED_US = 505 + 100

  test('makes writes of every region wait until a flush frees memory', () => {
    const { pressureUs } = calmOutcome({ ...full, puts, regionWork: [flush(5000)] })
    // Those who flush are told when the lower limit is reached, and so again after the flush.
    expect(pressureUs).toEqual([50 + FREE_US, 5000 + FLUSHED_US + FREE_US - 100])
    const answeredUs = acknowledgedUs({ ...full, puts, regionWork: [flush(5000)] })
    // The third has been with its handler since 1100.
    expect(answeredUs).toEqual([PUT_US, 50 + PUT_US, 5000 + FLUSHED_US + FREE_US])
  })

  test('keeps them waiting when a flush frees too little', () => {
    const first = { ...puts[0], bytes: 500 }
    const second = { ...puts[1], bytes: 2000 }
    const [, , third] = acknowledgedUs({
      ...full,
      puts: [first, second, puts[2]],
      regionWork: [flush(5000), flush(9000, { region: 1 })],
    })
    expect(third).toBe(9000 + FLUSHED_US + FREE_US)
  })

  test('wakes all who wait at once, whatever they will add to it', () => {
    const more = [call(1000), call(1000, { region: 1 }), call(1000)]
    const answeredUs = acknowledgedUs({
      ...full,
      puts: [...puts, ...more],
      regionWork: [flush(5000)],
    })
    const together = answeredUs.slice(2)
    expect(new Set(together)).toHaveLength(1)
    expect(together[0]).toBeGreaterThan(5000 + FLUSHED_US)
  })

  test('is nothing to reads, unless writes hold all handlers', () => {
    const reads = [29, 30].map((waiting) => {
      const writes = Array.from({ length: waiting }, () => call(1000))
      const all = [...puts.slice(0, 2), ...writes, get(2000, 1)]
      const oneQueue = { ...full, queueFactor: 0, puts: all }
      return calmOutcome({ ...oneQueue, regionWork: [flush(5000)] }).reads[0].answeredUs
    })
    expect(reads[0]).toBe(2000 + GET_US)
    expect(reads[1]).toBeGreaterThan(5000)
  })
})

describe('row locks', () => {
  const increment = call(0, { kind: CallKind.atomic, key: 7 })
  /** An increment reads its row before it appends. */
  const INCREMENT_US = PUT_US + 30

  test('an increment has its row for itself until it is answered', () => {
    const puts = [increment, call(10, { key: 7 }), call(10, { key: 8 })]
    const freeUs = INCREMENT_US - 100
    expect(acknowledgedUs({ puts })).toEqual([
      INCREMENT_US,
      freeUs + PUT_US - HANDLED_US,
      10 + PUT_US,
    ])
  })

  test('puts on one row do not wait for each other', () => {
    expect(acknowledgedUs({ puts: [call(0, { key: 7 }), call(10, { key: 7 })] })).toEqual([
      PUT_US,
      10 + PUT_US,
    ])
  })

  test('a put that cannot have its row in time comes again after a pause', () => {
    const puts = [increment, call(10, { key: 7 })]
    const [, second] = acknowledgedUs({ puts, rowLockWaitUs: 300 })
    const againUs = 10 + HANDLED_US + 300 + 100 + 1000
    expect(second).toBeGreaterThanOrEqual(againUs + PUT_US)
    expect(second).toBeLessThanOrEqual(againUs + 10 + PUT_US)
    const { failedSentUs } = calmOutcome({ puts, rowLockWaitUs: 300, retries: 0 })
    expect(failedSentUs).toEqual([10])
  })

  test('who waits for a row holds a handler', () => {
    const puts = [increment, call(10, { key: 7 }), get(20, 1)]
    const few = calmOutcome({ puts, regions: 2, handlers: 2 })
    const enough = calmOutcome({ puts, regions: 2, handlers: 3 })
    expect(enough.reads[0].answeredUs).toBe(20 + GET_US)
    expect(few.reads[0].answeredUs).toBe(INCREMENT_US - 100 + GET_US - 100)
  })
})

describe('a flush that holds the lock of one region', () => {
  /** Locked from 1000 to 51,000. */
  const regionWork = [flush(1000, { holdUs: 50_000 })]

  function othersAfter(writes: number) {
    const waiting = Array.from({ length: writes }, () => call(1100))
    const puts = [...waiting, call(2000, { region: 1 }), get(2000, 1)]
    // With one queue the 30 handlers are shared by all calls.
    const scenario = { regions: 2, queueFactor: 0, puts, regionWork }
    const { reads } = calmOutcome(scenario)
    return { putUs: acknowledgedUs(scenario)[writes], getUs: reads[0].answeredUs }
  }

  test('makes writes of that region wait until it is released', () => {
    const [first] = acknowledgedUs({ puts: [call(1100)], regionWork })
    expect(first).toBe(51_000 + PUT_US - HANDLED_US + 5)
  })

  test('starves other regions’ calls, reads too, when waiting writes hold all 30 handlers', () => {
    // Two handlers are left.
    expect(othersAfter(28)).toEqual({ putUs: 2000 + PUT_US, getUs: 2000 + GET_US })
    const starved = othersAfter(30)
    expect(starved.putUs).toBeGreaterThan(51_000)
    expect(starved.getUs).toBeGreaterThan(51_000)
  })

  test('waits itself for the writes under way', () => {
    const { regionWork: worked } = calmOutcome({ puts: [call(500)], regionWork })
    const lockedUs = worked.find(({ what }) => what === 'locked')?.atUs
    expect(lockedUs).toBe(500 + FREE_US)
  })
})

describe('a region that closes', () => {
  const regionWork = [flush(1000, { kind: 'close', holdUs: 5000 })]

  test('answers what is under way; other calls go elsewhere until it is open again', () => {
    const puts = [500, 890, 2000, 7000].map((sentUs) => call(sentUs))
    const outcome = calmOutcome({ puts, regionWork })
    // The second is with its handler at 990 and has not begun when the region closes.
    expect(outcome.notServing).toEqual([
      { operation: 1, attempt: 0, atUs: 890 + HANDLED_US },
      { operation: 2, attempt: 0, atUs: 2100 },
    ])
    expect(outcome.answers.map((answer) => answer.acknowledgedUs)).toEqual([
      500 + PUT_US,
      7000 + PUT_US,
    ])
    expect(outcome.regionWork).toEqual([
      { place: 0, what: 'closed', atUs: 500 + FREE_US },
      { place: 0, what: 'opened', atUs: 500 + FREE_US + 5000 },
    ])
  })

  test('sends reads elsewhere, too', () => {
    const { reads, notServing } = calmOutcome({ puts: [get(500, 0), get(2000, 0)], regionWork })
    expect(reads).toEqual([{ sentUs: 500, answeredUs: 500 + GET_US, region: 0 }])
    expect(notServing.map(({ operation }) => operation)).toEqual([1])
  })
})
