import { describe, expect, test, vi } from 'vitest'
import { OutstandingSyncs } from '../../src/hbase/wal/outstanding-syncs.js'
import { loadScenario } from '../../src/scenario/load.js'
import { defaultVocabulary } from '../../src/simulation/default-vocabulary.js'
import type { RunResult } from '../../src/simulation/result.js'
import { simulate } from '../../src/simulation/simulate.js'

function run(text: string, seed = 1): RunResult {
  const loaded = loadScenario({ name: 'figures', text }, defaultVocabulary)
  const [{ scenario }] = loaded.variants
  return simulate(scenario, seed)
}

/** Figures of the servers' reference, section 7, in shape: the machines behind them were others. */
describe('published figures', () => {
  /**
   * HBase 2.1.2 with single puts: a p99 below 20 ms, and every quarter of an hour, when the
   * memstores were flushed together, a p99.9 of about 150 ms and worse.
   */
  test('writes have spikes where all regions are flushed together', () => {
    const puts = (start: string) =>
      run(`
name: spikes
duration: 40 s
warmup: 5 s
cluster: { regionServers: 1, racks: 1, start: ${start}, heap: 1800 MB, hdfs: { dataNodes: 3, streamWrite: 80 MB/s } }
tables: { usertable: { regions: 6 } }
workload: [{ table: usertable, rate: 3600/s, valueSize: 8 KiB, keys: uniform }]
`).writeLatencyUs
    const together = puts('cold')
    const spread = puts('steady')
    expect(together.p999).toBeGreaterThan(150_000)
    expect(together.p999).toBeGreaterThan(2 * Number(spread.p999))
    expect(together.p99).toBeGreaterThan(1.5 * Number(spread.p99))
    expect(together.p50).toBeLessThan(4000)
  })

  /** The comment in FSHLog: 100 handlers that write 1 KB make more than 10 appends per sync. */
  test('100 handlers share syncs of the WAL', () => {
    const syncs = vi.spyOn(OutstandingSyncs.prototype, 'push')
    const { edits } = run(`
name: group-commit
duration: 5 s
site: { hbase.wal.provider: filesystem, hbase.regionserver.handler.count: 100 }
cluster: { regionServers: 1, racks: 1, start: cold, hdfs: { dataNodes: 3 } }
tables: { usertable: { regions: 20 } }
workload: [{ table: usertable, rate: 30000/s, valueSize: 1 KiB, keys: uniform }]
`)
    const perSync = edits.acknowledged / syncs.mock.calls.length
    syncs.mockRestore()
    expect(perSync).toBeGreaterThan(10)
  })

  /** The guide: detection is the longest phase of an outage, 20 to 30 s with the session of then. */
  test.each([30_000, 90_000])('a recovery is mostly detection: session of %i ms', (sessionMs) => {
    const { recoveries } = run(`
name: detection
duration: 3 min
site: { zookeeper.session.timeout: ${sessionMs} }
cluster: { regionServers: 4, racks: 2, hdfs: { dataNodes: 4 } }
tables: { usertable: { regions: 40 } }
workload: [{ table: usertable, rate: 200/s, valueSize: 8 KiB, keys: uniform }]
faults: [{ at: 30 s, kind: kill-region-server, server: rs1 }]
`)
    const [{ phaseUs, regions, unavailableRegionUs }] = recoveries
    expect(phaseUs.detection).toBeGreaterThan(0.6 * (unavailableRegionUs / regions))
    expect(phaseUs.detection).toBeGreaterThan(2 * Number(phaseUs['WAL splitting']))
  })
})
