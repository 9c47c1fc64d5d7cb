import { z } from 'zod'
import type { PeerSpec, TableSpec, WorkloadSpec } from './scenario.js'
import { drawn, quantity } from './schema-leaf.js'

/** One of `tables:` in a file. */
export function tableSchema(): z.ZodType<TableSpec> {
  return z.strictObject({
    regions: z.int().min(1).max(100_000).describe('Regions, spread evenly over the servers.'),
  })
}

/** One phase of `workload:` in a file. */
export function workloadSchema(): z.ZodType<WorkloadSpec> {
  return z
    .strictObject({
      table: z.string().describe('Name of the table.'),
      mix: z
        .strictObject({ put: z.number().min(0).max(1).describe('Share of puts.') })
        .prefault({ put: 1 })
        .describe('Shares of operations; they sum to 1.'),
      rate: quantity('rate', 'Operations per second of all clients together.', {
        min: 1e-9,
        max: 1e9,
        says: 'a rate above 0/s, at most 1000000000/s',
      }),
      arrivals: z
        .enum(['poisson', 'periodic'])
        .prefault('poisson')
        .describe('poisson: independent users; periodic: evenly spaced.'),
      valueSize: drawn('size', 'Bytes of one value.', true),
      keys: z.enum(['zipfian', 'uniform']).prefault('zipfian').describe('Which keys are written.'),
      keyCount: z.int().min(1).max(1e10).prefault(1_000_000).describe('How many keys there are.'),
      from: quantity('duration', 'When the phase begins.').prefault('0 s'),
      until: quantity('duration', 'When the phase ends.')
        .nullable()
        .prefault(null)
        .describe('When the phase ends; the end of the run if left out.'),
    })
    .transform(({ from, until, ...rest }) => ({ ...rest, fromUs: from, untilUs: until }))
}

/** One of `peers:` in a file. */
export function peerSchema(): z.ZodType<PeerSpec> {
  return z
    .strictObject({
      endpoint: z.enum(['direct', 'staged-copy']).describe('How edits reach the store.'),
      store: z.string().describe('Name of the store.'),
      rollSize: quantity('size', 'Bytes at which an open file is rolled.', {
        min: 1,
        max: 5 * 1_099_511_627_776,
        says: 'a size from 1 B to 5 TiB',
      }).prefault('128 MiB'),
      flushInterval: quantity('duration', 'Period of the thread that rolls files of any size.', {
        min: 1000,
        max: 400 * 86_400_000_000,
        says: 'a duration from 1 ms to 400 d',
      }).prefault('5 min'),
      sync: z
        .enum(['hsync', 'hflush'])
        .prefault('hsync')
        .describe('How a staged file is made safe before its edits are accepted.'),
      copiers: z.int().min(1).max(100).prefault(3).describe('Background copiers per server.'),
    })
    .transform(({ flushInterval, ...rest }) => ({ ...rest, flushIntervalUs: flushInterval }))
}
