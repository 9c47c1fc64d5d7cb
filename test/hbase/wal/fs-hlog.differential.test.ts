import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type FSHLogScenario, fsHLogScenario } from './fs-hlog-scenario.js'
import { lazyOutcome } from './lazy-fs-hlog.js'
import { plainOutcome } from './plain-fs-hlog.js'

/** A roll right after the sync that covered an ASYNC_WAL edit: its only SyncRunner waits for none. */
const ROLL_AFTER_SYNC: FSHLogScenario = {
  seed: 0,
  syncerCount: 1,
  maxBatchCount: 1,
  rollSize: 0,
  bytesPerSecond: 1e6,
  walAppend: { kind: 'constant', value: 0 },
  sync: { kind: 'constant', value: 0 },
  hsync: { kind: 'constant', value: 0 },
  appends: [
    { atUs: 84, bytes: 195, durability: 'FSYNC_WAL' },
    { atUs: 84, bytes: 1, durability: 'FSYNC_WAL' },
    { atUs: 543, bytes: 23, durability: 'ASYNC_WAL' },
    { atUs: 568, bytes: 1, durability: 'ASYNC_WAL' },
  ],
  rollsUs: [567, 568],
  damages: [{ atUs: 278, forUs: 265 }],
  suspensions: [],
  killUs: Number.POSITIVE_INFINITY,
}

/** A server that stops and is killed as its pipeline breaks has handed nothing more over. */
const KILLED_AT_THE_BREAK: FSHLogScenario = {
  ...ROLL_AFTER_SYNC,
  appends: [{ atUs: 402, bytes: 167, durability: 'FSYNC_WAL' }],
  rollsUs: [],
  damages: [{ atUs: 568, forUs: 1 }],
  suspensions: [{ fromUs: 568, untilUs: 569 }],
  killUs: 568,
}

const found: [FSHLogScenario, number[]][] = [
  [ROLL_AFTER_SYNC, []],
  [KILLED_AT_THE_BREAK, []],
]

test('FSHLog and a model with a process per thread agree, however often one looks', () => {
  const looks = fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 20 })
  fc.assert(
    fc.property(fsHLogScenario, looks, (scenario, looksUs) => {
      const plain = plainOutcome(scenario)
      expect(lazyOutcome(scenario, [])).toEqual(plain)
      expect(lazyOutcome(scenario, looksUs)).toEqual(plain)
      const last = scenario.appends.findLastIndex(({ durability }) => durability !== 'ASYNC_WAL')
      if (scenario.killUs === Number.POSITIVE_INFINITY) {
        expect(plain.synced).toBeGreaterThan(last)
      }
    }),
    { seed: 28987, numRuns: 500, examples: found },
  )
})
