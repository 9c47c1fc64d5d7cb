import { z } from 'zod'
import type { FaultSpec } from './scenario.js'
import { drawn, quantity } from './schema-leaf.js'

/** One of `faults:` in a file; each kind has its own keys. */
export function faultSchema(): z.ZodType<FaultSpec> {
  const at = drawn('duration', 'When it strikes; a distribution is drawn once per seed.')
  const during = quantity('duration', 'How long it lasts.')
  return z.discriminatedUnion('kind', [
    z
      .strictObject({
        kind: z.literal('store-outage').describe('An external store fails every request.'),
        at,
        for: during,
        store: z.string().describe('Name of the store.'),
        as: z
          .enum(['refuse', '500', '503', 'timeout'])
          .describe('What clients see: connection refused, HTTP 500 or 503, or no answer.'),
      })
      .transform(({ for: forUs, ...rest }) => ({ ...rest, forUs })),
    z.strictObject({
      kind: z.literal('cluster-loss').describe('Clients, servers and HDFS end for good.'),
      at,
    }),
    z
      .strictObject({
        kind: z.literal('suspend-region-server').describe('A long pause, as of a GC.'),
        at,
        for: during,
        server: z.string().describe('Name of the region server, e.g. rs1.'),
      })
      .transform(({ for: forUs, ...rest }) => ({ ...rest, forUs })),
  ])
}
