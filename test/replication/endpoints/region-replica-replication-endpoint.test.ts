import { describe, expect, it } from 'vitest'
import { regionReplicaReplicationSettings } from '../../../src/replication/endpoints/region-replica-properties.js'
import { Configuration } from '../../../src/storage/configuration.js'
import { ANSWER_US, MS, ReplicaFixture, SECOND } from './region-replica/replica-fixture.js'

describe('RegionReplicaReplicationEndpoint', () => {
  it('sends to all secondaries of a region at once, and ends when the slowest has answered', () => {
    const world = new ReplicaFixture()
    world.servers.answerUs.set(201, 50 * MS)
    world.put(1, 3)
    world.ship()
    world.run(SECOND)
    expect(world.servers.sent.map(({ atUs, replica }) => [atUs, replica])).toEqual([
      [0, 101],
      [0, 201],
    ])
    expect(world.endedUs).toEqual([50 * MS])
    expect(world.traffic.to(201)).toMatchObject({ rpcs: 1, edits: 3, bytes: 3000 })
  })

  it('sends markers apart from the edits before and behind them, in the order of the WAL', () => {
    const world = new ReplicaFixture()
    world.put(0, 2)
    world.put(1)
    world.skipId(0)
    const start = {
      kind: 'START_FLUSH',
      flushSequenceNumber: 3,
      families: [0],
      isFull: true,
    } as const
    world.marker(0, start)
    world.put(0, 2)
    world.skipId(0)
    world.put(0)
    world.ship()
    world.run(SECOND)
    const run = { marker: null, edits: 2, bytes: 2000 }
    expect(world.servers.to(100)[0].entries).toEqual([
      { ...run, after: 0, firstSequenceId: 1, sequenceId: 2 },
      { after: 2, firstSequenceId: 4, sequenceId: 4, bytes: 300, edits: 0, marker: start },
      { marker: null, edits: 3, bytes: 3000, after: 4, firstSequenceId: 5, sequenceId: 8 },
    ])
    expect(world.servers.idsAt(101)).toEqual([1])
  })

  it('knows what came before a batch, also from a log that it has not read itself', () => {
    const world = new ReplicaFixture()
    world.put(0, 2)
    world.skipId(0)
    world.batch()
    world.put(1, 5)
    world.put(0)
    world.ship()
    world.skipId(0)
    world.put(0)
    world.ship()
    world.run(SECOND)
    const entries = world.servers.to(100).flatMap((call) => call.entries)
    const afters = entries.map(({ after }) => after)
    expect(afters).toEqual([2, 4])
  })

  it('has nothing to do for a table with one replica', () => {
    const world = new ReplicaFixture()
    world.regionReplication = 1
    world.put(0, 10)
    world.ship()
    world.run(SECOND)
    expect(world.endedUs).toEqual([0])
    expect(world.servers.sent).toEqual([])
  })

  it('takes the largest buffers first, and as many at a time as it has writers', () => {
    const world = new ReplicaFixture()
    for (const [region, puts] of [1, 5, 3, 4, 2].entries()) world.put(region, puts)
    world.ship()
    world.run(SECOND)
    const calls = world.servers.sent.filter(({ replica }) => replica < 200)
    expect(calls.map(({ atUs, replica }) => [atUs, replica - 100])).toEqual([
      [0, 1],
      [0, 3],
      [0, 2],
      [ANSWER_US, 4],
      [ANSWER_US, 0],
    ])
  })

  it('never has two buffers of one region under way, so that edits arrive in order', () => {
    const world = new ReplicaFixture({ bufferBytes: 2500 })
    world.servers.answerUs.set(100, 7 * MS)
    for (let n = 0; n < 30; n++) world.put(n % 3, 1)
    world.ship()
    world.run(SECOND)
    expect(world.endedUs).toHaveLength(1)
    for (const replica of [100, 101, 102, 200, 201, 202]) {
      expect(world.servers.idsAt(replica)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
      const times = world.servers.to(replica).map(({ atUs }) => atUs)
      const slowestUs = replica % 100 === 0 ? 7 * MS : ANSWER_US
      for (let n = 1; n < times.length; n++) {
        expect(times[n] - times[n - 1]).toBeGreaterThanOrEqual(slowestUs)
      }
    }
  })

  it('lets the reader wait with the entry that fills the buffers', () => {
    const world = new ReplicaFixture({ bufferBytes: 10_000 })
    world.put(0, 25)
    world.ship()
    world.run(ANSWER_US - 1)
    expect(world.endpoint.maxBufferedBytes).toBe(11_000)
    world.run(SECOND)
    expect(world.endpoint.maxBufferedBytes).toBe(11_000)
    expect(world.servers.to(100).map(({ entries }) => entries[0].edits)).toEqual([11, 11, 3])
  })
})

describe('a secondary that cannot be reached', () => {
  it('stalls every region of the queue, though the others have their entries', () => {
    const world = new ReplicaFixture()
    world.servers.unreachable.add(100)
    for (let region = 0; region < 10; region++) world.put(region, 10 - region)
    world.ship()
    world.run(100 * SECOND)
    expect(world.endedUs).toEqual([])
    for (let region = 1; region < 10; region++) {
      expect(world.servers.idsAt(100 + region)).toHaveLength(10 - region)
    }
    world.servers.unreachable.clear()
    world.run(100 * SECOND)
    expect(world.endedUs).toHaveLength(1)
    expect(world.traffic.to(101).duplicateEdits).toBe(0)
  })

  it('is tried again with the pauses of an HBase client', () => {
    const world = new ReplicaFixture({ retries: 6 })
    world.servers.unreachable.add(100)
    world.put(0)
    world.ship()
    world.run(9 * SECOND)
    const times = world.servers.to(100).map(({ atUs }) => atUs)
    const pauses = times.slice(1, 7).map((us, n) => (us - times[n] - ANSWER_US) / MS)
    expect(pauses).toEqual([100, 200, 300, 500, 1000, 2000])
  })

  it('has the whole batch sent again when its retries are used up; others get it twice', () => {
    const world = new ReplicaFixture({ retries: 2 })
    world.servers.unreachable.add(100)
    world.put(0, 5)
    world.put(1, 3)
    world.ship()
    world.run(306_500)
    world.servers.unreachable.clear()
    world.run(SECOND)
    // Attempts at 0, 102 and 304 ms; the batch begins anew with the last answer.
    const again = 306 * MS
    expect(world.servers.to(100).map(({ atUs }) => atUs)).toEqual([0, 102 * MS, 304 * MS, again])
    expect(world.endedUs).toEqual([again + ANSWER_US])
    expect(world.servers.idsAt(100)).toEqual([1, 2, 3, 4, 5])
    expect(world.servers.idsAt(101)).toEqual([1, 2, 3, 1, 2, 3])
    expect(world.traffic.to(100)).toMatchObject({ rpcs: 4, failedRpcs: 3, duplicateEdits: 0 })
    expect(world.traffic.to(200)).toMatchObject({ edits: 10, duplicateEdits: 5 })
    expect(world.traffic.to(101)).toMatchObject({ edits: 6, duplicateEdits: 3 })
  })

  it('does not take the writers with it for good, however many regions have one', () => {
    const world = new ReplicaFixture({ retries: 1 })
    for (let region = 0; region < 5; region++) {
      world.servers.unreachable.add(100 + region)
      world.put(region)
    }
    world.ship()
    world.run(10 * SECOND)
    expect(world.endedUs).toEqual([])
    world.servers.unreachable.clear()
    world.run(10 * SECOND)
    expect(world.endedUs).toHaveLength(1)
    for (let region = 0; region < 5; region++) {
      expect(world.servers.idsAt(100 + region)).toContain(1)
    }
  })

  it('that does not answer costs an RPC timeout for each attempt', () => {
    const world = new ReplicaFixture({ rpcTimeoutUs: 10 * SECOND, operationTimeoutUs: 25 * SECOND })
    world.servers.silent.add(100)
    world.put(0)
    world.ship()
    world.run(40 * SECOND)
    const times = world.servers.to(100).map(({ atUs }) => atUs)
    // The third attempt has what is left of the operation timeout; then the batch begins anew.
    expect(times.slice(0, 4)).toEqual([0, 10_100 * MS, 20_300 * MS, 25 * SECOND])
  })

  it('is no longer tried when the source ends', () => {
    const world = new ReplicaFixture()
    world.servers.unreachable.add(100)
    world.put(0)
    world.ship()
    world.run(SECOND)
    const attempts = world.servers.to(100).length
    world.host.spawn('stop', world.endpoint.stop())
    world.run(100 * SECOND)
    expect(world.servers.to(100)).toHaveLength(attempts)
  })
})

describe('a table', () => {
  it('without memstore replication has its markers sent only; an alteration counts 5 s later', () => {
    const world = new ReplicaFixture()
    world.memstoreReplication = false
    world.put(0, 4)
    world.marker(0, { kind: 'CANNOT_FLUSH' })
    world.ship()
    world.run(2 * SECOND)
    expect(world.servers.to(100)[0].entries.map(({ edits }) => edits)).toEqual([0])
    expect(world.traffic.skippedEdits).toBe(4)
    world.memstoreReplication = true
    world.put(0)
    world.ship()
    world.run(3 * SECOND)
    expect(world.servers.to(100)).toHaveLength(1)
    world.put(0)
    world.ship()
    world.run(SECOND)
    expect(world.servers.idsAt(100)).toEqual([5, 7])
  })

  it('that turns out to be disabled is skipped, and for 5 s without a try', () => {
    const world = new ReplicaFixture({ retries: 0 })
    world.servers.unreachable.add(100)
    world.tableDisabled = true
    world.put(0, 3)
    world.ship()
    world.run(SECOND)
    expect(world.endedUs).toEqual([ANSWER_US])
    world.put(0, 2)
    world.ship()
    world.run(SECOND)
    expect(world.servers.to(100)).toHaveLength(1)
    expect(world.traffic.skippedEdits).toBe(5)
    world.run(5 * SECOND)
    world.put(0)
    world.ship()
    world.run(SECOND)
    expect(world.servers.to(100)).toHaveLength(2)
  })
})

describe('the settings of region replica replication', () => {
  const settings = (site: Record<string, string>, clientRetries: number) =>
    regionReplicaReplicationSettings(new Configuration(site), clientRetries)

  it('are those of HBase 2.6 by default', () => {
    expect(settings({}, 15)).toEqual({
      bufferBytes: 134_217_728,
      writerThreads: 3,
      retries: 15,
      disabledTablesExpiryUs: 5 * SECOND,
      memstoreReplicationExpiryUs: 5 * SECOND,
    })
  })

  it('take the server’s factor out of the client’s retries, unless they are few', () => {
    expect(settings({}, 4).retries).toBe(4)
    expect(settings({}, 3).retries).toBe(9)
    const key = 'hbase.region.replica.replication.client.retries.number'
    expect(settings({ [key]: '2' }, 15).retries).toBe(2)
  })
})
