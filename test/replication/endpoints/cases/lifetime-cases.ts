import { expect } from 'vitest'
import { MIB } from '../../../storage/world.js'
import type { Body } from '../endpoint-cases.js'
import { EDITS_PER_MIB, type EndpointWorld, MINUTE } from '../endpoint-world.js'

/** What an endpoint owes when its source is terminated. */
export function lifetimeCases(): Record<string, Body> {
  return {
    'after stop() nothing goes on': (world) => {
      for (const us of [1, 400_000, 900_000, 1_500_000, 4 * MINUTE, 5 * MINUTE + 100_000]) {
        const w = started(world)
        w.run(us)
        let stoppedUs = Number.POSITIVE_INFINITY
        w.stop(() => {
          stoppedUs = w.now
        })
        w.run(us + 10 * MINUTE)
        expect(stoppedUs).toBeLessThan(us + 2 * MINUTE)
        const before = traces(w)
        w.run(us + 60 * MINUTE)
        expect(traces(w)).toEqual(before)
        expect([...w.fileSystem.openStreams()]).toEqual([])
      }
    },

    'stop() ends while the store is away': (world) => {
      const w = started(world)
      w.outage(600_000, 60 * MINUTE, '500')
      w.run(MINUTE)
      let stopped = false
      w.stop(() => {
        stopped = true
      })
      w.run(10 * MINUTE)
      expect(stopped).toBe(true)
      expect([...w.fileSystem.openStreams()]).toEqual([])
    },

    'stop() closes what is open, so that a source that is created again has less to send': (
      world,
    ) => {
      const w = world()
      w.ship(8, 8)
      w.run(MINUTE)
      w.stop()
      w.run(2 * MINUTE)
      const held = w.stored.size + w.stagingBytes / MIB / EDITS_PER_MIB
      expect(held).toBeGreaterThan(0)
      expect(w.lostTo('region-server-crash')).toBe(0)
    },

    'a server that was only thought to be dead costs duplicates, never a loss': (world) => {
      for (const us of [100_000, 700_000, 1_500_000, 2 * MINUTE]) {
        const w = started(world)
        w.run(us)
        const resume = w.suspend()
        w.run(us + MINUTE)
        w.claim()
        w.run(us + MINUTE + 2_000_000)
        resume()
        w.run(us + 30 * MINUTE)
        expect(w.stored.size).toBe(152 * EDITS_PER_MIB)
        expect(w.unexplained).toBe(0)
        expect(w.stagedPaths).toEqual([])
      }
    },

    'a source that is created again, whenever that is, loses nothing': (world) => {
      const instants: number[] = []
      const undisturbed = started(world)
      undisturbed.watch(6 * MINUTE, () => instants.push(undisturbed.now))
      for (const us of instants) {
        const w = started(world)
        w.run(us)
        w.refresh()
        w.run(us + 20 * MINUTE)
        expect(w.stored.size).toBe(152 * EDITS_PER_MIB)
        expect(w.confirmed).toBe(152 * EDITS_PER_MIB)
        expect(w.unexplained).toBe(0)
        expect(w.stagedPaths).toEqual([])
      }
    },
  }
}

function started(world: Parameters<Body>[0]): EndpointWorld {
  const w = world({ options: { rollSize: 32 * MIB } })
  w.ship(24, 24, 80, 24)
  return w
}

/** Whatever an endpoint could leave behind in the world. */
function traces(w: EndpointWorld): unknown[] {
  const { requests, uploads, pendingMultipartBytes } = w.store
  return [
    { ...requests },
    uploads.size,
    pendingMultipartBytes,
    w.objects.length,
    w.stagedPaths,
    w.stagingBytes,
  ]
}
