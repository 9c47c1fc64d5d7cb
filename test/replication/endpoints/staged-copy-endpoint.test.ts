import { describe, expect, test } from 'vitest'
import { StagedCopyEndpoint } from '../../../src/replication/endpoints/staged-copy-endpoint.js'
import { MIB } from '../../storage/world.js'
import { endpointCases } from './endpoint-cases.js'
import {
  EDITS_PER_MIB,
  EndpointWorld,
  type MakeEndpoint,
  MINUTE,
  SECOND,
} from './endpoint-world.js'

const make: MakeEndpoint = (context) => new StagedCopyEndpoint(context)

describe('confirmed at hsync', () => {
  endpointCases(make)
})

describe('confirmed at hflush', () => {
  endpointCases(
    make,
    [
      {
        names: [
          'rack-power-loss is claimed if confirmed edits survive it at every instant, and only then',
        ],
        reason: 'only replicas on several racks give it, and it claims what one rack gives too',
      },
    ],
    { options: { sync: 'hflush' } },
  )
})

/** The look at the staging directory when it starts. */
const LIST_US = 700

test('what one batch costs in time: create, body, hsync and the first persisted block', () => {
  const w = new EndpointWorld(make)
  w.ship(1)
  // Two RPCs and the set-up of the pipeline; 1 MiB at 350 MB/s, rounded up; hsync; one RPC.
  const us = LIST_US + 2500 + 2500 + 2000 + 2996 + 1300 + 2500
  w.run(us - 1)
  expect(w.accepted.size).toBe(0)
  w.run(us)
  expect(w.accepted.size).toBe(EDITS_PER_MIB)
})

test('as many files are copied at a time as there are copiers', () => {
  const w = new EndpointWorld(make, { options: { rollSize: MIB, copiers: 2 } })
  const objectsUs: number[] = []
  w.store.onObject(() => objectsUs.push(w.now))
  w.ship(1, 1, 1, 1, 1, 1)
  w.run(MINUTE)
  // A file is written in 13,796 us (above) and closed in 500 + 1000 + 2500. It is opened (1200), the
  // LIST made (24,000), 1 MiB read (1748) and sent (10,486), and the PUT done (45,000); then a HEAD
  // (10,000) and the deletion (2500) free the copier.
  const fileUs = 13_796 + 4000
  const copyUs = 1200 + 24_000 + 1748 + 10_486 + 45_000
  const first = [fileUs + copyUs, 2 * fileUs + copyUs].map((us) => LIST_US + us)
  const copierUs = copyUs + 12_500
  expect(objectsUs).toEqual([
    ...first,
    ...first.map((us) => us + copierUs),
    LIST_US + fileUs + copyUs + 2 * copierUs,
  ])
})

test('a copy that fails waits for the next tick of the flush thread', () => {
  const w = new EndpointWorld(make, { options: { rollSize: MIB } })
  w.store.weather.outage = 'refuse'
  w.ship(1, 1)
  // S3A gives up after 139 s; the ticks are every 5 min.
  w.run(140 * SECOND)
  const { LIST } = w.store.requests
  expect(LIST).toBe(8 * 6)
  w.run(5 * MINUTE - 1)
  expect(w.store.requests.LIST).toBe(LIST)
  w.store.weather.outage = null
  w.run(6 * MINUTE)
  expect(w.objects).toHaveLength(2)
  expect(w.stagingFiles).toBe(0)
})
