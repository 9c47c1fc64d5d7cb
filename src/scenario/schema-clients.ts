import { z } from 'zod'
import type { DistributionSpec } from '../kernel/distribution.js'
import type { BurstsSpec, WorkloadSpec } from './scenario.js'
import { ANY_RATE, drawn, optionalQuantity, quantity } from './schema-leaf.js'

const MOST_CLIENTS = 10_000
const MOST_TIMES = 1000

/** How the clients of a phase send, in a file. */
export function clientsSchema() {
  return {
    rate: optionalQuantity(
      'rate',
      'Operations per second of all clients together; with clients, what they aim at (-target).',
      ANY_RATE,
    ),
    clients: z
      .int()
      .min(1)
      .max(MOST_CLIENTS)
      .nullable()
      .prefault(null)
      .describe('Closed loop: so many clients, each of which sends when it has its last answer.'),
    thinkTime: drawn('duration', 'With clients: from an answer to the next operation.')
      .nullable()
      .prefault(null)
      .describe('With clients: from an answer to the next operation. Default: 0 s.'),
    arrivals: z
      .enum(['poisson', 'periodic'])
      .nullable()
      .prefault(null)
      .describe('poisson: independent users; periodic: evenly spaced. Without clients.'),
    bursts: burstsSchema().optional(),
  }
}

function burstsSchema() {
  return z
    .strictObject({
      every: quantity('duration', 'From the beginning of one burst to that of the next.'),
      for: quantity('duration', 'How long a burst lasts.'),
      times: z
        .number()
        .min(1)
        .max(MOST_TIMES)
        .describe('Open loop: times the rate. Closed loop: think time and pace pass so fast.'),
      from: optionalQuantity('duration', 'When the first begins; one `every` into the phase.'),
    })
    .describe('Times at which clients are more active.')
}

interface WrittenClients {
  readonly rate: number | null
  readonly clients: number | null
  readonly thinkTime: DistributionSpec | null
  readonly arrivals: WorkloadSpec['arrivals'] | null
  readonly bursts?: { every: number; for: number; times: number; from: number | null } | undefined
  readonly from: number
}

type Clients = Pick<WorkloadSpec, 'rate' | 'closedLoop' | 'arrivals' | 'bursts'>

/** @param issue told what of a key contradicts another, and what would not */
export function readClients(
  written: WrittenClients,
  issue: (key: string, message: string, expected: string) => void,
): Clients {
  const { rate, clients, thinkTime, arrivals, bursts } = written
  if (rate === null && clients === null) {
    issue('rate', 'nobody says how many operations come', 'rate: 300/s, or clients: 50')
  }
  if (clients === null && thinkTime !== null) {
    issue('thinkTime', 'who comes at a rate does not wait to think', 'clients: 50 with it')
  }
  if (clients !== null && arrivals !== null) {
    issue('arrivals', 'clients send when they have their answers', 'either arrivals or clients')
  }
  if (bursts !== undefined && (bursts.for === 0 || bursts.for > bursts.every)) {
    issue('bursts', 'a burst ends before the next begins', 'for above 0 s and at most every')
  }
  return {
    rate,
    ...(clients !== null && {
      closedLoop: { clients, thinkTime: thinkTime ?? { kind: 'constant', value: 0 } },
    }),
    arrivals: arrivals ?? 'poisson',
    ...(bursts !== undefined && { bursts: readBursts(bursts, written.from) }),
  }
}

function readBursts(
  bursts: NonNullable<WrittenClients['bursts']>,
  phaseFromUs: number,
): BurstsSpec {
  const { every, times, from } = bursts
  return { fromUs: from ?? phaseFromUs + every, everyUs: every, forUs: bursts.for, times }
}
