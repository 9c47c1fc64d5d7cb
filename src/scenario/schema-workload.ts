import { z } from 'zod'
import { complain } from './reading.js'
import type { OperationShares, TableSpec, WorkloadSpec } from './scenario.js'
import { clientsSchema, readClients } from './schema-clients.js'
import { keysSchema, readKeys } from './schema-keys.js'
import { drawn, optionalQuantity, quantity } from './schema-leaf.js'

/** One of `tables:` in a file. */
export function tableSchema(): z.ZodType<TableSpec> {
  return z.strictObject({
    regions: z.int().min(1).max(100_000).describe('Regions, spread evenly over the servers.'),
    families: z
      .record(z.string(), z.number().gt(0).max(1))
      .prefault({ cf: 1 })
      .describe('Column families: the share of the bytes of a put that each takes; they sum to 1.'),
    size: quantity('size', 'Bytes of its HFiles when the run begins.').prefault('0 B'),
    durability: z
      .enum(['USE_DEFAULT', 'SKIP_WAL', 'ASYNC_WAL', 'SYNC_WAL', 'FSYNC_WAL'])
      .prefault('USE_DEFAULT')
      .describe(
        'DURABILITY of its writes. USE_DEFAULT: FSYNC_WAL with hbase.wal.hsync, else SYNC_WAL.',
      ),
    regionReplication: z
      .int()
      .min(1)
      .max(10)
      .prefault(1)
      .describe('REGION_REPLICATION: how many replicas each region has, the primary among them.'),
    memstoreReplication: z
      .boolean()
      .prefault(true)
      .describe('REGION_MEMSTORE_REPLICATION: replicas are sent edits; if not, markers alone.'),
    readOnly: z.boolean().prefault(false).describe('READONLY: nobody may write it.'),
  })
}

function share(doc: string) {
  return z.number().min(0).max(1).prefault(0).describe(doc)
}

/** YCSB's core workloads: shares of operations; D reads the latest keys, the others Zipfian ones. */
const YCSB: Readonly<Record<string, Partial<OperationShares>>> = {
  A: { get: 0.5, put: 0.5 },
  B: { get: 0.95, put: 0.05 },
  C: { get: 1 },
  D: { get: 0.95, put: 0.05 },
  E: { scan: 0.95, put: 0.05 },
  F: { get: 0.5, readModifyWrite: 0.5 },
}

const NO_SHARES: OperationShares = {
  put: 0,
  get: 0,
  multiget: 0,
  scan: 0,
  readModifyWrite: 0,
  increment: 0,
}

/** One phase of `workload:` in a file. */
export function workloadSchema(): z.ZodType<WorkloadSpec> {
  return z
    .strictObject({
      table: z.string().describe('Name of the table.'),
      ycsb: z
        .enum(['A', 'B', 'C', 'D', 'E', 'F'])
        .optional()
        .describe('A core workload of YCSB instead of a mix, with its keys if none are given.'),
      mix: mixSchema().optional(),
      ...clientsSchema(),
      valueSize: drawn('size', 'Bytes of one value.', true),
      ...keysSchema(),
      ...readsSchema(),
      from: quantity('duration', 'When the phase begins.').prefault('0 s'),
      until: optionalQuantity('duration', 'When the phase ends; the end of the run if left out.'),
    })
    .transform((written, context) => {
      const { ycsb, mix, from, until, scanLength, valueSize, keyCount, ...rest } = written
      const { table, consistency, replicaId, multigetKeys, scanRows, caching } = rest
      const issue = (key: string, message: string, expected: string) => {
        const complaint = complain('contradiction', message, expected)
        context.addIssue({ code: 'custom', path: [key], message, params: { complaint } })
      }
      if (ycsb !== undefined && mix !== undefined) {
        issue('mix', 'ycsb says what the mix is', 'either ycsb or mix')
      }
      const shares = ycsb === undefined ? (mix ?? { put: 1 }) : YCSB[ycsb]
      return {
        table,
        mix: { ...NO_SHARES, ...shares },
        ...readClients(written, issue),
        valueSize,
        ...readKeys(written, ycsb === 'D' ? 'latest' : 'zipfian', issue),
        keyCount,
        consistency,
        replicaId,
        multigetKeys,
        scanRows,
        ...(scanLength === 'zipfian' && { scanLength }),
        caching,
        fromUs: from,
        untilUs: until,
      }
    })
}

function mixSchema() {
  return z
    .strictObject({
      put: share('Share of puts.'),
      get: share('Share of gets; valueSize does not matter to them.'),
      multiget: share('Share of multigets: gets of several rows at once.'),
      scan: share('Share of scans.'),
      readModifyWrite: share('Share of gets that are followed by a put to the row.'),
      increment: share('Share of increments: an exclusive row lock, then a read and a write.'),
    })
    .describe('Shares of operations; they sum to 1. Puts alone if left out.')
}

/** How a phase reads. */
function readsSchema() {
  return {
    consistency: z
      .enum(['strong', 'timeline'])
      .prefault('strong')
      .describe('strong: reads ask primaries alone; timeline: any replica may answer.'),
    replicaId: z
      .int()
      .min(0)
      .max(9)
      .nullable()
      .prefault(null)
      .describe('The only replica that timeline gets and scans ask; null: the client chooses.'),
    multigetKeys: z.int().min(1).max(1000).prefault(10).describe('Rows of a multiget.'),
    scanRows: z
      .int()
      .min(1)
      .max(10_000)
      .prefault(100)
      .describe('Rows of a scan at most, from 1 on.'),
    scanLength: z
      .enum(['uniform', 'zipfian'])
      .prefault('uniform')
      .describe("How many rows a scan asks for: YCSB's scanlengthdistribution."),
    caching: z
      .int()
      .min(1)
      .max(10_000)
      .nullable()
      .prefault(null)
      .describe('Rows of one call of a scanner; null: all of its scan, as YCSB asks for them.'),
  }
}
