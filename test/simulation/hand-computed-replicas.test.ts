import { describe, expect, test } from 'vitest'
import type { ReplicaResult } from '../../src/measure/replica-result.js'
import { simulateConstantWorld } from './constant-world.js'

const S = 1_000_000

/** Seconds between two flushes, and how many there are. */
const F = 10
const FLUSHES = 60
const flushes = Array.from({ length: FLUSHES }, (_, i) => {
  return `  - { at: ${F * (i + 1)} s, do: flush, table: usertable }`
})

/** 20 puts of 1,000 B a second to one region, flushed every 10 s and never compacted. */
const FLUSHED = `
duration: ${F * FLUSHES} s
warmup: ${4 * F} s
workload: [ { table: usertable, rate: 20/s, arrivals: periodic, valueSize: 1000 B } ]
operations:
${flushes.join('\n')}
`

/** The secondaries, of which there are as many as `regionReplication` less one. */
function secondaries(regionReplication: number, ...set: string[]): readonly ReplicaResult[] {
  const replicas = simulateConstantWorld(
    FLUSHED,
    'cluster.regionServers=3',
    'site["hbase.hstore.compaction.min"]=1000',
    `tables.usertable.regionReplication=${regionReplication}`,
    ...set,
  ).replicas?.usertable
  return (replicas ?? []).filter(({ replicaId }) => replicaId > 0)
}

/**
 * A refresher that comes every P finds a flush when it is committed, d after its begin, and then the
 * rest of P, which is uniform: P and F have no common measure to speak of. Until then the oldest edit
 * that is not readable is the first behind the flush before: staleness rises from d + w to F + d + w',
 * on average from d + P/2 to F + d + P/2, and never above F + d + P.
 *
 * A flush creates its HFile (8 ms), writes 200 kB (200 us), closes it (hflush 0.5 ms, finalize, complete
 * 2 ms) and renames it (2 ms).
 */
describe('a refresher alone, with a flush every F = 10 s', () => {
  test.each([
    ['3.7 s', 3.7, '1 ms', 0.0137],
    ['1.3 s', 1.3, '1 ms', 0.0137],
    ['1.3 s', 1.3, '2 s', 2.0127],
  ])('and P = %s: F/2 + d + P/2 on average, F + d + P at most', (_, P, finalize, d) => {
    const found = secondaries(
      3,
      `site["hbase.regionserver.storefile.refresh.period"]=${1000 * P}`,
      `cluster.hdfs.finalize=${finalize}`,
    )
    expect(found).toHaveLength(2)
    for (const { stalenessUs, memstoreBytes, gapUs } of found) {
      expect((stalenessUs.mean ?? 0) / S / (F / 2 + d + P / 2)).toBeCloseTo(1, 1.7)
      expect(stalenessUs.max).toBeLessThanOrEqual((F + d + P) * S)
      expect(stalenessUs.max).toBeGreaterThan(0.98 * (F + P) * S)
      expect(memstoreBytes).toMatchObject({ mean: 0, max: 0 })
      expect(gapUs.total).toBe(0)
    }
  })
})

/**
 * A secondary that is sent edits has in its memstore what the primary has in its: from 0 to F × 20/s
 * edits of 1,000 B and 104 B of overhead. A snapshot stays until the COMMIT has come, which in HBase 2
 * waits for the source to look into the WAL, every second.
 */
test.each([
  ['2.6', 2, 1],
  ['2.6', 4, 1],
  ['3.0', 2, 0.05],
  ['3.0', 4, 0.05],
])('HBase %s, %i replicas: each secondary holds F/2 of writes', (version, replication, lateS) => {
  const replicated = 'site["hbase.region.replica.replication.enabled"]=true'
  const found = secondaries(replication, replicated, `hbase="${version}"`)
  expect(found).toHaveLength(replication - 1)
  const bytesPerS = 20 * 1104
  for (const { memstoreBytes } of found) {
    expect(memstoreBytes.mean).toBeGreaterThan(0.99 * bytesPerS * (F / 2))
    expect(memstoreBytes.mean).toBeLessThan(1.01 * bytesPerS * (F / 2 + lateS))
    expect(memstoreBytes.max).toBeGreaterThanOrEqual(bytesPerS * F)
    expect(memstoreBytes.max).toBeLessThan(bytesPerS * (F + lateS + 0.1))
  }
})
