import { describe, expect, test } from 'vitest'
import { constant, withTail } from '../../../src/kernel/distribution.js'
import { Luck } from '../../../src/kernel/draws.js'
import type { DisasterClass } from '../../../src/storage/disaster.js'
import type { Outage } from '../../../src/storage/s3/external-store.js'
import { MIB, World } from '../../storage/world.js'
import {
  EDIT_BYTES,
  EDITS_PER_MIB,
  type EndpointSetup,
  EndpointWorld,
  type MakeEndpoint,
  MINUTE,
  SECOND,
} from './endpoint-world.js'

/** A case that an endpoint does not fulfil, and why. */
export interface Skip {
  readonly name: string
  readonly reason: string
}

const HOUR = 60 * MINUTE
const DISASTERS: DisasterClass[] = [
  'region-server-crash',
  'data-node-crash',
  'rack-power-loss',
  'cluster-power-loss',
  'hdfs-loss',
  'cluster-loss',
  'store-loss',
]

type Body = (world: (setup?: EndpointSetup) => EndpointWorld) => void

/**
 * What every replication endpoint owes. A skipped case is run all the same and must fail: a
 * weakness that is gone must go from the list too.
 */
export function endpointCases(make: MakeEndpoint, skips: readonly Skip[] = []): void {
  const world = (setup?: EndpointSetup) => new EndpointWorld(make, setup)
  const all = { ...durabilityCases(), ...storeCases(), ...stagingCases(), ...conservationCases() }
  describe('the endpoint contract', () => {
    for (const [name, body] of Object.entries(all)) {
      const skip = skips.find((one) => one.name === name)
      if (skip === undefined) test(name, () => body(world))
      else {
        test(`not here, for ${skip.reason}: ${name}`, () => {
          expect(failureOf(() => body(world))).toBe('AssertionError')
        })
      }
    }

    test('every skip names a case', () => {
      expect(skips.filter(({ name }) => all[name] === undefined)).toEqual([])
    })
  })
}

/** Name of the error that `body` ends with, `none` if it does not. */
function failureOf(body: () => void): string {
  try {
    body()
    return 'none'
  } catch (error) {
    return error instanceof Error ? error.name : typeof error
  }
}

/** What an accepted edit survives. */
function durabilityCases(): Record<string, Body> {
  const cases: Record<string, Body> = {}
  for (const disaster of DISASTERS) {
    cases[`${disaster} is claimed if accepted edits survive it at every instant, and only then`] = (
      world,
    ) => {
      const w = world()
      w.ship(16, 16, 16, 16)
      let worst = 0
      w.watch(6 * MINUTE, () => {
        worst = Math.max(worst, w.lostTo(disaster))
      })
      expect(w.accepted.size).toBe(64 * EDITS_PER_MIB)
      expect(w.endpoint.claims.includes(disaster)).toBe(worst === 0)
    }
  }
  return {
    ...cases,

    'a batch that crosses a block boundary survives what is claimed': (world) => {
      const w = world()
      w.ship(60, 60, 60)
      w.watch(6 * MINUTE, () => {
        for (const disaster of w.endpoint.claims) {
          if (disaster !== 'store-loss') expect(w.lostTo(disaster)).toBe(0)
        }
      })
      expect(w.accepted.size).toBe(180 * EDITS_PER_MIB)
    },

    'edits accepted before the region server is killed survive it, whenever that is': (world) => {
      const run = (w: EndpointWorld) => {
        w.ship(24, 24, 80, 24)
        return w
      }
      const setup = { options: { rollSize: 32 * MIB } }
      const instants: number[] = []
      const undisturbed = run(world(setup))
      undisturbed.watch(6 * MINUTE, () => instants.push(undisturbed.now))
      expect(undisturbed.accepted.size).toBe(152 * EDITS_PER_MIB)
      let killedEarly = 0
      for (const us of instants) {
        const w = run(world(setup))
        w.run(us)
        w.kill()
        expect(w.lostTo('region-server-crash')).toBe(0)
        // Requests that the store has taken in go on.
        w.run(us + MINUTE)
        expect(w.lostTo('region-server-crash')).toBe(0)
        if (w.accepted.size < undisturbed.accepted.size) killedEarly++
      }
      expect(killedEarly).toBeGreaterThan(3)
    },
  }
}

/** How edits come into the store, through good and bad weather. */
function storeCases(): Record<string, Body> {
  const cases: Record<string, Body> = {}
  for (const outage of ['refuse', '500', '503', 'timeout'] satisfies Outage[]) {
    cases[`after an outage (${outage}) everything accepted is stored, exactly once`] = (world) => {
      const w = world({ options: { rollSize: 20 * MIB } })
      w.outage(200_000, 15 * MINUTE, outage)
      w.ship(8, 8, 8, 8, 8, 8, 8, 8, 8, 8)
      w.run(2 * HOUR)
      expect(w.accepted.size).toBe(80 * EDITS_PER_MIB)
      expect(w.stored.size).toBe(w.accepted.size)
      expect(w.duplicates).toBe(0)
    }
  }
  return {
    ...cases,

    'nothing is visible in the store before an object is complete': (world) => {
      const w = world()
      w.ship(200)
      let invisibleBytes = 0
      w.watch(10 * MINUTE, () => {
        if (w.objects.length > 0) return
        expect(w.store.storedBytes).toBe(0)
        invisibleBytes = Math.max(invisibleBytes, w.store.pendingMultipartBytes)
      })
      expect(invisibleBytes).toBeGreaterThan(128 * MIB)
      expect(w.objects.map(({ bytes }) => bytes)).toEqual([200 * MIB])
      expect(w.stored.size).toBe(200 * EDITS_PER_MIB)
    },

    'while the store is away: refuses if accepting claims that the store has it, else accepts': (
      world,
    ) => {
      const w = world()
      w.store.outage = 'refuse'
      w.ship(10, 20, 30)
      w.watch(20 * MINUTE, () => expect(w.stagingBytes).toBe(w.accepted.size * EDIT_BYTES))
      const needsStore = w.endpoint.claims.includes('cluster-loss')
      expect(w.accepted.size).toBe(needsStore ? 0 : 60 * EDITS_PER_MIB)
      expect(w.refusalsUs.length > 0).toBe(needsStore)
      expect(w.objects).toEqual([])
    },

    'an answer that comes too late leads to duplicates, never to a loss': (world) => {
      // Every second PUT is answered after the client's timeout of 60 s: done, and done again.
      const put = withTail(constant(45_000), 0.5, constant(70 * SECOND))
      const w = world({
        world: new World(new Luck(3)),
        store: { put },
        site: { 'fs.s3a.retry.limit': '0', 'fs.s3a.attempts.maximum': '0' },
        options: { rollSize: 4 * MIB },
      })
      w.ship(...Array<number>(12).fill(4))
      w.run(6 * HOUR)
      expect(w.accepted.size).toBe(48 * EDITS_PER_MIB)
      expect(w.stored.size).toBe(w.accepted.size)
      expect(w.duplicates).toBeGreaterThan(0)
      expect(w.duplicates % (4 * EDITS_PER_MIB)).toBe(0)
    },
  }
}

/** What an endpoint that stages in HDFS owes besides. */
function stagingCases(): Record<string, Body> {
  const sizes = (w: EndpointWorld) => w.objects.map(({ bytes }) => bytes / MIB)
  return {
    'a file is rolled when it has reached the roll size before the next batch': (world) => {
      const w = world({ options: { rollSize: 32 * MIB } })
      w.ship(20, 20, 20, 12, 20)
      w.run(4 * MINUTE)
      expect(sizes(w)).toEqual([40, 32])
      w.run(6 * MINUTE)
      expect(sizes(w)).toEqual([40, 32, 20])
    },

    'the flush thread rolls what is open, once, and never makes an empty file': (world) => {
      const w = world()
      w.run(7 * MINUTE)
      expect([w.stagingFiles, w.objects.length, w.hdfs.files]).toEqual([0, 0, 0])
      w.ship(1, 1)
      w.run(10 * MINUTE)
      expect([w.stagingFiles, w.objects.length]).toEqual([1, 0])
      w.run(60 * MINUTE)
      expect(sizes(w)).toEqual([2])
      expect([w.stagingFiles, w.hdfs.files]).toEqual([0, 0])
    },

    'a staged file is deleted only after a verified copy': (world) => {
      const w = world({ options: { rollSize: 20 * MIB } })
      w.ship(20, 20, 20)
      w.watch(6 * MINUTE, () => expect(w.deletions.length).toBeLessThanOrEqual(w.store.billed.HEAD))
      const whole = 20 * EDITS_PER_MIB
      expect(w.deletions).toEqual([1, 2, 3].map(() => ({ edits: whole, stored: whole })))
      expect(w.store.billed.HEAD).toBe(3)
    },

    'a copy that cannot be verified is made again at the next tick, and counted twice': (world) => {
      const w = world({ options: { rollSize: 20 * MIB } })
      w.store.onObject(() => {
        if (w.objects.length === 1) w.store.outage = 'refuse'
      })
      w.at(14 * MINUTE, () => {
        w.store.outage = null
      })
      w.ship(20)
      w.run(14 * MINUTE)
      expect([w.objects.length, w.deletions.length, w.stagingBytes]).toEqual([1, 0, 20 * MIB])
      w.run(16 * MINUTE)
      expect([w.objects.length, w.deletions.length, w.stagingBytes]).toEqual([2, 1, 0])
      expect(w.duplicates).toBe(20 * EDITS_PER_MIB)
    },
  }
}

/** What goes in comes out, whatever HDFS and the store do. */
function conservationCases(): Record<string, Body> {
  return {
    'bytes are conserved at every instant, and nothing is left behind': (world) => {
      const w = world({ options: { rollSize: 20 * MIB } })
      w.outage(2 * SECOND, 12 * MINUTE)
      w.ship(8, 16, 70, 4, 30)
      w.at(7 * MINUTE, () => w.ship(9, 40))
      w.watch(HOUR, () => {
        const { written, open, stored, dropped } = w.fileSystem.bytes
        expect(open + stored + dropped).toBe(written)
        expect(w.store.storedBytes).toBe((w.stored.size + w.duplicates) * EDIT_BYTES)
        expect(w.hdfs.usedBytes).toBe(3 * w.stagedBytes())
        expect(w.stored.size + w.stagingBytes / EDIT_BYTES).toBeGreaterThanOrEqual(w.accepted.size)
      })
      expect(w.accepted.size).toBe(177 * EDITS_PER_MIB)
      expect(w.stored.size).toBe(w.accepted.size)
      expect([w.stagingBytes, w.stagingFiles, w.stagedBytes()]).toEqual([0, 0, 0])
      expect([w.hdfs.files, w.hdfs.usedBytes]).toEqual([0, 0])
    },

    'files that HDFS will not close keep no accepted edit from the store': (world) => {
      const w = world({ hdfs: { closeRetryProbability: 1 }, options: { rollSize: 16 * MIB } })
      w.ship(8, 8, 8, 8, 8)
      w.run(2 * HOUR)
      expect(w.accepted.size).toBe(40 * EDITS_PER_MIB)
      expect(w.stored.size).toBe(w.accepted.size)
      expect([w.stagingBytes, w.stagingFiles, w.stagedBytes()]).toEqual([0, 0, 0])
    },

    'an HDFS that is out of room delays, it does not lose': (world) => {
      // Room for three replicas of one WAL block (256 MiB) and of 22 MiB more: the next file waits for the copy.
      const capacity = constant((3 * (256 + 22) * MIB) / 5)
      const w = world({ hdfs: { capacity }, options: { rollSize: 20 * MIB } })
      w.ship(24, 24, 24)
      w.run(HOUR)
      expect(w.accepted.size).toBe(72 * EDITS_PER_MIB)
      expect(w.stored.size).toBe(w.accepted.size)
      expect([w.duplicates, w.stagingBytes]).toEqual([0, 0])
    },
  }
}
