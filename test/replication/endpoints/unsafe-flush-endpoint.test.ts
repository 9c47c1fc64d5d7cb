import { expect, test } from 'vitest'
import { UnsafeFlushEndpoint } from '../../../src/replication/endpoints/unsafe-flush-endpoint.js'
import { endpointCases } from './endpoint-cases.js'
import { EDITS_PER_MIB, EndpointWorld, type MakeEndpoint, MINUTE } from './endpoint-world.js'
import { NEEDS_THE_STORE, NOT_STAGED } from './skips.js'

const make: MakeEndpoint = (context) => new UnsafeFlushEndpoint(context)

const PERMITTED = { 'hbase.unsafe.stream.capability.enforce': 'false' }

const claimed = (disaster: string) =>
  `${disaster} is claimed if confirmed edits survive it at every instant, and only then`

endpointCases(
  make,
  [
    NOT_STAGED,
    NEEDS_THE_STORE,
    {
      names: [
        claimed('region-server-crash'),
        claimed('data-node-crash'),
        claimed('rack-power-loss'),
        claimed('cluster-power-loss'),
        claimed('hdfs-loss'),
        claimed('cluster-loss'),
        'a batch that crosses a block boundary survives what is claimed',
        'what was confirmed before the server is killed survives it, whenever that is',
        'whoever claims the dead server’s queue brings everything into the store',
        'a second crash, of the server that claimed, loses nothing either',
        'uploads that the dead have left are aborted when an endpoint starts, if it is told to',
      ],
      reason: 'what it calls flushed is in the memory of the process',
    },
    {
      names: [
        ...['refuse', '500', 'timeout'].map(
          (outage) => `after an outage (${outage}) everything accepted is stored`,
        ),
        'an outage in which nothing is half done leaves no duplicates',
        'an answer that comes too late leads to duplicates, never to a loss',
        'bytes are conserved at every instant, and nothing is left behind',
        'a source that is created again, whenever that is, loses nothing',
      ],
      reason: 'an object that fails takes confirmed edits with it, and nothing has another copy',
    },
  ],
  { site: PERMITTED },
)

test('HBase’s check of the stream refuses to start it, and says why', () => {
  const w = new EndpointWorld(make)
  w.ship(1)
  w.run(MINUTE)
  expect(w.startFaults.length).toBeGreaterThan(1)
  expect(new Set(w.startFaults)).toEqual(
    new Set([
      'unsupported: the stream lacks the capability hflush, ' +
        'see hbase.unsafe.stream.capability.enforce',
    ]),
  )
  expect(w.accepted.size).toBe(0)
})

test('a flush that says that it does nothing lets nothing through', () => {
  const w = new EndpointWorld(make, {
    site: { ...PERMITTED, 'fs.s3a.downgrade.syncable.exceptions': 'false' },
  })
  w.ship(1)
  w.run(MINUTE)
  expect(w.accepted.size).toBe(0)
  expect(w.refusalsUs.length).toBeGreaterThan(10)
})

test('the false durability: confirmed within milliseconds, lost with the process', () => {
  const w = new EndpointWorld(make, { site: PERMITTED })
  w.ship(8, 8)
  w.run(MINUTE)
  expect(w.confirmed).toBe(16 * EDITS_PER_MIB)
  expect(w.endpoint.claims).toContain('cluster-loss')
  w.kill()
  w.claim()
  w.run(60 * MINUTE)
  expect(w.stored.size).toBe(0)
})
