import { describe, expect, test } from 'vitest'
import { loadScenario } from '../../src/scenario/load.js'
import { defaultVocabulary } from '../../src/simulation/default-vocabulary.js'
import { resultOf } from '../../src/simulation/result-of.js'
import { Run } from '../../src/simulation/run.js'

const MIB = 1024 * 1024
/** Two servers with 60 regions each; 60 puts of 10,000 B a second, so 5,000 B/s for each region. */
const REGIONS = 120
const BYTES_PER_SECOND = 600_000

function runOf(text: string): Run {
  const full = `name: steady\ndescription: a test\n${text}`
  const { variants } = loadScenario({ name: 'steady', text: full }, defaultVocabulary)
  return new Run(variants[0].scenario, 1)
}

/**
 * Memstores are flushed by age alone, 10 min and half of the delay of 300 s after their first edit;
 * WALs are rolled every 16 MiB.
 */
const CLUSTER = `
hbase: "2.6"
seed: 1
cluster: { regionServers: 2, racks: 2, hdfs: { dataNodes: 4 } }
stores: { backup: { profile: s3-standard } }
peers: { backup: { endpoint: staged-copy, store: backup } }
site:
  hbase.regionserver.optionalcacheflushinterval: 600000
  hbase.regionserver.hlog.blocksize: ${32 * MIB}
tables: { usertable: { regions: ${REGIONS}, size: 12 GiB } }
workload:
  - { table: usertable, rate: 60/s, valueSize: 10000 B, keys: uniform }
`

const CYCLE_S = 600 + 150

describe('a steady start', () => {
  /** What one server has in memory: half a cycle of half of all bytes. */
  const expectedBytes = (BYTES_PER_SECOND / 2) * (CYCLE_S / 2)

  test.each([
    ['10 s', 10],
    ['half an hour', 1800],
  ])('a server that dies after %s leaves half a cycle of edits to be replayed', (_, atS) => {
    const run = runOf(`${CLUSTER}
duration: ${atS + 1} s
faults: [ { at: ${atS} s, kind: kill-region-server, server: rs1 } ]
`)
    run.execute()
    const [recovery] = run.cluster.master.recoveries
    expect(recovery?.replayedBytes).toBeGreaterThan(0.85 * expectedBytes)
    expect(recovery?.replayedBytes).toBeLessThan(1.15 * expectedBytes)
    // Back to the oldest edit of all, which is nearly one cycle old, and the WAL that holds it.
    const logged = (BYTES_PER_SECOND / 2) * CYCLE_S
    expect(recovery?.splitBytes).toBeGreaterThan(0.85 * logged)
    expect(recovery?.splitBytes).toBeLessThan(1.3 * logged + 16 * MIB)
    expect(recovery?.recoveredBytes).toBeLessThan(1.15 * expectedBytes)
  })

  test('peers and ledgers know nothing of what was before it', () => {
    const run = runOf(`${CLUSTER}
duration: 2 min
faults: [ { at: 1 min, kind: kill-region-server, server: rs1 } ]
`)
    run.execute()
    const result = resultOf(run, 1, 'steady')
    expect(result.peers.backup?.storedEdits).toBe(result.edits.acknowledged)
    expect(result.peers.backup?.duplicateEdits).toMatchObject({ unexplained: 0 })
    expect(result.clusterLoss).toEqual([])
    expect(Object.values(result.invariants)).not.toContain('violated')
  })

  test('WALs of the past are archived at a roll when their edits are flushed, and deleted', () => {
    const run = runOf(`${CLUSTER}\nduration: 30 min\n`)
    const [server] = run.cluster.servers
    const before = server?.rolledWals.map(({ name }) => name) ?? []
    expect(before.length).toBeGreaterThan(10)
    run.execute()
    const left = server?.wals().map(({ name }) => name) ?? []
    expect(left.filter((name) => before.includes(name))).toEqual([])
    expect(server?.rolledWals.length).toBeGreaterThan(0.7 * before.length)
    expect(server?.rolledWals.length).toBeLessThan(1.3 * before.length)
  })

  test('what was flushed before it is in HFiles, up to the first edit in memory', () => {
    const { memstores, stores } = runOf(`${CLUSTER}\nduration: 1 min\n`).cluster.files
    const ages: number[] = []
    for (let region = 0; region < REGIONS; region++) {
      const store = stores.store(region, 0)
      expect(store.maxSequenceId).toBe(memstores.flushedSequenceId(region))
      expect(store.bytes).toBeGreaterThan(0.99 * 100 * MIB)
      expect(store.files.length).toBeLessThan(16)
      ages.push(-memstores.oldestUs(region) / 1e6)
    }
    expect(Math.max(...ages)).toBeLessThanOrEqual(CYCLE_S)
    expect(stores.filesOf(0)).toBeGreaterThan(0)
  })

  test('memstores that come to more than the limit are flushed sooner', () => {
    const run = runOf(`${CLUSTER.replace('racks: 2,', `racks: 2, heap: 400 MiB,`)}
duration: 1 min`)
    const [server] = run.cluster.servers
    const lower = 0.4 * 0.95 * 400 * MIB
    expect(server?.writePath.memstoreBytes).toBeLessThanOrEqual(lower)
    expect(server?.writePath.memstoreBytes).toBeGreaterThan(0.4 * lower)
  })

  describe('of secondaries that are sent edits, each of which has a memstore like its primary', () => {
    /** As scenarios/replica-memory.yaml: three replicas of all come to more than the limit. */
    const REPLICAS = `
hbase: "3.0"
duration: 4 min
cluster: { regionServers: 3, racks: 3, heap: 3 GiB, hdfs: { dataNodes: 3 } }
tables: { usertable: { regions: 18, regionReplication: 3 } }
workload: [ { table: usertable, rate: 15/s, valueSize: 256 KiB, keys: uniform } ]
site: { hbase.region.replica.replication.enabled: true }
`

    test('is what servers under pressure have later, too', () => {
      const run = runOf(REPLICAS)
      const { servers } = run.cluster
      const memoryNow = () => {
        run.cluster.advanceAll()
        return servers.map(({ writePath }) => writePath.memstoreBytes)
      }
      const atStart = memoryNow()
      const looks: number[][] = []
      const look = run.scheduler.handler(() => looks.push(memoryNow()))
      for (let atS = 1; atS < 240; atS++) run.scheduler.schedule(atS * 1e6, look)
      run.execute()
      servers.forEach((_, n) => {
        const first = looks.slice(0, 10).map((bytes) => bytes[n])
        const later = looks.slice(10).map((bytes) => bytes[n])
        expect(atStart[n]).toBeLessThan(1.01 * Math.max(...later))
        expect(Math.min(atStart[n], ...first)).toBeGreaterThan(0.97 * Math.min(...later))
      })
      // The first of many like it.
      expect(run.activity.flushReasons.pressure).toBeGreaterThan(6)
    })

    test('leaves servers alone that have room', () => {
      const roomy = runOf(REPLICAS.replace('3 GiB', '30 GiB')).cluster
      const alone = runOf(
        REPLICAS.replace('3 GiB', '30 GiB').replace('Replication: 3', 'Replication: 1'),
      )
      for (let region = 0; region < 18; region++) {
        const { steady } = alone.cluster
        expect(roomy.steady?.flushedUs(region)).toBe(steady?.flushedUs(region))
      }
    })
  })
})
