import { expect, it } from 'vitest'
import {
  refreshSecondary,
  refreshStoreFilesAndReclaimMemory,
  type SecondaryRefreshOptions,
} from '../../../src/hbase/regionserver/secondary-refresh.js'
import type { Protocol } from '../../../src/kernel/process.js'
import { IOException } from '../../../src/storage/io-exception.js'
import { World } from '../../storage/world.js'
import { isEdit, ReplicaWorld } from './replicated-primary.js'

/** A secondary with edits in memory that its primary has flushed; one of the listings may fail. */
function setUp(failingFamily: number | null = null) {
  const replica = new ReplicaWorld()
  const { primary, secondary } = replica
  const world = new World()
  const options: SecondaryRefreshOptions = {
    secondary: () => secondary,
    isOpen: () => true,
    *list(_region, family) {
      yield 700
      if (family === failingFamily) throw new IOException('refused', 'no NameNode is running')
    },
    advance() {},
    changed() {},
  }
  primary.put(10)
  replica.replay()
  primary.flush()
  return {
    replica,
    secondary,
    options,
    /** What the protocol returns, or throws. */
    outcome<T>(protocol: Protocol<T>): unknown {
      let outcome: unknown = null
      world.host.spawn('refresh', running())
      world.scheduler.run(world.scheduler.now + 1e6)
      return outcome

      function* running(): Protocol {
        try {
          outcome = yield* protocol
        } catch (error) {
          outcome = error
        }
      }
    },
  }
}

it('frees what is in the files of all families', () => {
  const { replica, secondary, options, outcome } = setUp()
  const { heapBytes } = secondary
  expect(outcome(refreshSecondary(0, options))).toBe(heapBytes)
  expect(secondary.heapBytes).toBe(0)
  expect(replica.hasRows(0, 10)).toBe(true)
  expect(outcome(refreshStoreFilesAndReclaimMemory(0, options))).toBe(false)
})

it('leaves the families before a failed listing their new files, and all memory as it is', () => {
  const { replica, secondary, options, outcome } = setUp(1)
  const { heapBytes } = secondary
  expect(outcome(refreshSecondary(0, options))).toBeInstanceOf(IOException)
  expect(replica.files()).toEqual([1, 0, 0])
  expect(secondary.heapBytes).toBe(heapBytes)
  expect(outcome(refreshStoreFilesAndReclaimMemory(0, options))).toBe(false)
})

it('tells the flusher that memory was freed', () => {
  const { options, outcome } = setUp()
  expect(outcome(refreshStoreFilesAndReclaimMemory(0, options))).toBe(true)
})

it('frees nothing when newer edits are replayed between two listings', () => {
  const { replica, secondary, options, outcome } = setUp()
  const { heapBytes } = secondary
  let listed = 0
  const replaying: SecondaryRefreshOptions = {
    ...options,
    advance() {
      if (++listed !== 2) return
      replica.primary.put(5)
      replica.replay(isEdit)
    },
  }
  expect(outcome(refreshSecondary(0, replaying))).toBe(0)
  expect(secondary.heapBytes).toBe(1.5 * heapBytes)
  expect(replica.hasRows(0, 15)).toBe(true)
})
