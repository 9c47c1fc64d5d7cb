import { z } from 'zod'
import { describe } from './describe.js'
import { bad } from './reading.js'
import type { FaultSpec, StoreOperation } from './scenario.js'
import { ANY_RATE, drawn, leaf, optionalQuantity, quantity } from './schema-leaf.js'

const at = drawn('duration', 'When it strikes; a distribution is drawn once per seed.')
const during = quantity('duration', 'How long it lasts.')
const store = z.string().describe('Name of the store.')
const server = z.string().describe('Name of the region server, e.g. rs1; any is drawn per seed.')

/** One of `faults:` in a file; each kind has its own keys. */
export function faultSchema(): z.ZodType<FaultSpec> {
  return z.discriminatedUnion('kind', [
    ...storeFaults(),
    ...serverFaults(),
    ...hdfsFaults(),
    z.strictObject({ kind: kind('cluster-loss', 'Clients, servers and HDFS end for good.'), at }),
  ])
}

function storeFaults() {
  const as = z.enum(['refuse', '500', '503', 'timeout']).meta({
    description: 'What clients see: connection refused, HTTP 500 or 503, or no answer.',
    // A file may have the numbers without quotes: their source text is what counts.
    type: ['string', 'number'],
    enum: ['refuse', '500', '503', 'timeout', 500, 503],
  })
  const factor = z.number().min(1).max(1e6).describe('What its latencies are multiplied by.')
  const rate = z.number().min(0).max(1).describe('Probability that a request fails.')
  const operation = z
    .enum(STORE_OPERATIONS)
    .nullable()
    .prefault(null)
    .describe('The only request that fails; all if left out.')
  const limit = quantity('rate', 'Requests per second that are served.', ANY_RATE)
  return [
    z
      .strictObject({
        kind: kind('store-outage', 'An external store fails every request.'),
        at,
        for: during,
        store,
        as,
      })
      .transform(renamed),
    z
      .strictObject({
        kind: kind('slow-store', 'An external store answers late.'),
        at,
        for: during,
        store,
        factor,
      })
      .transform(renamed),
    z
      .strictObject({
        kind: kind('store-errors', 'Some requests to an external store fail with HTTP 500.'),
        at,
        for: during,
        store,
        rate,
        operation,
      })
      .transform(renamed),
    z
      .strictObject({
        kind: kind('store-throttling', 'A store answers 503 to requests beyond a limit.'),
        at,
        for: during,
        store,
        limit,
      })
      .transform(renamed),
    z.strictObject({
      kind: kind('store-loss', 'All that a store holds is gone, and it refuses for good.'),
      at,
      store,
    }),
  ] as const
}

const STORE_OPERATIONS: StoreOperation[] = [
  'PUT',
  'Initiate',
  'UploadPart',
  'Complete',
  'LIST',
  'HEAD',
  'DELETE',
]

function serverFaults() {
  const downtime = quantity('duration', 'How long it is down.').prefault('60 s')
  return [
    z
      .strictObject({
        kind: kind('suspend-region-server', 'A long pause, as of a GC.'),
        at,
        for: during,
        server,
      })
      .transform(renamed),
    z
      .strictObject({
        kind: kind('delay-rpc', 'Calls to a server arrive late; its own to HDFS do not.'),
        at,
        for: during,
        server,
        delay: quantity('duration', 'How much later every call arrives.'),
      })
      .transform(({ delay, ...fault }) => ({ ...renamed(fault), delayUs: delay })),
    z.strictObject({ kind: kind('kill-region-server', 'The process ends at once.'), at, server }),
    z
      .strictObject({
        kind: kind('restart-region-server', 'Killed, and started again.'),
        at,
        for: downtime,
        server,
      })
      .transform(renamed),
    z.strictObject({ kind: kind('stop-region-server', 'A graceful stop.'), at, server }),
    z.strictObject({ kind: kind('abort-region-server', 'It aborts itself.'), at, server }),
  ] as const
}

function hdfsFaults() {
  const untilHealed = optionalQuantity('duration', 'How long; for good if left out.')
  return [
    z
      .strictObject({
        kind: kind('kill-data-node', 'The process of a DataNode ends; its disk stays.'),
        at,
        for: untilHealed,
        dataNode: z.string().describe('Name of the DataNode, e.g. dn1; any is drawn per seed.'),
      })
      .transform(renamed),
    z
      .strictObject({
        kind: kind('rack-power-loss', 'A rack is without power: what no disk holds is gone.'),
        at,
        for: untilHealed,
        rack: rack(),
      })
      .transform(renamed),
    z
      .strictObject({
        kind: kind('cluster-power-loss', 'All racks are without power.'),
        at,
        for: untilHealed,
      })
      .transform(renamed),
    z.strictObject({ kind: kind('hdfs-loss', 'All of HDFS is gone; servers abort.'), at }),
  ] as const
}

function rack() {
  return leaf<number | 'any'>(
    (value) => {
      if (value === 'any') return { value }
      if (typeof value === 'number' && Number.isInteger(value)) return { value }
      return bad('wrong-type', `${describe(value)} is not the number of a rack`, 'a number or any')
    },
    { type: ['integer', 'string'], description: 'Number of the rack from 1; any is drawn.' },
  )
}

function kind<K extends string>(name: K, doc: string) {
  return z.literal(name).describe(doc)
}

/** In the code a name says its unit. */
function renamed<T extends { for: number | null }>({ for: forUs, ...rest }: T) {
  return { ...rest, forUs } as Omit<T, 'for'> & { forUs: T['for'] }
}
