import fc from 'fast-check'
import type { DistributionSpec } from '../../../src/kernel/distribution.js'
import type { Variate } from '../../../src/kernel/variate.js'
import { variateOf } from './wal-fixture.js'

/** Everything that can happen to an FSHLog and to its server. */
export interface FSHLogScenario {
  readonly seed: number
  readonly syncerCount: number
  readonly maxBatchCount: number
  readonly rollSize: number
  readonly bytesPerSecond: number
  readonly walAppend: DistributionSpec
  readonly sync: DistributionSpec
  readonly hsync: DistributionSpec
  /** In order of time; the place is the edit. */
  readonly appends: readonly {
    readonly atUs: number
    readonly bytes: number
    readonly durability: 'ASYNC_WAL' | 'SYNC_WAL' | 'FSYNC_WAL'
  }[]
  /** When safe points are asked for, in order. */
  readonly rollsUs: readonly number[]
  /** A DataNode of the pipeline dies, and another is there after a while; one after the other. */
  readonly damages: readonly { readonly atUs: number; readonly forUs: number }[]
  /** The server stands still from the end of `fromUs` to the beginning of `untilUs`; disjoint. */
  readonly suspensions: readonly { readonly fromUs: number; readonly untilUs: number }[]
  /** The server's process is killed when all of this instant is done; Infinity: never. */
  readonly killUs: number
}

/** What both models must agree upon. */
export interface FSHLogOutcome {
  readonly durableUs: number[]
  readonly wals: FSHLogFile[]
  readonly rollsNeededUs: number[]
  readonly synced: number
}

export interface FSHLogFile {
  from: number
  entries: number
  sinceUs: number
  hsyncedBytes: number
  /** What lease recovery finds if the server was killed, else all. */
  recoverableEntries: number
}

export function variatesOf({ walAppend, sync, hsync, seed }: FSHLogScenario): {
  readonly append: Variate
  readonly hsync: Variate
  readonly sync: Variate
} {
  return {
    append: variateOf(walAppend, 'append', seed),
    sync: variateOf(sync, 'sync', seed),
    hsync: variateOf(hsync, 'hsync', seed),
  }
}

const SPAN_US = 1500
const instant = fc.integer({ min: 0, max: SPAN_US })

const latency: fc.Arbitrary<DistributionSpec> = fc.oneof(
  fc.constantFrom(0, 1, 5, 40, 200).map((value) => ({ kind: 'constant', value }) as const),
  fc
    .array(fc.constantFrom(0, 0, 5, 10, 40, 300), { minLength: 1, maxLength: 4 })
    .map((values) => ({ kind: 'empirical', values }) as const),
)

const damages = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 0, max: 500 })), {
    maxLength: 3,
  })
  .map((gaps) => {
    let atUs = 0
    return gaps.map(([gapUs, forUs]) => {
      const damage = { atUs: atUs + gapUs, forUs }
      atUs = damage.atUs + forUs
      return damage
    })
  })

const suspensions = fc.uniqueArray(instant, { maxLength: 6, size: 'max' }).map((instants) => {
  const sorted = instants.sort((a, b) => a - b)
  const pairs: { fromUs: number; untilUs: number }[] = []
  for (let i = 0; i + 1 < sorted.length; i += 2) {
    pairs.push({ fromUs: sorted[i], untilUs: sorted[i + 1] })
  }
  return pairs
})

export const fsHLogScenario: fc.Arbitrary<FSHLogScenario> = fc.record({
  seed: fc.nat(),
  syncerCount: fc.constantFrom(1, 2, 5),
  maxBatchCount: fc.integer({ min: 1, max: 8 }),
  rollSize: fc.integer({ min: 0, max: 3000 }),
  bytesPerSecond: fc.constantFrom(1e6, 10e6, 1e12),
  walAppend: latency,
  sync: latency,
  hsync: latency,
  appends: fc
    .array(
      fc.record({
        atUs: instant,
        bytes: fc.integer({ min: 1, max: 200 }),
        durability: fc.constantFrom('ASYNC_WAL', 'SYNC_WAL', 'SYNC_WAL', 'FSYNC_WAL'),
      }),
      { maxLength: 60, size: 'max' },
    )
    .map((appends) => appends.sort((a, b) => a.atUs - b.atUs)),
  rollsUs: fc.array(instant, { maxLength: 3 }).map((us) => us.sort((a, b) => a - b)),
  damages,
  suspensions,
  killUs: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), instant),
})
