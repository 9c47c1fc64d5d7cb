import { expect } from 'vitest'
import { constant } from '../../../../src/kernel/distribution.js'
import { MIB } from '../../../storage/world.js'
import type { Body } from '../endpoint-cases.js'
import { EDIT_BYTES, EDITS_PER_MIB, MINUTE, SECOND } from '../endpoint-world.js'

const HOUR = 60 * MINUTE

/** What goes in comes out, whatever HDFS and the store do. */
export function conservationCases(): Record<string, Body> {
  return {
    'bytes are conserved at every instant, and nothing is left behind': (world) => {
      const w = world({ options: { rollSize: 20 * MIB } })
      w.outage(2 * SECOND, 12 * MINUTE)
      w.ship(8, 16, 70, 4, 30)
      w.at(7 * MINUTE, () => w.ship(9, 40))
      w.watch(2 * HOUR, () => {
        const { written, open, stored, dropped } = w.fileSystem.bytes
        expect(open + stored + dropped).toBe(written)
        expect(w.store.storedBytes).toBe((w.stored.size + w.duplicates) * EDIT_BYTES)
        expect(w.hdfs.usedBytes).toBe(3 * w.stagingBytes)
      })
      expect(w.accepted.size).toBe(177 * EDITS_PER_MIB)
      expect(w.stored.size).toBe(w.accepted.size)
      expect(w.unexplained).toBe(0)
      expect([w.stagingBytes, w.stagingFiles]).toEqual([0, 0])
      expect([w.hdfs.files, w.hdfs.usedBytes]).toEqual([0, 0])
    },

    'files that HDFS will not close keep no accepted edit from the store': (world) => {
      const w = world({ hdfs: { closeRetryProbability: 1 }, options: { rollSize: 16 * MIB } })
      w.ship(8, 8, 8, 8, 8)
      w.run(2 * HOUR)
      expect(w.accepted.size).toBe(40 * EDITS_PER_MIB)
      expect(w.stored.size).toBe(w.accepted.size)
      expect(w.unexplained).toBe(0)
      expect([w.stagingBytes, w.stagingFiles]).toEqual([0, 0])
    },

    'an HDFS that is out of room delays, it does not lose': (world) => {
      // Room for three replicas of one WAL block (256 MiB) and of 22 MiB more: the next file waits for the copy.
      const capacity = constant((3 * (256 + 22) * MIB) / 5)
      const w = world({ hdfs: { capacity }, options: { rollSize: 20 * MIB } })
      w.ship(24, 24, 24)
      // What it could not create it has not left behind either.
      w.watch(HOUR, () => expect(w.stagingFiles).toBeLessThanOrEqual(2))
      expect(w.accepted.size).toBe(72 * EDITS_PER_MIB)
      expect(w.stored.size).toBe(w.accepted.size)
      expect(w.unexplained).toBe(0)
      expect([w.duplicates, w.stagingBytes, w.stagingFiles]).toEqual([0, 0, 0])
    },

    'a DataNode that dies, whenever it does, costs no accepted edit': (world) => {
      for (let us = 50_000; us < 2 * SECOND; us += 150_000) {
        const w = world({ options: { rollSize: 32 * MIB } })
        w.ship(24, 24, 80, 24)
        w.at(us, () => w.hdfs.killDataNode(1))
        w.run(HOUR)
        expect(w.accepted.size).toBe(152 * EDITS_PER_MIB)
        expect(w.stored.size).toBe(w.accepted.size)
        expect(w.unexplained).toBe(0)
        expect(w.stagingFiles).toBe(0)
      }
    },
  }
}
