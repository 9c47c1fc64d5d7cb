import { expect } from 'vitest'
import { MIB } from '../../../storage/world.js'
import type { Body } from '../endpoint-cases.js'
import { EDITS_PER_MIB, type EndpointWorld, MINUTE } from '../endpoint-world.js'

/** What an endpoint that rolls files, or stages them in HDFS, owes besides. */
export function stagingCases(): Record<string, Body> {
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
      w.run(9 * MINUTE)
      expect(w.objects).toEqual([])
      w.run(60 * MINUTE)
      expect(sizes(w)).toEqual([2])
      expect([w.stagingFiles, w.hdfs.files]).toEqual([0, 0])
    },

    'a staged file is deleted only after its copy was looked at': (world) => {
      const w = world({ options: { rollSize: 20 * MIB } })
      w.ship(20, 20, 20)
      w.watch(6 * MINUTE, () => expect(w.deletions.length).toBeLessThanOrEqual(w.store.billed.HEAD))
      const whole = 20 * EDITS_PER_MIB
      expect(w.deletions).toEqual([1, 2, 3].map(() => ({ edits: whole, stored: whole })))
      expect(w.store.billed.HEAD).toBe(3)
    },

    'a staged file is deleted without a look if nobody asks for one': (world) => {
      const w = world({ options: { rollSize: 20 * MIB, verify: false } })
      w.ship(20, 20, 20)
      w.run(6 * MINUTE)
      const whole = 20 * EDITS_PER_MIB
      expect(w.deletions).toEqual([1, 2, 3].map(() => ({ edits: whole, stored: whole })))
      expect(w.store.billed.HEAD).toBe(0)
    },

    'what cannot be looked at is copied again at the next tick, and counted twice': (world) => {
      const w = world({ options: { rollSize: 20 * MIB } })
      w.store.onObject(() => {
        if (w.objects.length === 1) w.store.weather.outage = 'refuse'
      })
      w.at(14 * MINUTE, () => {
        w.store.weather.outage = null
      })
      w.ship(20)
      w.run(14 * MINUTE)
      expect([w.objects.length, w.deletions.length, w.stagingBytes]).toEqual([1, 0, 20 * MIB])
      w.run(16 * MINUTE)
      expect([w.objects.length, w.deletions.length, w.stagingBytes]).toEqual([2, 1, 0])
      expect(w.duplicates).toBe(20 * EDITS_PER_MIB)
      expect(w.causes).toEqual(['retry'])
    },

    'staging that nobody has claimed is found and copied by any server of the peer': (world) => {
      const w = world()
      w.ship(8, 8)
      w.run(MINUTE)
      w.bystander('rs2')
      w.bystander('rs3')
      w.run(2 * MINUTE)
      w.kill()
      // Seen at the ticks from minute 6 on; a claim is waited for during two more.
      w.run(15 * MINUTE)
      expect(w.stored.size).toBe(0)
      w.run(17 * MINUTE)
      expect(w.stored.size).toBe(16 * EDITS_PER_MIB)
      expect([w.duplicates, w.stagingFiles]).toEqual([0, 0])
      expect(w.causes).toEqual(['claim'])
    },

    'a claim takes the staging over before the scan does, lease first': (world) => {
      const w = world()
      w.bystander('rs3')
      w.ship(8, 8)
      w.run(MINUTE)
      w.kill()
      w.run(2 * MINUTE)
      w.claim('rs2')
      w.run(2 * MINUTE + 4_000_000)
      expect(w.stagedPaths).toEqual(['wal-backup-staging/backup/rs1-rs2/.adopted/rs1/wal_file.0'])
      expect(w.objects).toEqual([])
      w.run(3 * MINUTE)
      expect(w.stored.size).toBe(16 * EDITS_PER_MIB)
      expect([w.stagingFiles, w.hdfs.files]).toEqual([0, 0])
      expect(w.objects.map(({ key }) => key)).toEqual(['backup/rs1-rs2/wal_file.0'])
    },

    'a source that ends copies to the end what it has taken over': (world) => {
      const w = world()
      w.bystander('rs3')
      w.ship(8, 8)
      w.run(MINUTE)
      w.kill()
      w.claim('rs2')
      w.run(MINUTE + 2_000_000)
      w.stop()
      w.run(2 * MINUTE)
      expect([w.stored.size, w.duplicates]).toEqual([16 * EDITS_PER_MIB, 0])
      expect(w.objects.map(({ key }) => key)).toEqual(['backup/rs1-rs2/wal_file.0'])
      expect(w.stagedPaths).toEqual([])
    },

    'what a source that ends cannot copy within a minute is copied by others': (world) => {
      const w = world()
      w.bystander('rs3')
      w.ship(8, 8)
      w.run(MINUTE)
      w.outage(MINUTE, 3 * MINUTE)
      w.kill()
      w.claim('rs2')
      w.run(MINUTE + 2_000_000)
      let stoppedUs = 0
      w.stop(() => {
        stoppedUs = w.now
      })
      w.run(4 * MINUTE)
      expect(stoppedUs).toBeGreaterThanOrEqual(2 * MINUTE)
      expect(stoppedUs).toBeLessThan(3 * MINUTE)
      expect([w.stored.size, w.stagedPaths.length]).toEqual([0, 1])
      w.run(6 * MINUTE)
      expect(w.stored.size).toBe(16 * EDITS_PER_MIB)
      expect(w.objects.map(({ key }) => key)).toEqual(['backup/rs3/wal_file.0'])
      expect(w.stagedPaths).toEqual([])
    },

    'copiers keep to their bytes per second': (world) => {
      const copied = (copyBytesPerSecond: number | null) => {
        const w = world({ options: { perTable: true, copiers: 1, copyBytesPerSecond }, tables: 5 })
        w.ship(50, 50)
        w.run(MINUTE)
        w.kill()
        w.claim()
        w.run(MINUTE + 35_000_000)
        return w.stored.size / EDITS_PER_MIB
      }
      expect(copied(null)).toBe(100)
      // Five files of 20 MiB, each after 4 s of lease recovery: in 35 s one is through.
      expect(copied(MIB)).toBe(20)
    },

    'when HDFS is lost it refuses, and does not end': (world) => {
      const w = world({ options: { rollSize: 32 * MIB } })
      w.ship(24, 24)
      w.run(10_000_000)
      const before = w.accepted.size
      w.hdfs.lose()
      w.ship(24)
      w.run(10 * MINUTE)
      expect(w.refusalsUs.length).toBeGreaterThan(0)
      expect(w.accepted.size).toBe(before)
    },
  }
}

function sizes(w: EndpointWorld): number[] {
  return w.objects.map(({ bytes }) => bytes / MIB)
}
