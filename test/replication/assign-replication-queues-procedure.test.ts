import { describe, expect, test } from 'vitest'
import { procedureRetry } from '../../src/hbase/master/procedure-retry.js'
import { Luck } from '../../src/kernel/draws.js'
import type { Protocol } from '../../src/kernel/process.js'
import {
  AssignReplicationQueues,
  type AssignReplicationQueuesOptions,
} from '../../src/replication/assign-replication-queues-procedure.js'
import type { ReplicationQueueId } from '../../src/replication/replication-queue-storage.js'
import { queueName } from '../../src/replication/replication-queue-storage.js'
import { TableReplicationQueueStorage } from '../../src/replication/table-replication-queue-storage.js'
import { Configuration } from '../../src/storage/configuration.js'
import { IOException } from '../../src/storage/io-exception.js'
import { EvenLuck, MasterWorld, SECOND } from '../hbase/master/master-world.js'
import { queueOf, walOf } from './queue-storage-world.js'

const CLAIM_US = SECOND / 10

/** A cluster with peers a and b; a claim waits 45 s and writes for a tenth of one. */
class ClaimWorld extends MasterWorld {
  readonly storage = new TableReplicationQueueStorage(this.scheduler, () => CLAIM_US)
  readonly log: string[] = []
  peers = ['a', 'b']
  hidden = false
  readonly procedure: AssignReplicationQueues

  constructor(servers: number, changes: Partial<AssignReplicationQueuesOptions> = {}) {
    super(servers, servers)
    const { master, storage } = this
    this.procedure = new AssignReplicationQueues({
      host: master.host,
      luck: new EvenLuck(1),
      storage,
      peers: () => this.peers,
      claimers: () =>
        this.hidden ? [] : master.onlineServers().map(({ name }) => this.claimer(name)),
      call: (server, name, task) => master.call(server, name, task),
      addsMissingQueues: true,
      sleepBeforeFailoverUs: 30 * SECOND,
      workers: 1,
      retry: procedureRetry(new Configuration()),
      ...changes,
    })
    this.claimQueues = (server) => this.procedure.execute(server)
  }

  /** Gives a server queues of both peers. */
  queues(server: string): void {
    for (const peer of ['a', 'b']) this.storage.startWith(queueOf(peer, server), [walOf(1)])
  }

  claimer(server: string) {
    return { server, claimQueue: (queue: ReplicationQueueId) => this.claim(server, queue) }
  }

  *claim(server: string, queue: ReplicationQueueId): Protocol {
    yield* this.storage.claimQueue(queue, server)
    this.log.push(`${this.scheduler.now / SECOND} ${server} takes ${queueName(queue)}`)
  }

  held(): string[] {
    return this.storage.queues(null, null).map(queueName)
  }
}

describe('the queues of a dead server', () => {
  test('are dealt out, one to each server, and claimed after a sleep', () => {
    const world = new ClaimWorld(3)
    world.queues('rs1')
    world.at(0, () => world.end(world.servers[0], 'aborted'))
    world.run()
    // The region opens in 0.3 s, the sleep is 30 s and half as much again.
    expect(world.log).toEqual(['45.4 rs3 takes a/rs1', '45.4 rs2 takes b/rs1'])
    expect(world.held()).toEqual(['a/rs3/rs1', 'b/rs2/rs1'])
    expect(world.master.recoveries[0].finishedUs).toBe(45.4 * SECOND)
  })

  test('RB27: wait while the procedure sees no server; one then takes them in two rounds', () => {
    const world = new ClaimWorld(2)
    world.queues('rs1')
    world.hidden = true
    world.at(0, () => world.end(world.servers[0], 'stopped'))
    world.at(10 * SECOND, () => {
      expect(world.master.recovering).toBe(true)
      world.hidden = false
    })
    world.run()
    // It looks 1, 3, 7 and 15 s after the region is open, and goes on the last time.
    expect(world.log).toEqual(['60.4 rs2 takes a/rs1', '105.5 rs2 takes b/rs1'])
    expect(world.held()).toEqual(['a/rs2/rs1', 'b/rs2/rs1'])
    expect(world.master.recovering).toBe(false)
  })

  test('a peer without one gets a queue that begins at the beginning', () => {
    const world = new ClaimWorld(2)
    world.storage.startWith(queueOf('a', 'rs1'), [walOf(1)])
    world.at(0, () => world.end(world.servers[0], 'aborted'))
    world.run()
    expect(world.held()).toEqual(['a/rs2/rs1', 'b/rs2/rs1'])
    expect(world.storage.offset({ peer: 'b', server: 'rs2', origin: 'rs1' }, 0)).toBe(undefined)
  })

  test('not in HBase 2.6, where all queues there should be are in ZooKeeper', () => {
    const world = new ClaimWorld(2, { addsMissingQueues: false })
    world.storage.startWith(queueOf('a', 'rs1'), [walOf(1)])
    world.at(0, () => world.end(world.servers[0], 'aborted'))
    world.run()
    expect(world.held()).toEqual(['a/rs2/rs1'])
  })

  test('are left alone if their peer is gone', () => {
    const world = new ClaimWorld(2)
    world.queues('rs1')
    world.peers = ['b']
    world.at(0, () => world.end(world.servers[0], 'aborted'))
    world.run()
    expect(world.log).toEqual(['45.4 rs2 takes b/rs1'])
    expect(world.master.recovering).toBe(false)
  })

  test('without a peer there is nothing to do', () => {
    const world = new ClaimWorld(2)
    world.peers = []
    world.at(0, () => world.end(world.servers[0], 'aborted'))
    world.run()
    expect(world.log).toEqual([])
    expect(world.master.recoveries[0].finishedUs).toBe(0.3 * SECOND)
  })
})

describe('a server that should claim a queue', () => {
  test('and dies before: another does, when its death is known', () => {
    const world = new ClaimWorld(3)
    world.peers = ['a']
    world.storage.startWith(queueOf('a', 'rs1'), [walOf(1)])
    world.at(0, () => world.end(world.servers[0], 'aborted'))
    // rs3, the second of two, sleeps.
    world.at(20 * SECOND, () => world.end(world.servers[2], 'killed'))
    world.run(109 * SECOND)
    expect(world.log).toEqual([])
    world.run()
    expect(world.log[0]).toBe('155.25 rs2 takes a/rs1')
    expect(world.held()).toContain('a/rs2/rs1')
  })

  test('and dies after: the queue is dealt out again, its origin being kept', () => {
    const world = new ClaimWorld(3)
    world.peers = ['a']
    for (const server of ['rs1', 'rs3']) {
      world.storage.startWith(queueOf('a', server), [walOf(1)])
    }
    world.at(0, () => world.end(world.servers[0], 'aborted'))
    world.at(100 * SECOND, () => world.end(world.servers[2], 'aborted'))
    world.run(99 * SECOND)
    expect(world.held()).toEqual(['a/rs3', 'a/rs3/rs1'])
    world.run()
    expect(world.held().sort()).toEqual(['a/rs2/rs1', 'a/rs2/rs3'])
  })

  test('claims one at a time, also those of several dead servers', () => {
    const world = new ClaimWorld(3)
    world.peers = ['a']
    for (const server of ['rs1', 'rs2']) {
      world.storage.startWith(queueOf('a', server), [walOf(1)])
      const found = world.servers.find(({ name }) => name === server)
      world.at(0, () => found && world.end(found, 'aborted'))
    }
    world.run()
    expect(world.log).toEqual(['45.4 rs3 takes a/rs1', '90.5 rs3 takes a/rs2'])
  })
})

test('a storage that does not answer is asked again, after a pause that doubles', () => {
  const world = new ClaimWorld(2)
  world.storage.unavailable = 'refused'
  world.at(0, () => world.end(world.servers[0], 'aborted'))
  world.at(2 * SECOND, () => {
    world.storage.unavailable = null
  })
  world.run()
  // Rows are refused at 0.4 s and 1.5 s, then written at 3.6 s and 3.7 s.
  expect(world.log[0]).toBe('48.8 rs2 takes a/rs1')
})

test('a claim that fails is dealt out again, after a pause', () => {
  const world = new ClaimWorld(2)
  world.peers = ['a']
  world.storage.startWith(queueOf('a', 'rs1'), [walOf(1)])
  const claim = world.claim.bind(world)
  let failures = 0
  world.claim = function* (server, queue) {
    if (failures++ === 0) throw new IOException('refused', 'hbase:replication is moving')
    yield* claim(server, queue)
  }
  world.at(0, () => world.end(world.servers[0], 'aborted'))
  world.run()
  expect(world.log).toEqual(['91.4 rs2 takes a/rs1'])
})

test('each queue is claimed after 30 to 60 s, by its own luck', () => {
  const world = new ClaimWorld(5, { luck: new Luck(28987) })
  world.queues('rs1')
  world.at(0, () => world.end(world.servers[0], 'aborted'))
  world.run()
  const claimedS = world.log.map((line) => Number(line.split(' ')[0]))
  expect(new Set(claimedS).size).toBe(2)
  for (const second of claimedS) {
    expect(second).toBeGreaterThan(30.4)
    expect(second).toBeLessThan(60.4)
  }
})
