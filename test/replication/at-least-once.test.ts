import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Scheduler } from '../../src/kernel/scheduler.js'
import { TableReplicationQueueStorage } from '../../src/replication/table-replication-queue-storage.js'
import { ZKReplicationQueueStorage } from '../../src/replication/zk-replication-queue-storage.js'
import type { Sink } from './fake-endpoint.js'
import { ENTRY_BYTES } from './hand-written-wals.js'
import { ReplicationWorld, type WorldServer } from './replication-world.js'
import { SECOND } from './wal-reading.js'

const PEER = 'backup'

/** What may happen; numbers choose the server, the group and how many. */
const step = fc.record({
  kind: fc.constantFrom(
    'put',
    'put',
    'put',
    'roll',
    'crash',
    'disable',
    'enable',
    'change',
    'stop',
  ),
  server: fc.nat(1),
  group: fc.nat(1),
  count: fc.integer({ min: 1, max: 30 }),
  /** Until the next step. */
  waitUs: fc.oneof(fc.nat(300), fc.nat(SECOND / 20), fc.nat(2 * SECOND)),
})

const history = fc.record({
  steps: fc.array(step, { minLength: 5, maxLength: 25 }),
  version: fc.constantFrom<'2.6' | '3.0'>('2.6', '3.0'),
  /** Answers of the endpoint, over and over. */
  answers: fc.array(fc.constantFrom('ok', 'ok', 'ok', 'FAILED', 'throw'), { minLength: 1 }),
  nbCapacity: fc.integer({ min: 1, max: 20 }),
  deferred: fc.boolean(),
  quota: fc.constantFrom(5 * ENTRY_BYTES, 50 * ENTRY_BYTES, 1e9),
})

type History = typeof history extends fc.Arbitrary<infer T> ? T : never

/** Two servers at any time; who dies is replaced, and the other claims its queues. */
class Cluster {
  readonly world: ReplicationWorld
  readonly sink: Sink
  readonly alive: WorldServer[]
  readonly #history: History
  #incarnations = 2
  #attempts = 0

  constructor(history: History, groups: number, unfixed: readonly string[] = []) {
    this.#history = history
    const { version, quota, nbCapacity, deferred } = history
    const storage = version === '2.6' ? zooKeeper : table
    this.world = new ReplicationWorld({ storage, groups, quota, unfixed })
    const triggers = deferred ? { sizeThreshold: 15 * ENTRY_BYTES, intervalUs: SECOND } : {}
    this.sink = this.world.peer(PEER, { limits: { nbCapacity, ...triggers } })
    this.sink.behaviour.answer = () => this.#answer()
    this.alive = ['rs1', 'rs2'].map((name) => this.world.start(name))
  }

  play(): void {
    for (const { kind, server: index, group, count, waitUs } of this.#history.steps) {
      const server = this.alive[index]
      const { manager } = server
      if (kind === 'put') server.put(count, group % server.wals.length)
      else if (kind === 'roll') server.roll(group % server.wals.length)
      else if (kind === 'crash') this.#replace(index)
      else if (kind === 'stop') server.do(manager.terminateAll())
      else if (kind === 'change') server.do(manager.updatePeerConfig(this.world.peers[0], true))
      else this.#onAll(kind)
      this.world.run(waitUs)
      if (kind === 'stop') this.#replace(index)
    }
  }

  /** All is well from now on; every source starts anew, ships what is left and closes its files. */
  heal(): void {
    const { behaviour } = this.sink
    behaviour.hook = () => undefined
    behaviour.hookUs = 0
    behaviour.answer = () => 'COMMITTED'
    this.#onAll('disable')
    this.#onAll('enable')
    this.world.run(20 * SECOND)
    for (const server of this.alive) server.do(server.manager.terminateAll())
    this.world.run(5 * SECOND)
  }

  /** Edits that never arrived, as `log: edit`. */
  missing(): [number, number][] {
    const logs = Array.from(this.world.servers.values(), ({ wals }) => wals).flat()
    return logs.flatMap(({ log }) =>
      this.sink.missing(log.length, log.id).map((edit): [number, number] => [log.id, edit]),
    )
  }

  /** An offset has passed the edit, or the queue is removed because it is at its end. */
  declaredDone(log: number, edit: number): boolean {
    const { world } = this
    const servers = Array.from(world.servers.values())
    const origin = servers.find(({ wals }) => wals.some((group) => group.log.id === log))?.name
    if (!world.storage.queues(PEER, null).some((queue) => queue.origin === origin)) return true
    return world.confirmed.get(log)?.has(edit) === true
  }

  /** Edits that arrived again and did not say why. */
  unexplained(): number {
    const seen = new Set<string>()
    let unexplained = 0
    for (const { log, from, to, resend } of this.sink.extents) {
      for (let edit = from; edit < to; edit++) {
        if (seen.has(`${log}:${edit}`) && resend === undefined) unexplained++
        seen.add(`${log}:${edit}`)
      }
    }
    return unexplained
  }

  #onAll(kind: 'disable' | 'enable'): void {
    for (const { manager, host } of this.alive) {
      const change = kind === 'disable' ? manager.disablePeer(PEER) : manager.enablePeer(PEER)
      host.spawn(kind, change)
    }
    if (kind === 'disable') this.world.enabled.delete(PEER)
    else this.world.enabled.add(PEER)
  }

  #replace(index: number): void {
    const dead = this.alive[index]
    this.alive[index] = this.world.start(`rs${++this.#incarnations}`)
    this.world.crash(dead, this.alive[1 - index])
  }

  #answer(): 'COMMITTED' | 'FAILED' | 'throw' | 'SUBMITTED' {
    const { answers } = this.#history
    const n = this.#attempts++
    const answer = answers[n % answers.length]
    if (answer !== 'ok') return n % 50 === 49 ? 'COMMITTED' : answer
    return this.sink.behaviour.offsets === 'endpoint' && n % 3 > 0 ? 'SUBMITTED' : 'COMMITTED'
  }
}

function zooKeeper(scheduler: Scheduler) {
  const us = () => 2000
  return new ZKReplicationQueueStorage(scheduler, us, us)
}

function table(scheduler: Scheduler) {
  return new TableReplicationQueueStorage(scheduler, () => 700)
}

function expectAtLeastOnce(cluster: Cluster): void {
  expect(cluster.missing()).toEqual([])
  expect(cluster.unexplained()).toBe(0)
  for (const { quota, aborts } of cluster.alive) {
    expect(aborts).toEqual([])
    expect(quota.used).toBe(0)
  }
}

describe('whatever crashes, changes and fails, every edit arrives, and again only for a cause', () => {
  test('with an endpoint that makes each batch safe at once', () => {
    fc.assert(
      fc.property(history, (history) => {
        const cluster = new Cluster(history, 2)
        cluster.play()
        cluster.heal()
        expectAtLeastOnce(cluster)
      }),
      { seed: 11, numRuns: 100 },
    )
  })

  test('with one that closes its file in the hook', () => {
    fc.assert(
      fc.property(history, (history) => {
        const cluster = new Cluster(history, 2)
        cluster.sink.behaviour.buffers = true
        cluster.play()
        cluster.heal()
        expectAtLeastOnce(cluster)
      }),
      { seed: 12, numRuns: 100 },
    )
  })

  test('with one that says itself when offsets may be stored, with a single WAL group', () => {
    fc.assert(
      fc.property(history, (history) => {
        const cluster = new Cluster(history, 1)
        Object.assign(cluster.sink.behaviour, { buffers: true, offsets: 'endpoint' })
        cluster.play()
        cluster.heal()
        expectAtLeastOnce(cluster)
      }),
      { seed: 13, numRuns: 100 },
    )
  })
})

describe('when hooks fail', () => {
  const failing = fc.array(fc.boolean(), { minLength: 3, maxLength: 20 })

  test('what is lost was declared done, and the quota is given back', () => {
    let losses = 0
    fc.assert(
      fc.property(history, failing, (history, fails) => {
        const cluster = new Cluster(history, 1)
        cluster.sink.behaviour.hookUs = SECOND / 20
        let calls = 0
        cluster.sink.behaviour.hook = () => (fails[calls++ % fails.length] ? 'throw' : undefined)
        cluster.play()
        cluster.heal()
        const missing = cluster.missing()
        losses += missing.length
        for (const [log, edit] of missing) expect(cluster.declaredDone(log, edit)).toBe(true)
        expect(cluster.unexplained()).toBe(0)
        for (const { quota } of cluster.alive) expect(quota.used).toBe(0)
      }),
      { seed: 14, numRuns: 60 },
    )
    expect(losses).toBeGreaterThan(0)
  })
})

describe('without a fix it shows', () => {
  test('HBASE-28620: the quota never comes back', () => {
    let leaked = 0
    fc.assert(
      fc.property(history, (history) => {
        const cluster = new Cluster(history, 1, ['HBASE-28620'])
        cluster.play()
        cluster.heal()
        for (const { quota } of cluster.alive) leaked += quota.used
      }),
      { seed: 16, numRuns: 20 },
    )
    expect(leaked).toBeGreaterThan(0)
  })
})
