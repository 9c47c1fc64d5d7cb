import { z } from 'zod'
import { type Comparison, readComparison } from './comparison.js'
import { isDate } from './date.js'
import { describe } from './describe.js'
import { bad, complain } from './reading.js'
import type { Scenario } from './scenario.js'
import { clusterSchema, storeSchema } from './schema-cluster.js'
import { faultSchema } from './schema-faults.js'
import { leaf, names, quantity } from './schema-leaf.js'
import { operationSchema } from './schema-operations.js'
import { peerSchema } from './schema-peers.js'
import { propertiesSchema } from './schema-properties.js'
import { tableSchema, workloadSchema } from './schema-workload.js'
import type { Vocabulary } from './vocabulary.js'

/** All that a scenario file says: the scenario, its variants and what is expected of them. */
export interface ScenarioDocument extends Scenario {
  lesson: string
  /** Override paths and values of each variant, as written. */
  variants: Record<string, Record<string, unknown>>
  expect: { that: Comparison; variants: string[] | null }[]
}

export const MOST_VARIANTS = 100
export const MOST_OVERRIDES = 200

const LONGEST = { min: 1, max: 400 * 86_400_000_000, says: 'a duration from 1 us to 400 d' }
const AT_MOST = { ...LONGEST, min: 0, says: 'a duration of at most 400 d' }

const THAT =
  'path (== != < <= > >=) number with unit, another path, or the word held, violated or null.'
const SITE = 'Properties of HBase, Hadoop and S3A by their real names.'

/** The one schema of scenario files: what is valid, its defaults, its meaning in base units. */
export function scenarioSchema(vocabulary: Vocabulary): z.ZodType<ScenarioDocument> {
  return z
    .strictObject({
      name: entityName().describe('Name of the scenario; letters, digits, dots and dashes.'),
      description: z.string().prefault('').describe('What the scenario shows.'),
      lesson: z.string().prefault('').describe('What a reader should learn from it.'),
      seed: z.int().min(0).prefault(1).describe('Seed of all chance.'),
      duration: quantity('duration', 'When the workload stops.', LONGEST),
      warmup: quantity('duration', 'Simulated but not measured.', AT_MOST).prefault('0 s'),
      drain: quantity('duration', 'Longest wait for quiescence.', AT_MOST).prefault('2 h'),
      epoch: epoch().prefault('2026-01-01'),
      hbase: z
        .enum(['2.6', '3.0'])
        .prefault('2.6')
        // A file may have numbers: their source text is what counts.
        .meta({
          description: 'Version of HBase.',
          type: ['string', 'number'],
          enum: ['2.6', '3.0', 2.6, 3],
        }),
      site: propertiesSchema(vocabulary.properties, SITE, true).prefault({}),
      cluster: clusterSchema(vocabulary).prefault({}).describe('The HBase cluster.'),
      stores: named(storeSchema(vocabulary), 'External store.')
        .prefault({})
        .describe('External stores by name.'),
      tables: named(tableSchema(), 'Table.').describe('Tables by name.'),
      workload: z.array(workloadSchema()).min(1).max(1000).describe('Phases of client traffic.'),
      peers: named(peerSchema(vocabulary), 'Replication peer.')
        .prefault({})
        .describe('Replication peers by id.'),
      faults: z.array(faultSchema()).max(1000).prefault([]).describe('Faults at given times.'),
      operations: z
        .array(operationSchema(vocabulary))
        .max(1000)
        .prefault([])
        .describe('What an operator does, in any order.'),
      unfixed: unfixed(vocabulary).prefault([]),
      variants: variants().prefault({}),
      expect: expectations().prefault([]),
    })
    .transform(({ duration, warmup, drain, ...rest }) => {
      return { ...rest, durationUs: duration, warmupUs: warmup, drainUs: drain }
    })
}

function entityName() {
  return z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$/)
}

function named<T extends z.ZodType>(schema: T, doc: string) {
  return atMost(100, z.record(entityName(), schema.describe(doc)))
}

function atMost<T extends z.ZodType<Record<string, unknown>>>(most: number, schema: T): T {
  return schema.superRefine((value, context) => {
    const size = Object.keys(value).length
    if (size <= most) return
    const complaint = complain('out-of-range', `a map of ${size} names`, `at most ${most}`)
    context.addIssue({ code: 'custom', message: complaint.message, params: { complaint } })
  })
}

function epoch() {
  return leaf<string>(
    (value) => {
      if (typeof value === 'string' && isDate(value)) return { value }
      return bad('wrong-type', `${describe(value)} is not a date`, 'a date such as 2026-01-01')
    },
    { type: 'string', format: 'date', description: 'UTC date at which simulated time is 0.' },
  )
}

function unfixed({ fixes = {} }: Vocabulary) {
  const known = Object.entries(fixes).map(([id, doc]) => `${id}: ${doc}.`)
  return names().describe(['HBase issues whose fix is taken out again.', ...known].join(' '))
}

function variants() {
  const overrides = atMost(MOST_OVERRIDES, z.record(z.string(), z.unknown()))
  const variant = overrides.meta({
    description: 'Values by override path.',
    examples: [{ 'peers.backup.endpoint': 'direct', 'peers.backup.flushInterval': '1 min' }],
  })
  return atMost(MOST_VARIANTS, z.record(entityName(), variant)).describe('Variants by name.')
}

function expectations() {
  const that = leaf<Comparison>(
    (value) => {
      if (typeof value === 'string') return readComparison(value)
      return bad('wrong-type', `${describe(value)} is not a comparison`, 'path < value')
    },
    {
      type: 'string',
      description: THAT,
      examples: [
        'peers.backup.rpo["cluster-loss"].p50Us < 2 min',
        'peers.backup.disasters[0].lostEdits == 0',
        'invariants["confirmed edits of backup survive what backup claims"] == violated',
      ],
    },
  )
  const variants = z
    .array(z.string())
    .min(1)
    .nullable()
    .prefault(null)
    .describe('Only for these variants; all if left out.')
  const expectation = z.strictObject({ that, variants })
  return z.array(expectation).max(200).describe('What must hold in every run.')
}
