import { z } from 'zod'
import type { TableSpec, WorkloadSpec } from './scenario.js'
import { ANY_RATE, drawn, optionalQuantity, quantity } from './schema-leaf.js'

/** One of `tables:` in a file. */
export function tableSchema(): z.ZodType<TableSpec> {
  return z.strictObject({
    regions: z.int().min(1).max(100_000).describe('Regions, spread evenly over the servers.'),
    families: z
      .record(z.string(), z.number().gt(0).max(1))
      .prefault({ cf: 1 })
      .describe('Column families: the share of the bytes of a put that each takes; they sum to 1.'),
    size: quantity('size', 'Bytes of its HFiles when the run begins.').prefault('0 B'),
  })
}

function share(doc: string) {
  return z.number().min(0).max(1).prefault(0).describe(doc)
}

/** One phase of `workload:` in a file. */
export function workloadSchema(): z.ZodType<WorkloadSpec> {
  return z
    .strictObject({
      table: z.string().describe('Name of the table.'),
      mix: z
        .strictObject({
          put: share('Share of puts.'),
          get: share('Share of gets; valueSize does not matter to them.'),
          increment: share('Share of increments: an exclusive row lock, then a read and a write.'),
        })
        .prefault({ put: 1 })
        .describe('Shares of operations; they sum to 1.'),
      rate: quantity('rate', 'Operations per second of all clients together.', ANY_RATE),
      arrivals: z
        .enum(['poisson', 'periodic'])
        .prefault('poisson')
        .describe('poisson: independent users; periodic: evenly spaced.'),
      valueSize: drawn('size', 'Bytes of one value.', true),
      keys: z.enum(['zipfian', 'uniform']).prefault('zipfian').describe('Which keys are written.'),
      keyCount: z.int().min(1).max(1e10).prefault(1_000_000).describe('How many keys there are.'),
      from: quantity('duration', 'When the phase begins.').prefault('0 s'),
      until: optionalQuantity('duration', 'When the phase ends; the end of the run if left out.'),
    })
    .transform(({ from, until, ...rest }) => ({ ...rest, fromUs: from, untilUs: until }))
}
