import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InternalError } from '../../src/kernel/errors.js'
import { FairShareLink } from '../../src/kernel/fair-share-link.js'
import { Host, type Process, type Protocol } from '../../src/kernel/process.js'
import { Scheduler } from '../../src/kernel/scheduler.js'

interface Plan {
  at: number
  bytes: number
  /** Bytes per microsecond. */
  max: number
  killAt: number
}

const FOREVER = Infinity

/** Carries out the plans on a link and returns when each transfer ended, undefined if killed. */
function carry(bytesPerUs: number, plans: Plan[]) {
  const scheduler = new Scheduler()
  const link = new FairShareLink(scheduler, bytesPerUs * 1_000_000)
  const host = new Host(scheduler, 'dn1')
  const ends: (number | undefined)[] = plans.map(() => undefined)
  const processes: Process[] = []
  const sender = function* (plan: Plan, i: number): Protocol {
    yield plan.at
    yield* link.transfer(plan.bytes, plan.max * 1_000_000)
    ends[i] = scheduler.now
  }
  const kill = scheduler.handler((i) => processes[i].kill())
  plans.forEach((plan, i) => {
    processes.push(host.spawn(`t${i}`, sender(plan, i)))
    if (plan.killAt !== FOREVER) scheduler.schedule(plan.killAt, kill, i)
  })
  scheduler.run()
  return { scheduler, link, ends }
}

function transfer(at: number, bytes: number, max = Infinity, killAt = FOREVER): Plan {
  return { at, bytes, max, killAt }
}

/**
 * The same by its definition, step by step: at each instant the remaining bandwidth is shared among
 * those not yet at their maximum, until nobody is raised any more.
 */
function waterFill(bytesPerUs: number, maxima: number[]): number[] {
  const rates = maxima.map(() => 0)
  let open = maxima.map((_, i) => i)
  let left = bytesPerUs
  while (open.length > 0) {
    const share = left / open.length
    const capped = open.filter((i) => maxima[i] <= share)
    for (const i of capped.length > 0 ? capped : open) rates[i] = Math.min(maxima[i], share)
    if (capped.length === 0) break
    for (const i of capped) left -= maxima[i]
    open = open.filter((i) => !capped.includes(i))
  }
  return rates
}

function carryByDefinition(bytesPerUs: number, plans: Plan[]): (number | undefined)[] {
  const rest = plans.map((plan) => plan.bytes)
  const ends: (number | undefined)[] = plans.map(() => undefined)
  const killed = new Set<number>()
  const last = 10_000
  for (let now = 0; now <= last; now++) {
    plans.forEach((plan, i) => {
      if (plan.at <= now && ends[i] === undefined && !killed.has(i) && rest[i] <= 1e-6) {
        ends[i] = now
      }
      if (plan.killAt === now && ends[i] === undefined) killed.add(i)
    })
    const active = plans.flatMap((plan, i) =>
      plan.at <= now && ends[i] === undefined && !killed.has(i) ? [i] : [],
    )
    const rates = waterFill(
      bytesPerUs,
      active.map((i) => plans[i].max),
    )
    active.forEach((i, k) => {
      rest[i] -= rates[k]
    })
  }
  return ends
}

describe('shares', () => {
  test('max-min: of 100, one limited to 10 gets 10, the two others 45 each', () => {
    const { ends } = carry(100, [transfer(0, 1000, 10), transfer(0, 4500), transfer(0, 4500)])
    expect(ends).toEqual([100, 100, 100])
  })

  test('what a finished transfer leaves goes to those below their maximum', () => {
    // Until 10: 10, 45, 45. Then 10, 60 (its maximum), and 30 are left over.
    const { ends } = carry(100, [transfer(0, 1000, 10), transfer(0, 450), transfer(0, 1050, 60)])
    expect(ends).toEqual([100, 10, 20])
  })

  test('a newcomer slows the others down from its first microsecond on', () => {
    // Alone until 10 (100 of 200 bytes), then 5 each: 20 us more for both.
    const { ends } = carry(10, [transfer(0, 200), transfer(10, 100)])
    expect(ends).toEqual([30, 30])
  })

  test('equal fifths are not pushed to the next microsecond by rounding', () => {
    // 350 / (7 / 5) is 250.00000000000003 in floating point.
    const { ends } = carry(
      7,
      Array.from({ length: 5 }, () => transfer(0, 350)),
    )
    expect(ends).toEqual([250, 250, 250, 250, 250])
  })

  test('a rounding error in what has been served delays nothing either', () => {
    // Summed up at 5, 6, 49 and 50, when others come and go, 0.1 a microsecond falls short of 5.
    const { ends } = carry(10, [transfer(0, 5, 0.1), transfer(5, 1), transfer(49, 1000)])
    expect(ends[0]).toBe(50)
  })

  test('completion is rounded up to the next microsecond', () => {
    const { ends, scheduler } = carry(10, [transfer(0, 1), transfer(50, 101), transfer(90, 0)])
    expect(ends).toEqual([1, 61, 90])
    expect(scheduler.now).toBe(90)
  })

  test('a killed transfer leaves the link to the others at that instant', () => {
    // Half of 10 each until 10; then the other alone: 150 left at 10 per microsecond.
    const { ends, link } = carry(10, [transfer(0, 200), transfer(0, 1000, Infinity, 10)])
    expect(ends).toEqual([25, undefined])
    expect([link.offeredBytes, link.deliveredBytes, link.abandonedBytes]).toEqual([1200, 250, 950])
  })

  test('only a change of the set costs an event', () => {
    const { scheduler } = carry(10, [transfer(5, 1_000_000)])
    // The start, the sleep, the completion, the resumption.
    expect(scheduler.executed).toBe(4)
  })

  test('transfers of one size begun together end in the order they began', () => {
    const scheduler = new Scheduler()
    const link = new FairShareLink(scheduler, 1_000_000)
    const host = new Host(scheduler, 'dn1')
    const order: number[] = []
    const sender = function* (i: number): Protocol {
      yield* link.transfer(100)
      order.push(i)
    }
    for (let i = 0; i < 20; i++) host.spawn(`t${i}`, sender(i))
    scheduler.run()
    expect(order).toEqual(Array.from({ length: 20 }, (_, i) => i))
  })

  test.each([
    [-1, 1],
    [1, 0],
    [Number.NaN, 1],
  ])('%s bytes at no more than %s per second is an internal error', (bytes, max) => {
    const scheduler = new Scheduler()
    const link = new FairShareLink(scheduler, 1)
    new Host(scheduler, 'dn1').spawn('t', link.transfer(bytes, max))
    expect(() => scheduler.run()).toThrow(InternalError)
  })
})

describe('any plan of transfers', () => {
  const plan = fc.record({
    at: fc.nat(60),
    bytes: fc.nat(400),
    max: fc.constantFrom(1, 3, 7, 7, 1000, Infinity),
    killAt: fc.oneof(
      { weight: 3, arbitrary: fc.constant(FOREVER) },
      { arbitrary: fc.nat(80), weight: 1 },
    ),
  })
  const plans = fc.array(plan, { minLength: 1, maxLength: 12 })
  const bandwidth = fc.constantFrom(4, 10, 64)

  test('ends when water-filling microsecond by microsecond says so', () => {
    const property = fc.property(bandwidth, plans, (bytesPerUs, some) => {
      const { ends } = carry(bytesPerUs, some)
      const expected = carryByDefinition(bytesPerUs, some)
      ends.forEach((end, i) => {
        if (end === undefined || expected[i] === undefined) expect(end).toBe(expected[i])
        else expect(Math.abs(end - expected[i])).toBeLessThanOrEqual(1)
      })
    })
    fc.assert(property, { seed: 2, numRuns: 300 })
  })

  test('conserves bytes, never exceeds the bandwidth, and obeys Little', () => {
    const property = fc.property(bandwidth, plans, (bytesPerUs, some) => {
      const { scheduler, link, ends } = carry(bytesPerUs, some)
      expect(link.active).toBe(0)
      expect(link.deliveredBytes + link.abandonedBytes).toBe(link.offeredBytes)
      expect(link.deliveredBytes).toBeLessThanOrEqual(bytesPerUs * scheduler.now)
      expect(link.area).toBe(link.sojourn)
      some.forEach((one, i) => {
        const end = ends[i]
        if (end === undefined) return
        const least = one.bytes / Math.min(one.max, bytesPerUs)
        expect(end - one.at).toBeGreaterThanOrEqual(Math.floor(least))
      })
    })
    fc.assert(property, { seed: 3, numRuns: 300 })
  })
})
