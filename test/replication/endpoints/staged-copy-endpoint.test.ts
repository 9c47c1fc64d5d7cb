import { describe, expect, test } from 'vitest'
import { StagedCopyEndpoint } from '../../../src/replication/endpoints/staged-copy-endpoint.js'
import { MIB } from '../../storage/world.js'
import { endpointCases, type Skip } from './endpoint-cases.js'
import { EDITS_PER_MIB, EndpointWorld, type MakeEndpoint, MINUTE } from './endpoint-world.js'

const make: MakeEndpoint = (context) => new StagedCopyEndpoint(context)

const CLAIMS_STORE_LOSS: Skip = {
  name: 'store-loss is claimed if accepted edits survive it at every instant, and only then',
  reason: 'it is claimed, and what was copied and deleted is in the store alone',
}

describe('confirmed at hsync', () => {
  endpointCases(make, [
    CLAIMS_STORE_LOSS,
    {
      name: 'a batch that crosses a block boundary survives what is claimed',
      reason: 'hsync covers the current block only (R2), not the part in the block before',
    },
  ])
})

describe('confirmed at hflush', () => {
  endpointCases(
    (context) => make({ ...context, options: { ...context.options, sync: 'hflush' } }),
    [
      CLAIMS_STORE_LOSS,
      {
        name: 'rack-power-loss is claimed if accepted edits survive it at every instant, and only then',
        reason: 'only replicas on several racks give it, and it claims what one rack gives too',
      },
    ],
  )
})

test('what one batch costs in time: create, body, hsync and the first persisted block', () => {
  const w = new EndpointWorld(make)
  w.ship(1)
  // Two RPCs and the set-up of the pipeline; 1 MiB at 350 MB/s, rounded up; hsync; one RPC.
  const us = 2500 + 2500 + 2000 + 2996 + 1300 + 2500
  w.run(us - 1)
  expect(w.accepted.size).toBe(0)
  w.run(us)
  expect(w.accepted.size).toBe(EDITS_PER_MIB)
})

test('a copier each: as many files are copied at a time', () => {
  const w = new EndpointWorld(make, { options: { rollSize: MIB, copiers: 2 } })
  w.store.outage = 'refuse'
  w.ship(1, 1, 1, 1, 1)
  w.run(MINUTE)
  expect(w.stagingFiles).toBe(5)
  expect(w.store.requests.LIST).toBeGreaterThan(2)
})
