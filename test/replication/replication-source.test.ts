import { describe, expect, test } from 'vitest'
import { Progress, peerChannel, progressOf } from '../../src/hbase/progress.js'
import { EventStream } from '../../src/kernel/event-stream.js'
import { Host, type Protocol } from '../../src/kernel/process.js'
import { Scheduler } from '../../src/kernel/scheduler.js'
import { BufferQuota } from '../../src/replication/buffer-quota.js'
import type { ReplicationEndpoint } from '../../src/replication/replication-endpoint.js'
import { TableReplicationQueueStorage } from '../../src/replication/replication-queue-storage.js'
import { ReplicationSource } from '../../src/replication/replication-source.js'
import type { WALEntryBatch } from '../../src/replication/wal-entry-batch.js'
import { HandWrittenWals } from './hand-written-wals.js'
import { DEFAULT_LIMITS, SECOND } from './wal-reading.js'

const OFFSET_US = 7

/** Accepts every batch after a fixed time. */
class SlowEndpoint implements ReplicationEndpoint {
  readonly claims = []
  batches: WALEntryBatch[] = []

  constructor(private readonly batchUs: number) {}

  start(): void {}

  *replicate(batch: WALEntryBatch): Protocol<boolean> {
    this.batches.push(batch)
    yield this.batchUs
    return true
  }

  *stagedFiles(): Iterable<never> {}
}

/** A region server whose WALs several peers replicate. */
class Server {
  readonly scheduler = new Scheduler()
  readonly wals = new HandWrittenWals(() => this.scheduler.now)
  readonly storage = new TableReplicationQueueStorage(() => OFFSET_US)
  /** `kind from-to at time`, per peer number. */
  readonly told: string[][] = []
  readonly #events = new EventStream()
  readonly #host = new Host(this.scheduler, 'rs1')

  addPeer(batchUs: number, quota: BufferQuota, limits: Partial<typeof DEFAULT_LIMITS> = {}) {
    const number = this.told.length
    const told: string[] = []
    this.told.push(told)
    this.#events.subscribe(peerChannel(number), {
      progress: (kind, timeUs, _log, from, to) => {
        const what = progressOf(kind) === Progress.accepted ? 'accepted' : 'confirmed'
        told.push(`${timeUs}: ${what} ${from}-${to}`)
      },
    })
    const source = new ReplicationSource({
      scheduler: this.scheduler,
      events: this.#events,
      host: this.#host,
      log: this.wals.log,
      server: 'rs1',
      peer: `peer${number}`,
      peerNumber: number,
      endpoint: new SlowEndpoint(batchUs),
      queueStorage: this.storage,
      quota,
      limits: { ...DEFAULT_LIMITS, ...limits },
      batchesAhead: 1,
      getEntriesTimeoutUs: 20 * SECOND,
      refresh: () => {},
      openUs: () => 0,
      readUs: () => 0,
    })
    source.enqueueLog(this.wals.current)
    source.start()
    return source
  }
}

const AMPLE = 268_435_456

describe('progress', () => {
  test('edits are accepted when the endpoint says so and confirmed when the offset is stored', () => {
    const server = new Server()
    server.addPeer(100, new BufferQuota(AMPLE))
    server.wals.put(5)
    server.scheduler.run(SECOND)
    expect(server.told[0]).toEqual(['100: accepted 0-5', '107: confirmed 0-5'])
    expect(server.storage.offset('rs1', 'peer0')).toEqual({
      wal: server.wals.current,
      position: 5,
      complete: false,
    })
  })

  test('the offset moves past the end of a WAL, and positions begin anew with the next', () => {
    const server = new Server()
    const source = server.addPeer(100, new BufferQuota(AMPLE))
    const { wals, scheduler, storage } = server
    wals.put(5)
    const old = wals.roll()
    source.enqueueLog(wals.current)
    wals.put(2)
    scheduler.run(107)
    expect(storage.offset('rs1', 'peer0')).toEqual({ wal: old, position: 5, complete: true })
    scheduler.run(SECOND)
    expect(storage.offset('rs1', 'peer0')).toMatchObject({ wal: wals.current, position: 2 })
    expect(server.told[0]).toEqual([
      '100: accepted 0-5',
      '107: confirmed 0-5',
      '207: accepted 5-7',
      '214: confirmed 5-7',
    ])
  })

  test('a batch without entries moves the offset and is no progress of edits', () => {
    const server = new Server()
    const source = server.addPeer(100, new BufferQuota(AMPLE))
    const { wals, scheduler, storage } = server
    wals.put(5)
    scheduler.run(SECOND)
    const old = wals.roll()
    source.enqueueLog(wals.current)
    scheduler.run(2 * SECOND + OFFSET_US)
    expect(storage.offset('rs1', 'peer0')).toEqual({ wal: old, position: 5, complete: true })
    expect(server.told[0]).toHaveLength(2)
    expect(source.queue.length).toBe(1)
  })
})

describe('several peers of one region server', () => {
  const limits = { nbCapacity: 10 }
  const HOUR = 3600 * SECOND

  test('share the read buffer: a slow one starves the others', () => {
    const server = new Server()
    const quota = new BufferQuota(245)
    const slow = server.addPeer(HOUR, quota, limits)
    const fast = server.addPeer(1000, quota, limits)
    server.wals.put(1000)
    server.scheduler.run(60 * SECOND)
    const shipped = fast.metrics.shippedOps
    expect(quota.exceeded).toBe(true)
    expect(shipped).toBeLessThan(100)
    server.scheduler.run(HOUR - SECOND)
    expect(fast.metrics.shippedOps).toBe(shipped)
    expect(fast.metrics.replicationLagUs(server.scheduler.now)).toBe(0)
    server.scheduler.run(HOUR + 10 * SECOND)
    expect(slow.metrics.shippedBatches).toBe(1)
    expect(fast.metrics.shippedOps).toBeGreaterThan(shipped)
  })

  test('do not disturb each other while the buffer has room', () => {
    const server = new Server()
    const quota = new BufferQuota(AMPLE)
    const slow = server.addPeer(HOUR, quota, limits)
    const fast = server.addPeer(1000, quota, limits)
    server.wals.put(1000)
    server.scheduler.run(60 * SECOND)
    expect(slow.metrics.shippedOps).toBe(0)
    expect(fast.metrics.shippedOps).toBe(1000)
  })

  test('a quota of its own would spare the fast one', () => {
    const server = new Server()
    server.addPeer(HOUR, new BufferQuota(245), limits)
    const fast = server.addPeer(1000, new BufferQuota(245), limits)
    server.wals.put(1000)
    server.scheduler.run(60 * SECOND)
    expect(fast.metrics.shippedOps).toBe(1000)
  })
})
