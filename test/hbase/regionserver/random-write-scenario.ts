import fc from 'fast-check'
import { CallKind, NO_KEY } from '../../../src/hbase/regionserver/call-kind.js'
import type { DistributionSpec } from '../../../src/kernel/distribution.js'
import type { Looks } from './lazy-write-path.js'
import type { ScenarioPut, Suspension, WriteScenario } from './write-scenario.js'

/** Puts come within about a millisecond, whatever else happens does too. */
const SPAN_US = 1500
const NEVER = Number.POSITIVE_INFINITY

const instant = fc.integer({ min: 0, max: SPAN_US })

/** Short times from few values, so that much falls on one instant. */
const latency: fc.Arbitrary<DistributionSpec> = fc.oneof(
  fc.constantFrom(0, 1, 5, 40, 200).map((value) => ({ kind: 'constant', value }) as const),
  fc
    .array(fc.constantFrom(0, 0, 5, 10, 40, 300), { minLength: 1, maxLength: 4 })
    .map((values) => ({ kind: 'empirical', values }) as const),
  fc.integer({ min: 0, max: 150 }).map((high) => ({ kind: 'uniform', low: 0, high }) as const),
)

/** Disjoint, in order. */
const suspensions: fc.Arbitrary<Suspension[]> = fc
  .uniqueArray(instant, { maxLength: 6, size: 'max' })
  .map((instants) => {
    const sorted = instants.sort((a, b) => a - b)
    const pairs: Suspension[] = []
    for (let i = 0; i + 1 < sorted.length; i += 2) {
      pairs.push({ fromUs: sorted[i], untilUs: sorted[i + 1] })
    }
    return pairs
  })

/** Sizes in bytes, or in units that make the batch size of 64 KiB a matter of a few edits. */
const sizes = fc.constantFrom(1, 640).chain((unit) =>
  fc.record({
    unit: fc.constant(unit),
    walBatchSize: unit === 1 ? fc.integer({ min: 1, max: 300 }) : fc.constant(65_536),
    walRollSize: fc.integer({ min: 0, max: 3000 }).map((size) => size * unit),
    flushSize: fc.integer({ min: 0, max: 3000 }).map((size) => size * unit),
    blockMultiplier: fc.constantFrom(1, 2, 4, 1000),
    upperLimit: fc.constantFrom(200, 1000, 3000, 1e9).map((size) => size * unit),
    lowerPercent: fc.constantFrom(0, 60, 95, 100),
    cellOverhead: fc.constantFrom(0, 7 * unit),
    walBytesPerSecond: fc.constantFrom(1e6, 10e6, 1e12).map((rate) => rate * unit),
  }),
)

const puts = fc.array(
  fc.record({
    gapUs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60 })),
    region: fc.nat(),
    size: fc.integer({ min: 1, max: 200 }),
    kind: fc.constantFrom(CallKind.put, CallKind.put, CallKind.put, CallKind.get, CallKind.atomic),
    key: fc.constantFrom(NO_KEY, 0, 1, 2),
  }),
  { maxLength: 60, size: 'max' },
)

const regionWork = fc.record({
  kind: fc.constantFrom('flush', 'flush', 'flush', 'close'),
  region: fc.nat(),
  atUs: instant,
  holdUs: fc.constantFrom(0, 1, 40, 300),
  writeUs: fc.constantFrom(0, 1, 200, 1000),
})

/** How it ends: quiescent, with the loss of the cluster, or with a kill of the server. */
const end: fc.Arbitrary<Pick<WriteScenario, 'lossUs' | 'killUs'>> = fc.oneof(
  { arbitrary: fc.constant({ lossUs: NEVER, killUs: NEVER }), weight: 2 },
  { arbitrary: instant.map((lossUs) => ({ lossUs, killUs: NEVER })), weight: 1 },
  { arbitrary: instant.map((killUs) => ({ lossUs: NEVER, killUs })), weight: 2 },
)

/** Any scenario small enough for the plain model. */
export const writeScenario: fc.Arbitrary<WriteScenario> = fc
  .record({
    seed: fc.nat(),
    handlers: fc.integer({ min: 1, max: 6 }),
    queueFactor: fc.constantFrom(0, 0.1, 0.34, 0.5, 1),
    queueLimit: fc.integer({ min: 1, max: 4 }),
    retries: fc.constantFrom(0, 1, 4, 15),
    clientPauseUs: fc.constantFrom(0, 10, 100, 1000),
    pauseUs: fc.constantFrom(0, 10, 100, 1000),
    families: fc.constantFrom(1, 1, 3),
    rowLockWaitUs: fc.constantFrom(1, 50, 400, 30_000_000),
    getCpu: latency,
    read: latency,
    /** Gets and atomic operations, too? */
    mixed: fc.boolean(),
    regionWork: fc.array(regionWork, { maxLength: 6, size: 'max' }),
    regions: fc.integer({ min: 1, max: 4 }),
    durabilities: fc.oneof(
      fc.constant([]),
      fc.array(fc.constantFrom('SKIP_WAL', 'ASYNC_WAL', 'SYNC_WAL', 'FSYNC_WAL'), {
        minLength: 1,
        maxLength: 4,
      }),
    ),
    useHsync: fc.boolean(),
    groups: fc.constantFrom(1, 1, 2, 3),
    sizes,
    network: latency,
    putCpu: latency,
    walAppend: latency,
    sync: latency,
    hsync: latency,
    memstoreApply: latency,
    createWalUs: fc.constantFrom(0, 1, 50, 400),
    puts,
    rollsUs: fc.array(instant, { maxLength: 3, size: 'max' }),
    suspensions,
    breaks: fc.array(fc.record({ group: fc.nat({ max: 2 }), atUs: instant }), { maxLength: 3 }),
    end,
  })
  .map(
    ({ sizes: { unit, blockMultiplier, lowerPercent, ...sizes }, puts, end, mixed, ...rest }) => {
      let sentUs = 0
      return {
        ...rest,
        ...sizes,
        ...end,
        regionLimit: sizes.flushSize * blockMultiplier,
        lowerLimit: Math.floor((sizes.upperLimit * lowerPercent) / 100),
        regionWork: rest.regionWork.map((work) => ({
          ...work,
          region: work.region % rest.regions,
        })),
        puts: puts.map(({ gapUs, region, size, kind, key }) => {
          sentUs += gapUs
          const put = { sentUs, region: region % rest.regions, bytes: size * unit }
          if (!mixed) return { ...put, kind: CallKind.put, key: NO_KEY }
          return { ...put, bytes: kind === CallKind.get ? 0 : put.bytes, kind, key }
        }),
      }
    },
  )

/** An answer is under way for a while. */
const travel: fc.Arbitrary<DistributionSpec> = fc.oneof(
  fc.constantFrom(1, 5, 40, 200).map((value) => ({ kind: 'constant', value }) as const),
  fc.integer({ min: 1, max: 150 }).map((high) => ({ kind: 'uniform', low: 1, high }) as const),
)

/** Clients that wait for their answers, with or without others that do not. */
export const closedLoopScenario: fc.Arbitrary<WriteScenario> = fc
  .record({
    scenario: writeScenario,
    network: travel,
    alone: fc.boolean(),
    clients: fc.integer({ min: 1, max: 12 }),
    thinkTime: latency,
    tickUs: fc.constantFrom(0, 0, 1, 99.5, 700),
    fromUs: fc.integer({ min: 1, max: 300 }),
    spreadUs: fc.constantFrom(0, 50, 400),
    untilUs: fc.integer({ min: 500, max: 3000 }),
    gets: fc.constantFrom(0, 0, 0.4),
    increments: fc.constantFrom(0, 0, 0.3),
    keyCount: fc.constantFrom(1, 4, 100),
    size: fc.integer({ min: 1, max: 200 }),
  })
  .map(({ scenario, network, alone, size, ...closedLoop }) => ({
    ...scenario,
    network,
    // Locks are taken from the first increment on, which may be sent ahead.
    puts: alone || closedLoop.increments > 0 ? [] : scenario.puts.map(withoutLock),
    closedLoop: {
      ...closedLoop,
      bytes: { kind: 'uniform', low: 1, high: size * unitOf(scenario) },
    },
  }))

/** In the unit of the sizes of the scenario. */
function unitOf({ walBatchSize }: WriteScenario): number {
  return walBatchSize === 65_536 ? 640 : 1
}

function withoutLock(put: ScenarioPut): ScenarioPut {
  return put.kind === CallKind.atomic ? { ...put, kind: CallKind.put, key: NO_KEY } : put
}

export const looks: fc.Arbitrary<Looks> = fc.record({
  atUs: fc.array(fc.integer({ min: 0, max: 2 * SPAN_US }), { maxLength: 20, size: 'max' }),
  horizonUs: fc.integer({ min: 1, max: 2 * SPAN_US }),
})

/** Nobody looks but at the instants the write path itself asks for. */
export const noLooks: Looks = { atUs: [], horizonUs: NEVER }
