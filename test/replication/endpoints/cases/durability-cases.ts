import { expect } from 'vitest'
import type { DisasterClass } from '../../../../src/storage/disaster.js'
import { MIB } from '../../../storage/world.js'
import type { Body } from '../endpoint-cases.js'
import { EDITS_PER_MIB, type EndpointWorld, MINUTE } from '../endpoint-world.js'

const DISASTERS: DisasterClass[] = [
  'region-server-crash',
  'data-node-crash',
  'rack-power-loss',
  'cluster-power-loss',
  'hdfs-loss',
  'cluster-loss',
  'store-loss',
]

/** What a confirmed edit survives. */
export function durabilityCases(): Record<string, Body> {
  const cases: Record<string, Body> = {}
  for (const disaster of DISASTERS) {
    cases[`${disaster} is claimed if confirmed edits survive it at every instant, and only then`] =
      (world) => {
        const w = world()
        w.ship(16, 16, 16, 16)
        let worst = 0
        w.watch(6 * MINUTE, () => {
          worst = Math.max(worst, w.lostTo(disaster))
        })
        expect(w.confirmed).toBe(64 * EDITS_PER_MIB)
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
      expect(w.confirmed).toBe(180 * EDITS_PER_MIB)
    },

    'what was confirmed before the server is killed survives it, whenever that is': (world) => {
      for (const us of instantsOf(world)) {
        const w = started(world)
        w.run(us)
        w.kill()
        expect(w.lostTo('region-server-crash')).toBe(0)
        // Requests that the store has taken in go on.
        w.run(us + MINUTE)
        expect(w.lostTo('region-server-crash')).toBe(0)
      }
    },

    'whoever claims the dead server’s queue brings everything into the store': (world) => {
      for (const us of instantsOf(world)) {
        const w = started(world)
        w.run(us)
        w.kill()
        w.run(us + MINUTE)
        w.claim()
        w.run(us + 20 * MINUTE)
        expect(w.stored.size).toBe(152 * EDITS_PER_MIB)
        expect(w.confirmed).toBe(152 * EDITS_PER_MIB)
        expect(w.unexplained).toBe(0)
        expect(w.stagedPaths).toEqual([])
      }
    },

    'a second crash, of the server that claimed, loses nothing either': (world) => {
      const w = started(world)
      w.run(500_000)
      w.kill()
      w.claim('rs2')
      w.run(5_000_000)
      w.kill()
      w.claim('rs3')
      w.run(30 * MINUTE)
      expect(w.stored.size).toBe(152 * EDITS_PER_MIB)
      expect(w.unexplained).toBe(0)
      expect(w.stagedPaths).toEqual([])
    },
  }
}

function started(world: Parameters<Body>[0]): EndpointWorld {
  const w = world({ options: { rollSize: 32 * MIB } })
  w.ship(24, 24, 80, 24)
  return w
}

/** Every instant at which something happens in an undisturbed run. */
function instantsOf(world: Parameters<Body>[0]): number[] {
  const instants: number[] = []
  const w = started(world)
  w.watch(6 * MINUTE, () => instants.push(w.now))
  expect(w.confirmed).toBe(152 * EDITS_PER_MIB)
  return instants
}
