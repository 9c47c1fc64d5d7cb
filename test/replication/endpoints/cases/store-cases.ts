import { expect } from 'vitest'
import { constant, withTail } from '../../../../src/kernel/distribution.js'
import { Luck } from '../../../../src/kernel/draws.js'
import type { Outage } from '../../../../src/storage/s3/store-weather.js'
import { MIB, World } from '../../../storage/world.js'
import type { Body } from '../endpoint-cases.js'
import { EDIT_BYTES, EDITS_PER_MIB, MINUTE, SECOND } from '../endpoint-world.js'

const HOUR = 60 * MINUTE

/** How edits come into the store, through good and bad weather. */
export function storeCases(): Record<string, Body> {
  const cases: Record<string, Body> = {}
  for (const outage of ['refuse', '500', '503', 'timeout'] satisfies Outage[]) {
    cases[`after an outage (${outage}) everything accepted is stored`] = (world) => {
      const w = world({ options: { rollSize: 20 * MIB } })
      w.outage(200_000, 15 * MINUTE, outage)
      w.ship(8, 8, 8, 8, 8, 8, 8, 8, 8, 8)
      w.run(2 * HOUR)
      expect(w.accepted.size).toBe(80 * EDITS_PER_MIB)
      expect(w.stored.size).toBe(w.accepted.size)
      expect(w.confirmed).toBe(w.accepted.size)
      expect(w.unexplained).toBe(0)
    }
  }
  return {
    ...cases,

    'an outage in which nothing is half done leaves no duplicates': (world) => {
      const w = world({ options: { rollSize: 20 * MIB } })
      w.outage(200_000, 15 * MINUTE, '500')
      w.ship(8, 8, 8, 8, 8, 8, 8, 8, 8, 8)
      w.run(2 * HOUR)
      expect(w.stored.size).toBe(80 * EDITS_PER_MIB)
      expect(w.duplicates).toBe(0)
    },

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

    'while the store is away nothing is accepted that the store is claimed to have': (world) => {
      const w = world()
      w.store.weather.outage = 'refuse'
      w.ship(10, 20, 30)
      w.run(20 * MINUTE)
      const needsStore = w.endpoint.claims.includes('cluster-loss')
      if (needsStore) expect(w.accepted.size).toBe(0)
      expect(w.objects).toEqual([])
      expect(w.lostTo('region-server-crash')).toBe(0)
    },

    'while the store is away edits are accepted all the same': (world) => {
      const w = world()
      w.store.weather.outage = 'refuse'
      w.ship(10, 20, 30)
      w.watch(20 * MINUTE, () =>
        expect(w.stagingBytes).toBeGreaterThanOrEqual(w.accepted.size * EDIT_BYTES),
      )
      expect(w.accepted.size).toBe(60 * EDITS_PER_MIB)
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
      expect(w.unexplained).toBe(0)
    },

    'a file per table, each in a directory of its own': (world) => {
      const w = world({ options: { perTable: true, rollSize: 4 * MIB }, tables: 3 })
      w.ship(6, 6, 6, 6)
      w.run(12 * MINUTE)
      expect(w.stored.size).toBe(24 * EDITS_PER_MIB)
      expect(w.duplicates).toBe(0)
      for (const { key, extents } of w.objects) {
        const tables = new Set(extents.map(({ from }) => `table${from % 3}`))
        expect([...tables]).toEqual([key.split('/').at(-2)])
      }
      expect(new Set(w.objects.map(({ key }) => key)).size).toBe(w.objects.length)
    },

    'uploads that the dead have left are aborted when an endpoint starts, if it is told to': (
      world,
    ) => {
      const left = (purgePendingUploadsUs: number | null) => {
        const w = world({ options: { purgePendingUploadsUs } })
        w.ship(200)
        let killed = false
        w.watch(10 * MINUTE, () => {
          if (killed || w.store.pendingMultipartBytes === 0) return
          killed = true
          w.kill()
        })
        w.run(2 * HOUR)
        w.claim()
        w.run(2 * HOUR + 20 * MINUTE)
        expect(w.stored.size).toBe(200 * EDITS_PER_MIB)
        return w.store.pendingMultipartBytes
      }
      expect(left(null)).toBeGreaterThan(0)
      expect(left(HOUR)).toBe(0)
    },
  }
}
