import { describe, expect, test } from 'vitest'
import type { SourceLimits } from '../../src/replication/replication-peer.js'
import { ENTRY_BYTES } from './hand-written-wals.js'
import { ReplicationWorld, type WorldOptions } from './replication-world.js'
import { DEFAULT_LIMITS, SECOND } from './wal-reading.js'

const HOUR = 3600 * SECOND
/** An idle reader as HBase has it. */
const IDLE: Partial<SourceLimits> = { ...DEFAULT_LIMITS }
const queueOf = (peer: string) => ({ peer, server: 'rs1', origin: 'rs1' })

function oneServer(options: WorldOptions = {}) {
  const world = new ReplicationWorld(options)
  const sink = world.peer('backup')
  return { world, sink, server: world.start('rs1') }
}

describe('progress', () => {
  test('edits are accepted when the endpoint says so and confirmed when the offset is stored', () => {
    const { world, server } = oneServer()
    server.put(5)
    world.run(SECOND)
    expect(world.told[0]).toEqual(['150: accepted 0/0-5', '157: confirmed 0/0-5'])
    const wal = server.wals[0].current
    expect(world.storage.offset(queueOf('backup'), 0)).toMatchObject({ wal, position: 5 })
  })

  test('the offset moves past the end of a WAL, and positions begin anew with the next', () => {
    const { world, server } = oneServer()
    server.put(5)
    const old = server.roll()
    server.put(2)
    world.run(160)
    const complete = { wal: old, position: 5, complete: true }
    expect(world.storage.offset(queueOf('backup'), 0)).toEqual(complete)
    world.run(SECOND)
    const wal = server.wals[0].current
    expect(world.storage.offset(queueOf('backup'), 0)).toMatchObject({ wal, position: 2 })
    expect(world.told[0]).toEqual([
      '150: accepted 0/0-5',
      '157: confirmed 0/0-5',
      '257: accepted 0/5-7',
      '264: confirmed 0/5-7',
    ])
  })

  test('a batch without entries moves the offset and is no progress of edits', () => {
    const { world, server } = oneServer()
    server.put(5)
    world.run(SECOND)
    const old = server.roll()
    world.run(SECOND)
    const complete = { wal: old, position: 5, complete: true }
    expect(world.storage.offset(queueOf('backup'), 0)).toEqual(complete)
    expect(world.told[0]).toHaveLength(2)
    expect(server.source().metrics.sizeOfLogQueue).toBe(1)
  })

  test('edits that the peer does not want are told as filtered, and confirmed with the others', () => {
    const world = new ReplicationWorld()
    world.peer('backup', { wants: (edit) => edit === 2 || edit === 3 })
    const server = world.start('rs1')
    server.put(6)
    world.run(SECOND)
    expect(world.told[0]).toEqual([
      '160: filtered 0/0-2',
      '160: filtered 0/4-6',
      '160: accepted 0/2-4',
      '167: confirmed 0/0-6',
    ])
  })

  test('deferred offsets confirm all batches since the last one', () => {
    const world = new ReplicationWorld()
    const limits = { nbCapacity: 2, sizeThreshold: 6 * ENTRY_BYTES }
    world.peer('backup', { limits })
    const server = world.start('rs1')
    server.put(6)
    world.run(SECOND)
    expect(world.told[0].filter((line) => line.includes('confirmed'))).toEqual([
      '327: confirmed 0/0-6',
    ])
  })
})

describe('the start', () => {
  test('WALs that are rolled while the endpoint starts are not lost (HBASE-20624)', () => {
    const world = new ReplicationWorld()
    const sink = world.peer('backup', { limits: { maxRetriesMultiplier: 10 } })
    sink.behaviour.startFailures = 3
    const server = world.start('rs1')
    server.put(2)
    server.roll()
    server.put(2)
    world.run(SECOND / 10)
    expect(server.source().metrics.numInitializing).toBe(1)
    expect(server.source().startFault).toBe('refused: no store')
    world.run(10 * SECOND)
    expect(server.source().metrics.numInitializing).toBe(0)
    expect(server.source().startFault).toBeNull()
    expect(sink.edits()).toEqual([0, 1, 2, 3])
  })

  test('an endpoint that never starts aborts the server after the longest sleep', () => {
    const { world, sink, server } = oneServer()
    sink.behaviour.startFailures = 1e9
    world.run(HOUR)
    expect(server.aborts).toEqual(['Exhausted retries to start replication endpoint.'])
    expect(sink.requests).toHaveLength(2)
  })

  test('it is tried for ever with replication.source.regionserver.abort=false', () => {
    const world = new ReplicationWorld()
    const sink = world.peer('backup', { limits: { abortOnError: false } })
    sink.behaviour.startFailures = 1000
    const server = world.start('rs1')
    server.put(1)
    world.run(HOUR)
    expect(server.aborts).toEqual([])
    expect(sink.edits()).toEqual([0])
  })
})

describe('the end', () => {
  test('RB20: what is read and not shipped is given back to the buffer', () => {
    const { world, sink, server } = oneServer()
    sink.behaviour.answer = () => 'FAILED'
    sink.behaviour.replicateUs = HOUR
    server.put(100)
    world.run(SECOND)
    server.roll()
    server.put(100)
    world.run(SECOND)
    expect(server.quota.used).toBe(200 * ENTRY_BYTES)
    server.do(server.manager.terminateAll())
    world.run(10 * SECOND)
    expect(server.quota.used).toBe(0)
  })

  test('HBASE-28620: the batch in flight was forgotten', () => {
    const { world, sink, server } = oneServer({ unfixed: ['HBASE-28620'] })
    sink.behaviour.replicateUs = HOUR
    server.put(100)
    world.run(SECOND)
    server.do(server.manager.terminateAll())
    world.run(10 * SECOND)
    expect(server.quota.used).toBe(100 * ENTRY_BYTES)
  })

  test('an attempt that ends in time is accepted, but its offset is not stored', () => {
    const { world, sink, server } = oneServer()
    sink.behaviour.replicateUs = SECOND / 20
    server.put(5)
    world.run(100)
    server.do(server.manager.terminateAll())
    world.run(SECOND)
    expect(sink.edits()).toEqual([0, 1, 2, 3, 4])
    expect(world.told[0]).toEqual(['50050: accepted 0/0-5'])
    expect(world.storage.offset(queueOf('backup'), 0)?.position).toBe(0)
  })

  test('an endpoint that cannot stop is not waited for longer than for any sleep', () => {
    const { world, sink, server } = oneServer()
    sink.behaviour.stopUs = HOUR
    let endedUs = 0
    const stop = function* () {
      yield* server.manager.terminateAll()
      endedUs = world.scheduler.now
    }
    world.run(SECOND)
    server.do(stop())
    world.run(HOUR)
    expect(endedUs).toBe(SECOND + 3 * (SECOND / 10))
  })
})

describe('a shipper that starts again after its hook failed', () => {
  test('a new reader begins where the source did: what was shipped is shipped again', () => {
    const { world, sink, server } = oneServer()
    server.put(3)
    world.run(SECOND)
    sink.behaviour.hook = failOnce()
    server.put(2)
    world.run(SECOND)
    expect(sink.edits()).toEqual([0, 1, 2, 3, 4, 0, 1, 2, 3, 4])
    const causes = sink.extents.map(({ from, to, resend }) => [from, to, resend])
    expect(causes.at(-1)).toEqual([0, 5, 'shipper restart'])
    expect(server.source().metrics.sizeOfLogQueue).toBe(1)
  })

  test('what the old reader had read of a WAL it was through with is never shipped', () => {
    const world = new ReplicationWorld()
    const sink = world.peer('backup', { limits: { nbCapacity: 2 } })
    const server = world.start('rs1')
    sink.behaviour.hook = failOnce()
    server.put(4)
    server.roll()
    server.put(3)
    world.run(SECOND)
    expect(sink.missing(7)).toEqual([2, 3])
    const confirmed = world.told[0].filter((line) => line.includes('confirmed'))
    expect(confirmed[0]).toMatch(/confirmed 0\/0-4$/)
  })

  test('the reader that was left behind holds its share of the quota until the source ends', () => {
    const world = new ReplicationWorld()
    const sink = world.peer('backup', { limits: { nbCapacity: 2 } })
    const server = world.start('rs1')
    sink.behaviour.hook = failOnce()
    server.put(20)
    world.run(SECOND)
    expect(server.quota.used).toBe(4 * ENTRY_BYTES)
    server.do(server.manager.terminateAll())
    world.run(SECOND)
    expect(server.quota.used).toBe(0)
  })
})

describe('several WAL groups', () => {
  test('have each a reader, a shipper and an offset, and one endpoint', () => {
    const { world, sink, server } = oneServer({ groups: 3 })
    for (const group of [0, 1, 2]) server.put(group + 1, group)
    world.run(SECOND)
    expect([0, 1, 2].map((log) => sink.edits(log).length)).toEqual([1, 2, 3])
    const positions = [0, 1, 2].map((g) => world.storage.offset(queueOf('backup'), g)?.position)
    expect(positions).toEqual([1, 2, 3])
    expect(sink.requests).toHaveLength(1)
  })

  test('one of them commits for all (feature branch of HBASE-28957)', () => {
    const { world, sink, server } = oneServer({ groups: 2 })
    Object.assign(sink.behaviour, { offsets: 'endpoint', buffers: true })
    sink.behaviour.answer = () => 'SUBMITTED'
    server.put(3, 0)
    world.run(SECOND)
    expect(world.storage.offset(queueOf('backup'), 0)?.position).toBe(0)
    sink.behaviour.answer = () => 'COMMITTED'
    server.put(4, 1)
    world.run(SECOND)
    const positions = [0, 1].map((g) => world.storage.offset(queueOf('backup'), g)?.position)
    expect(positions).toEqual([3, 4])
    expect([sink.edits(0), sink.edits(1)]).toEqual([
      [0, 1, 2],
      [0, 1, 2, 3],
    ])
  })

  test('what a group submits while another’s offset is stored is confirmed in an open file', () => {
    const world = new ReplicationWorld({ groups: 2 })
    const sink = world.peer('backup')
    Object.assign(sink.behaviour, { offsets: 'endpoint', buffers: true, replicateUs: 0 })
    const server = world.start('rs1')
    sink.behaviour.answer = () => 'SUBMITTED'
    server.put(1, 0)
    world.run(SECOND)
    server.put(1, 1)
    world.run(SECOND)
    sink.behaviour.answer = ({ group }) => (group === 0 ? 'COMMITTED' : 'SUBMITTED')
    server.put(1, 0)
    server.put(1, 1)
    world.run(SECOND)
    const confirmed = world.storage.offset(queueOf('backup'), 1)?.position ?? 0
    expect(confirmed).toBe(2)
    expect(sink.edits(1)).toEqual([0])
  })
})

describe('several peers of one region server', () => {
  const limits = { ...IDLE, nbCapacity: 10 }

  function twoPeers(quota: number) {
    const world = new ReplicationWorld({ quota })
    const { behaviour } = world.peer('slow', { limits })
    behaviour.replicateUs = HOUR
    world.peer('fast', { limits }).behaviour.replicateUs = 1000
    const server = world.start('rs1')
    const shipped = (peer: string) => server.source(peer).metrics.shippedOps
    const recover = () => {
      behaviour.replicateUs = 1000
    }
    return { world, server, shipped, recover }
  }

  test('share the read buffer: a slow one starves the others', () => {
    const { world, server, shipped, recover } = twoPeers(245)
    server.put(1000)
    world.run(60 * SECOND)
    const before = shipped('fast')
    expect(server.quota.exceeded).toBe(true)
    expect(before).toBeLessThan(100)
    world.run(HOUR - 62 * SECOND)
    expect(shipped('fast')).toBe(before)
    expect(server.source('fast').metrics.replicationLagUs(world.scheduler.now)).toBe(0)
    recover()
    world.run(HOUR)
    expect([shipped('slow'), shipped('fast')]).toEqual([1000, 1000])
  })

  test('do not disturb each other while the buffer has room', () => {
    const { world, server, shipped } = twoPeers(268_435_456)
    server.put(1000)
    world.run(60 * SECOND)
    expect([shipped('slow'), shipped('fast')]).toEqual([0, 1000])
  })
})

test('RB12: an entry after 30 s of silence is picked up at 35 s', () => {
  const world = new ReplicationWorld()
  const sink = world.peer('backup', { limits: IDLE })
  const server = world.start('rs1')
  server.put(1)
  world.run(30 * SECOND)
  server.put(1)
  world.run(5 * SECOND - 1)
  expect(sink.edits()).toEqual([0])
  world.run(SECOND)
  expect(sink.edits()).toEqual([0, 1])
})

function failOnce(): () => 'throw' | undefined {
  let calls = 0
  return () => (calls++ === 0 ? 'throw' : undefined)
}
