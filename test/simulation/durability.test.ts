import { describe, expect, test } from 'vitest'
import { peerOf, simulateConstantWorld } from './constant-world.js'

const TABLES = (durability: string) =>
  `tables={ usertable: { regions: 1, durability: ${durability} } }`
const PUTS = `
duration: 20 s
workload: [ { table: usertable, rate: 1/s, arrivals: periodic, valueSize: 1000 B } ]
`
const KILLED = 'faults: [ { at: 10500 ms, kind: kill-region-server, server: rs2 } ]'
const TWO_SERVERS = 'cluster.regionServers=2'
const QUICK = 'site["zookeeper.session.timeout"]=2000'
const BACKUP = 'peers: { backup: { endpoint: direct, store: backup, flushInterval: 1 s } }'

const PROMISE = 'no acknowledged edit is lost to the cluster against the promise of HBase'

describe('SKIP_WAL', () => {
  test('a put takes 253 us: network and handler, memstore, network', () => {
    // 100 + 50 + 3 + 100, and no append, no sync.
    const { writeLatencyUs, edits } = simulateConstantWorld(PUTS, TABLES('SKIP_WAL'))
    expect(writeLatencyUs).toMatchObject({ p50: 253, max: 253 })
    expect(edits).toMatchObject({ submitted: 19, acknowledged: 19 })
  })

  test('what was not flushed is lost with its server, apart from what HBase promises', () => {
    const run = simulateConstantWorld(`${PUTS}${KILLED}`, TABLES('SKIP_WAL'), TWO_SERVERS, QUICK)
    const lost = { lostEdits: 10, lostBytes: 10_000 }
    expect(run.clusterLoss).toEqual([
      {
        kind: 'region-server-crash',
        atUs: 10_500_000,
        ...lost,
        byDurability: { SKIP_WAL: lost },
      },
    ])
    expect(run.recoveries[0].lostByDurability).toEqual({ SKIP_WAL: lost })
    expect(run.recoveries[0].replayedBytes).toBe(0)
    expect(new Set(Object.values(run.invariants))).toEqual(new Set(['held']))
  })

  test('what was flushed is not', () => {
    const flush = 'operations: [ { do: flush, at: 6500 ms, table: usertable } ]'
    const run = simulateConstantWorld(
      `${PUTS}${KILLED}\n${flush}`,
      TABLES('SKIP_WAL'),
      TWO_SERVERS,
      QUICK,
    )
    expect(run.clusterLoss).toMatchObject([{ lostEdits: 4, byDurability: { SKIP_WAL: {} } }])
    expect(new Set(Object.values(run.invariants))).toEqual(new Set(['held']))
  })

  test('no peer gets it, and none is owed it', () => {
    const run = simulateConstantWorld(`${PUTS}${BACKUP}`, TABLES('SKIP_WAL'))
    expect(peerOf(run)).toMatchObject({ storedEdits: 0, missingAfterQuiescence: 0 })
    expect(peerOf(run).rpo['cluster-loss']).toMatchObject({ maxUs: 0, maxEdits: 0 })
    expect(new Set(Object.values(run.invariants))).toEqual(new Set(['held']))
  })
})

describe('ASYNC_WAL', () => {
  /** 64 puts of 1,000 B are less than hbase.wal.batch.size; 66 are not. */
  const FAST = PUTS.replace('1/s', '10/s')

  test('what no sync has covered is lost with its server: the tail behind the last batch', () => {
    const run = simulateConstantWorld(`${FAST}${KILLED}`, TABLES('ASYNC_WAL'), TWO_SERVERS, QUICK)
    // 104 puts by 10.4 s and the one of 10.5 s under way; 66 of them made a batch of 65,536 B.
    const lost = { lostEdits: 104 - 66, lostBytes: 38_000 }
    expect(run.clusterLoss).toMatchObject([{ ...lost, byDurability: { ASYNC_WAL: lost } }])
    expect(run.invariants[PROMISE]).toBe('held')
    expect(new Set(Object.values(run.invariants))).toEqual(new Set(['held']))
    expect(run.recoveries[0].replayedBytes).toBe(66_000)
  })

  test('what its server had sent, and recovery has yet to find, is no hole meanwhile', () => {
    const killed = KILLED.replace('10500 ms', '6600500 us')
    const run = simulateConstantWorld(
      `${FAST}${killed}\n${BACKUP}`,
      TABLES('ASYNC_WAL'),
      TWO_SERVERS,
      QUICK,
    )
    expect(run.clusterLoss).toEqual([])
    expect(run.recoveries[0].replayedBytes).toBe(66_000)
    expect(new Set(Object.values(run.invariants))).toEqual(new Set(['held']))
  })

  const STOP = '{ at: 5 s, kind: stop-region-server, server: rs1 }'
  const PAUSE = '{ at: 5 s, for: 2001 ms, kind: suspend-region-server, server: rs1 }'
  const RESTART = '{ at: 10 s, for: 1 s, kind: restart-region-server, server: rs1 }'
  const WAYS = [
    ['was declared dead while it stood still', [PAUSE, RESTART]],
    ['began to stop, too', [STOP, PAUSE, RESTART]],
    ['never goes on', [PAUSE.replace('2001 ms', '30 h')]],
  ] as const
  test.each(
    WAYS.flatMap(([which, faults]) =>
      ['asyncfs', 'filesystem'].map((provider) => [which, provider, faults] as const),
    ),
  )('what a server that %s had not synced is lost, as is allowed (%s)', (_, provider, faults) => {
    const run = simulateConstantWorld(
      `${FAST}faults: [ ${faults.join(', ')} ]`,
      TABLES('ASYNC_WAL'),
      QUICK,
      `site["hbase.wal.provider"]=${provider}`,
    )
    // No batch is full after 49 puts.
    const lost = { lostEdits: 49, lostBytes: 49_000 }
    expect(run.clusterLoss).toMatchObject([{ atUs: 7_000_000, byDurability: { ASYNC_WAL: lost } }])
    expect(run.recoveries).toMatchObject([{ lostByDurability: { ASYNC_WAL: lost } }])
    expect(Object.values(run.invariants)).not.toContain('violated')
  })

  test('a peer is owed what comes to a WAL', () => {
    const tables = 'tables={ usertable: { regions: 2, durability: ASYNC_WAL } }'
    const run = simulateConstantWorld(
      `${FAST}${KILLED}\n${BACKUP}`,
      tables,
      TWO_SERVERS,
      QUICK,
      'site["replication.sleep.before.failover"]=100',
    )
    const [{ lostEdits }] = run.clusterLoss
    expect(lostEdits).toBeGreaterThan(0)
    expect(peerOf(run).missingAfterQuiescence).toBe(0)
    expect(peerOf(run).disasters).toMatchObject([{ lostEdits: 0 }])
    expect(new Set(Object.values(run.invariants))).toEqual(new Set(['held']))
  })
})

describe("loss of the cluster's power", () => {
  const POWER = `
duration: 20 s
workload:
  - { table: safe, rate: 1/s, arrivals: periodic, valueSize: 1000 B }
  - { table: usual, rate: 1/s, arrivals: periodic, valueSize: 1000 B, from: 500 ms }
faults: [ { at: 10750 ms, kind: cluster-power-loss } ]
`
  const tables = (safe: string) =>
    `tables={ safe: { regions: 1, durability: ${safe} }, usual: { regions: 1 } }`

  test('FSYNC_WAL: nothing is lost; of SYNC_WAL, what came after the last hsync', () => {
    const run = simulateConstantWorld(POWER, tables('FSYNC_WAL'))
    // The put of 10 s was hsynced, and with it all before; that of 10.5 s was not.
    expect(run.edits.acknowledged).toBe(20)
    const lost = { lostEdits: 1, lostBytes: 1000 }
    expect(run.clusterLoss).toMatchObject([{ ...lost, byDurability: { SYNC_WAL: lost } }])
  })

  test('of SYNC_WAL, with the same syncs as hflushes, all is lost that was not written back', () => {
    const run = simulateConstantWorld(POWER, tables('SYNC_WAL'))
    const [{ lostEdits }] = run.clusterLoss
    expect(lostEdits).toBe(20)
  })
})

test('the assumptions name a durability that is not the default', () => {
  const { assumptions } = simulateConstantWorld(PUTS, TABLES('ASYNC_WAL'))
  expect(assumptions).toContainEqual({
    parameter: 'tables.usertable.durability',
    value: 'ASYNC_WAL',
    source: 'scenario',
  })
})
