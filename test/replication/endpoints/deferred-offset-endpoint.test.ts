import { expect, test } from 'vitest'
import { DeferredOffsetEndpoint } from '../../../src/replication/endpoints/deferred-offset-endpoint.js'
import { endpointCases } from './endpoint-cases.js'
import { EDITS_PER_MIB, EndpointWorld, type MakeEndpoint, MINUTE } from './endpoint-world.js'
import { NEEDS_THE_STORE, NOT_STAGED } from './skips.js'

const make: MakeEndpoint = (context) => new DeferredOffsetEndpoint(context)

const DAY_US = 86_400_000_000

endpointCases(
  make,
  [
    NOT_STAGED,
    NEEDS_THE_STORE,
    {
      names: ['the flush thread rolls what is open, once, and never makes an empty file'],
      reason: 'after an idle time longer than the interval the first batch is stored alone',
    },
  ],
  { deferred: true },
)

test('the offset waits until what it passes is stored', () => {
  const w = new EndpointWorld(make, { deferred: true })
  w.ship(10)
  w.run(MINUTE)
  expect([w.accepted.size, w.confirmed, w.stored.size]).toEqual([10 * EDITS_PER_MIB, 0, 0])
  w.run(6 * MINUTE)
  expect([w.confirmed, w.stored.size]).toEqual([10 * EDITS_PER_MIB, 10 * EDITS_PER_MIB])
})

test('an object per day of write time', () => {
  const midnight = 5 * EDITS_PER_MIB
  const w = new EndpointWorld(make, {
    deferred: true,
    writtenUs: (edit) => (edit < midnight ? DAY_US - 1 : DAY_US),
  })
  w.ship(4, 4)
  w.run(6 * MINUTE)
  expect(w.objects.map(({ key }) => key)).toEqual([
    'backup/rs1/WALs/0/wal_file.0',
    'backup/rs1/WALs/1/wal_file.1',
  ])
  expect(w.objects.map(({ extents }) => extents)).toMatchObject([
    [{ from: 0, to: midnight }],
    [{ from: midnight, to: 8 * EDITS_PER_MIB }],
  ])
})

test('a close that fails starts the shipper again; what was stored meanwhile comes twice', () => {
  const midnight = 5 * EDITS_PER_MIB
  const w = new EndpointWorld(make, {
    deferred: true,
    site: { 'fs.s3a.retry.limit': '0', 'fs.s3a.create.performance': 'true' },
    writtenUs: (edit) => (edit < midnight ? DAY_US - 1 : DAY_US),
  })
  w.ship(4, 4)
  w.store.onObject(() => {
    if (w.objects.length === 1) w.store.weather.outage = '500'
  })
  w.at(6 * MINUTE, () => {
    w.store.weather.outage = null
  })
  w.run(20 * MINUTE)
  expect(w.stored.size).toBe(8 * EDITS_PER_MIB)
  expect(w.confirmed).toBe(8 * EDITS_PER_MIB)
  expect(w.duplicates).toBe(midnight)
  expect(w.causes).toEqual(['shipper restart'])
  expect(w.unexplained).toBe(0)
})
