import { expect, test } from 'vitest'
import { DirectEndpoint } from '../../../src/replication/endpoints/direct-endpoint.js'
import { MIB } from '../../storage/world.js'
import { endpointCases } from './endpoint-cases.js'
import { EDITS_PER_MIB, EndpointWorld, type MakeEndpoint, MINUTE } from './endpoint-world.js'
import { NEEDS_THE_STORE, NOT_ROLLED, NOT_STAGED } from './skips.js'

const make: MakeEndpoint = (context) => new DirectEndpoint(context)

endpointCases(make, [NOT_STAGED, NOT_ROLLED, NEEDS_THE_STORE])

test('an object per batch, accepted at the instant it is visible', () => {
  const w = new EndpointWorld(make)
  w.ship(1, 70, 2)
  w.watch(MINUTE, () => expect(w.accepted.size).toBe(w.stored.size))
  expect(w.objects.map(({ bytes }) => bytes / MIB)).toEqual([1, 70, 2])
  expect(w.objects.map(({ key }) => key)).toEqual([0, 1, 2].map((n) => `backup/rs1/wal_file.${n}`))
  expect(w.accepted.size).toBe(73 * EDITS_PER_MIB)
})

test('what one batch costs in time: LIST, body, PUT', () => {
  const w = new EndpointWorld(make)
  w.ship(1)
  // 24 ms, 1 MiB at 100 MB/s (rounded up to the microsecond), 45 ms.
  w.run(24_000 + 10_486 + 45_000 - 1)
  expect(w.accepted.size).toBe(0)
  w.run(24_000 + 10_486 + 45_000)
  expect(w.accepted.size).toBe(EDITS_PER_MIB)
})

test('a store that refuses is given up at the end of S3A’s ladder, and asked again at once', () => {
  const w = new EndpointWorld(make)
  w.store.weather.outage = 'refuse'
  w.ship(1)
  w.run(5 * MINUTE)
  // The LIST of create() is called 8 times, with 1 + 2 + 4 + … + 64 = 127 s between the calls. A call
  // is 6 attempts of 1 ms each with waits of 51 + 101 + 201 + 401 + 801 ms between them.
  const ladderUs = 8 * (6 + 51 + 101 + 201 + 401 + 801) * 1000 + 127_000_000
  expect(ladderUs).toBe(139_488_000)
  expect(w.refusalsUs).toEqual([ladderUs, 2 * ladderUs])
})

test('a batch that was refused is written anew from its first byte', () => {
  const w = new EndpointWorld(make, { site: { 'fs.s3a.create.performance': 'true' } })
  w.store.onObject(() => {
    w.store.weather.outage = null
  })
  w.ship(1)
  w.at(100, () => {
    w.store.weather.outage = '500'
  })
  w.at(150_000_000, () => {
    w.store.weather.outage = null
  })
  w.run(10 * MINUTE)
  expect(w.refusalsUs).toHaveLength(1)
  expect(w.objects.map(({ key }) => key)).toEqual(['backup/rs1/wal_file.1'])
  expect(w.fileSystem.bytes).toMatchObject({ written: 2 * MIB, stored: MIB, dropped: MIB })
})
