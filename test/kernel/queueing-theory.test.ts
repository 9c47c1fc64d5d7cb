import { describe, expect, test } from 'vitest'
import { type DistributionSpec, distribution } from '../../src/kernel/distribution.js'
import { Luck, type Purpose } from '../../src/kernel/draws.js'
import { FairShareLink } from '../../src/kernel/fair-share-link.js'
import { FifoServer } from '../../src/kernel/fifo-server.js'
import { Host, type Protocol } from '../../src/kernel/process.js'
import { Scheduler } from '../../src/kernel/scheduler.js'

// Simulated means against closed forms: each lies inside the 99 % Student interval of independent
// replications, and the interval is narrow enough for the test to be able to fail.

const MEAN_SERVICE_US = 10_000
const REPLICATIONS = 20
const STUDENT_995_DF_19 = 2.861
const WARMUP = 1_000
const CUSTOMERS = 12_000

const ARRIVAL: Purpose = { name: 'arrival', sharing: 'world' }
const SERVICE: Purpose = { name: 'service', sharing: 'world' }

const EXPONENTIAL: DistributionSpec = { kind: 'exponential', mean: MEAN_SERVICE_US }
const CONSTANT: DistributionSpec = { kind: 'constant', value: MEAN_SERVICE_US }
const SIGMA = 0.8
const LOGNORMAL: DistributionSpec = {
  kind: 'lognormal',
  median: MEAN_SERVICE_US / Math.exp((SIGMA * SIGMA) / 2),
  sigma: SIGMA,
}
/** E[S²] of the lognormal above. */
const LOGNORMAL_SECOND_MOMENT = MEAN_SERVICE_US * MEAN_SERVICE_US * Math.exp(SIGMA * SIGMA)

interface Station {
  serve(service: number): Protocol
  readonly area: number
  readonly sojourn: number
}

function fifo(servers: number): (scheduler: Scheduler) => Station {
  return (scheduler) => {
    const server = new FifoServer(scheduler, servers)
    return {
      serve: (us) => server.use(us),
      get area() {
        return server.area
      },
      get sojourn() {
        return server.sojourn
      },
    }
  }
}

/** A link of one byte per microsecond: a service of so many microseconds is as many bytes. */
function processorSharing(scheduler: Scheduler): Station {
  const link = new FairShareLink(scheduler, 1_000_000)
  return {
    serve: (bytes) => link.transfer(bytes),
    get area() {
      return link.area
    },
    get sojourn() {
      return link.sojourn
    },
  }
}

interface Means {
  sojourn: number
  /** Sojourn by service time, averaged over customers. */
  slowdown: number
}

/** One replication: Poisson arrivals, everybody served to the end. */
function replicate(
  seed: number,
  makeStation: (scheduler: Scheduler) => Station,
  interarrivalUs: number,
  spec: DistributionSpec,
): Means {
  const scheduler = new Scheduler()
  const station = makeStation(scheduler)
  const host = new Host(scheduler, 'station')
  const luck = new Luck(seed)
  const arrivals = luck.stream(ARRIVAL, 'source')
  const services = luck.stream(SERVICE, 'source')
  const interarrival = distribution({ kind: 'exponential', mean: interarrivalUs })
  const service = distribution(spec)
  const total = { all: 0, sojourn: 0, slowdown: 0 }

  const customer = function* (n: number): Protocol {
    const arrived = scheduler.now
    const work = Math.max(1, Math.round(service.quantile(services.uniform(n))))
    yield* station.serve(work)
    const sojourn = scheduler.now - arrived
    total.all += sojourn
    if (n < WARMUP) return
    total.sojourn += sojourn
    total.slowdown += sojourn / work
  }
  const source = function* (): Protocol {
    for (let n = 0; n < WARMUP + CUSTOMERS; n++) {
      yield Math.round(interarrival.quantile(arrivals.uniform(n)))
      host.spawn('customer', customer(n))
    }
  }
  host.spawn('source', source())
  scheduler.run()

  // Little's law holds to the last customer-microsecond in every replication.
  expect(station.area).toBe(total.all)
  expect(station.sojourn).toBe(total.all)
  return { sojourn: total.sojourn / CUSTOMERS, slowdown: total.slowdown / CUSTOMERS }
}

function replications(
  makeStation: (scheduler: Scheduler) => Station,
  interarrivalUs: number,
  spec: DistributionSpec,
): Means[] {
  return Array.from({ length: REPLICATIONS }, (_, i) =>
    replicate(i + 1, makeStation, interarrivalUs, spec),
  )
}

function expectMean(values: number[], theory: number, precision = 0.04) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const error = Math.sqrt(squares / (values.length - 1) / values.length)
  const half = STUDENT_995_DF_19 * error
  expect(half / mean).toBeLessThan(precision)
  expect(Math.abs(mean - theory), `${mean} ± ${half}, theory ${theory}`).toBeLessThan(half)
}

/** Probability of waiting in M/M/c with `load` Erlangs. */
function erlangC(servers: number, load: number): number {
  let term = 1
  let sum = 0
  for (let k = 0; k < servers; k++) {
    sum += term
    term *= load / (k + 1)
  }
  const waiting = (term * servers) / (servers - load)
  return waiting / (sum + waiting)
}

describe('first come first served', () => {
  const RHO = 0.6
  const interarrival = MEAN_SERVICE_US / RHO

  test('M/M/1: mean sojourn 1 / (mu - lambda)', () => {
    const runs = replications(fifo(1), interarrival, EXPONENTIAL)
    expectMean(
      runs.map((run) => run.sojourn),
      MEAN_SERVICE_US / (1 - RHO),
    )
  })

  test('M/M/3: mean wait by Erlang C', () => {
    const load = 3 * RHO
    const runs = replications(fifo(3), MEAN_SERVICE_US / load, EXPONENTIAL)
    const wait = (erlangC(3, load) * MEAN_SERVICE_US) / (3 - load)
    expectMean(
      runs.map((run) => run.sojourn),
      MEAN_SERVICE_US + wait,
    )
  })

  test('M/G/1 with lognormal service: mean wait by Pollaczek and Khinchine', () => {
    const runs = replications(fifo(1), interarrival, LOGNORMAL)
    const wait = LOGNORMAL_SECOND_MOMENT / interarrival / (2 * (1 - RHO))
    expectMean(
      runs.map((run) => run.sojourn),
      MEAN_SERVICE_US + wait,
    )
  })

  test('M/D/1: half the wait of M/M/1', () => {
    const runs = replications(fifo(1), interarrival, CONSTANT)
    expectMean(
      runs.map((run) => run.sojourn - MEAN_SERVICE_US),
      (RHO * MEAN_SERVICE_US) / (2 * (1 - RHO)),
    )
  })
})

describe('processor sharing', () => {
  const RHO = 0.6

  test.each([
    ['M/M/1', EXPONENTIAL],
    ['M/G/1 with lognormal service', LOGNORMAL],
    ['M/D/1', CONSTANT],
  ])('%s: mean sojourn and slowdown depend on the mean service alone', (_name, spec) => {
    const runs = replications(processorSharing, MEAN_SERVICE_US / RHO, spec)
    expectMean(
      runs.map((run) => run.sojourn),
      MEAN_SERVICE_US / (1 - RHO),
    )
    expectMean(
      runs.map((run) => run.slowdown),
      1 / (1 - RHO),
    )
  })
})
