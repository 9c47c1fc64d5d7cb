import { describe, expect, it } from 'vitest'
import type { Refusal } from '../../../../src/hbase/regionserver/refusal.js'
import { ReplicaRpc } from '../../../../src/hbase/regionserver/regionreplication/replica-rpc.js'
import type { ReplicaEntry } from '../../../../src/hbase/wal/replica-entry.js'
import { distribution } from '../../../../src/kernel/distribution.js'
import { Luck } from '../../../../src/kernel/draws.js'
import { Scheduler } from '../../../../src/kernel/scheduler.js'
import { Variate } from '../../../../src/kernel/variate.js'

const NETWORK_US = 100
const WORK_US = 50
const TIMEOUT_US = 1_000_000

function edits(firstSequenceId: number, edits = 1): ReplicaEntry[] {
  const sequenceId = firstSequenceId + edits - 1
  return [
    { after: firstSequenceId - 1, firstSequenceId, sequenceId, bytes: 100, edits, marker: null },
  ]
}

/** A server whose handler is through with a call as soon as it can be, or when the test says so. */
class Server {
  readonly calls: number[] = []
  watched = 0
  stuck = false
  workUs = WORK_US

  constructor(
    private readonly world: World,
    private readonly scheduler: Scheduler,
  ) {}

  advance(): void {
    if (this.stuck) return
    for (const call of this.calls.splice(0)) this.world.rpc.ended(call, null, this.scheduler.now)
  }

  /** It is through with all that it has. */
  finish(failure: Refusal | null = null): void {
    for (const call of this.calls.splice(0)) this.world.rpc.ended(call, failure, this.scheduler.now)
  }

  readonly writePath = {
    secondaries: {
      offerReplay: (_region: number, call: number): number => {
        this.calls.push(call)
        return this.scheduler.now + NETWORK_US + this.workUs
      },
      watchReplays: () => {
        this.watched++
      },
      unwatchReplays: () => {
        this.watched--
      },
    },
  }
}

class World {
  readonly scheduler = new Scheduler()
  readonly server = new Server(this, this.scheduler)
  isOpen = true
  readonly answers: { atUs: number; failure: string | null }[] = []
  readonly rpc = new ReplicaRpc<Server>({
    scheduler: this.scheduler,
    network: new Variate(
      distribution({ kind: 'constant', value: NETWORK_US }),
      new Luck(1).stream({ name: 'network', sharing: 'world' }, 'test'),
    ),
    serverOf: () => (this.isOpen ? this.server : null),
    regionName: (region) => region,
  })

  send(entries: ReplicaEntry[], timeoutUs = TIMEOUT_US): void {
    this.rpc.call(7, entries, timeoutUs, (failure) => {
      this.answers.push({ atUs: this.scheduler.now, failure })
    })
  }

  at(timeUs: number, action: () => void): void {
    this.scheduler.schedule(timeUs, this.scheduler.handler(action))
  }
}

describe('a call to replay entries', () => {
  it('is answered after the way there, the work and the way back', () => {
    const world = new World()
    world.send(edits(1))
    world.scheduler.run()
    expect(world.answers).toEqual([{ atUs: 2 * NETWORK_US + WORK_US, failure: null }])
  })

  it('that finds no handler free is answered when the server is through with it', () => {
    const world = new World()
    world.server.stuck = true
    world.send(edits(1))
    world.at(5_000, () => world.server.finish())
    world.scheduler.run(4_000)
    expect(world.server.watched).toBe(1)
    world.scheduler.run()
    expect(world.answers).toEqual([{ atUs: 5_000 + NETWORK_US, failure: null }])
    expect(world.server.watched).toBe(0)
  })

  it('tells what the secondary refused', () => {
    const world = new World()
    world.server.stuck = true
    world.send(edits(1))
    world.at(20, () => world.server.finish('region too busy'))
    world.scheduler.run()
    expect(world.answers.map(({ failure }) => failure)).toEqual(['region too busy'])
  })

  it('that is refused as it arrives is answered then, however long it would have taken', () => {
    const world = new World()
    world.server.workUs = 30_000
    world.server.stuck = true
    world.send(edits(1))
    world.at(NETWORK_US, () => world.server.finish('call queue too big'))
    world.scheduler.run()
    expect(world.answers).toEqual([{ atUs: 2 * NETWORK_US, failure: 'call queue too big' }])
  })

  it('fails after a round trip while the replica is open nowhere', () => {
    const world = new World()
    world.isOpen = false
    world.send(edits(1))
    world.scheduler.run()
    expect(world.answers).toEqual([{ atUs: 2 * NETWORK_US, failure: 'not serving' }])
  })

  it('fails at its timeout, once, though the server replays it later', () => {
    const world = new World()
    world.server.stuck = true
    world.send(edits(1))
    world.at(TIMEOUT_US + 5, () => world.server.finish())
    world.scheduler.run()
    expect(world.answers).toEqual([{ atUs: TIMEOUT_US, failure: 'timeout' }])
  })

  it('has a timeout of its own, whatever others of its kind were answered before', () => {
    const world = new World()
    world.send(edits(1))
    world.at(10_000, () => {
      world.server.stuck = true
      world.send(edits(2), TIMEOUT_US / 2)
    })
    world.at(20_000, () => world.send(edits(3)))
    world.scheduler.run()
    expect(world.answers).toEqual([
      { atUs: 2 * NETWORK_US + WORK_US, failure: null },
      { atUs: 10_000 + TIMEOUT_US / 2, failure: 'timeout' },
      { atUs: 20_000 + TIMEOUT_US, failure: 'timeout' },
    ])
  })

  it('fails when the process of the server ends, whether or not it was looked after', () => {
    const world = new World()
    world.server.stuck = true
    world.send(edits(1))
    world.at(60, () => world.send(edits(2)))
    world.at(200, () => world.rpc.serverGone(world.server))
    world.scheduler.run()
    expect(world.answers).toEqual([
      { atUs: 200 + NETWORK_US, failure: 'refused' },
      { atUs: 200 + NETWORK_US, failure: 'refused' },
    ])
  })

  it('that is made again has luck of its own', () => {
    const world = new World()
    world.send(edits(5))
    const first = world.rpc.workOf(0)
    world.send(edits(5))
    expect(world.rpc.workOf(1)).toBe(first)
    world.scheduler.run()
    expect(world.rpc.sent).toBe(2)
  })
})
