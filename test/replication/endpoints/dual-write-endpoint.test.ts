import { describe, expect, test } from 'vitest'
import { DualWriteEndpoint } from '../../../src/replication/endpoints/dual-write-endpoint.js'
import { MIB } from '../../storage/world.js'
import { endpointCases } from './endpoint-cases.js'
import { EDITS_PER_MIB, EndpointWorld, type MakeEndpoint, MINUTE } from './endpoint-world.js'
import { NEEDS_THE_STORE } from './skips.js'

const make: MakeEndpoint = (context) => new DualWriteEndpoint(context)

describe('refuses while no object can be created', () => {
  endpointCases(make, [NEEDS_THE_STORE])
})

describe('accepts on staging alone while no object can be created', () => {
  endpointCases(make, [], { options: { degrade: 'staging' } })
})

test('“both writes succeeded” is not yet a backup: the object is not there before it is closed', () => {
  const w = new EndpointWorld(make)
  w.ship(10)
  w.run(MINUTE)
  // HDFS has synced the staged twin, S3A has taken all bytes, and the edits are confirmed.
  expect(w.confirmed).toBe(10 * EDITS_PER_MIB)
  expect(w.fileSystem.bytes.written).toBe(10 * MIB)
  expect(w.stagingBytes).toBe(10 * MIB)
  // What they survive is what the staged twin survives, as with Option 1.
  expect(w.store.objects).toBe(0)
  expect(w.lostTo('region-server-crash')).toBe(0)
  expect(w.lostTo('cluster-power-loss')).toBe(0)
  expect(w.lostTo('hdfs-loss')).toBe(10 * EDITS_PER_MIB)
  expect(w.lostTo('cluster-loss')).toBe(10 * EDITS_PER_MIB)
  expect(w.endpoint.claims).not.toContain('cluster-loss')
  // With the roll it becomes one.
  w.run(6 * MINUTE)
  expect(w.lostTo('cluster-loss')).toBe(0)
})

test('when HDFS is lost, a server that stops in good order keeps what is in open objects', () => {
  const w = new EndpointWorld(make)
  w.ship(10)
  w.run(MINUTE)
  w.hdfs.lose()
  w.stop()
  w.run(2 * MINUTE)
  expect(w.stored.size).toBe(10 * EDITS_PER_MIB)
})

test('a part that fails gives up the object, refuses the batch and has the twin copied', () => {
  const w = new EndpointWorld(make, {
    site: { 'fs.s3a.retry.limit': '1' },
    options: { rollSize: 512 * MIB },
  })
  w.outage(300_000, MINUTE, '500')
  w.ship(...Array<number>(8).fill(60))
  w.run(20 * MINUTE)
  expect(w.refusalsUs.length).toBeGreaterThan(0)
  expect(w.stored.size).toBe(480 * EDITS_PER_MIB)
  expect(w.fileSystem.bytes.dropped).toBeGreaterThan(0)
  expect(w.causes).toEqual(['retry'])
  expect([w.duplicates, w.unexplained]).toEqual([0, 0])
})

test('of a batch for several tables that fails half-way, the part that is safe comes twice', () => {
  const w = new EndpointWorld(make, {
    site: { 'fs.s3a.retry.limit': '0' },
    options: { perTable: true },
    tables: 3,
  })
  w.ship(3)
  // The first two tables' objects are open by then, the third's is not.
  w.outage(60_000, 2_000_000, '500')
  w.run(6 * MINUTE)
  expect(w.refusalsUs).toHaveLength(1)
  expect(w.stored.size).toBe(3 * EDITS_PER_MIB)
  expect(w.duplicates).toBe(2 * EDITS_PER_MIB)
  expect(w.causes).toEqual(['partial batch'])
  expect(w.unexplained).toBe(0)
})

test('a close that fails refuses nothing: the twin is copied at once', () => {
  const w = new EndpointWorld(make, { site: { 'fs.s3a.retry.limit': '0' } })
  w.ship(10)
  w.outage(5 * MINUTE - 1, 5 * MINUTE + 3_000_000, '500')
  w.run(6 * MINUTE)
  expect(w.refusalsUs).toEqual([])
  expect(w.objects.map(({ key }) => key)).toEqual(['backup/rs1/wal_file.1'])
  expect(w.causes).toEqual(['retry'])
  expect([w.duplicates, w.stagingFiles]).toEqual([0, 0])
})
