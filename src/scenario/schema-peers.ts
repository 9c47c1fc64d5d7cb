import { z } from 'zod'
import { endpointDocs } from '../replication/endpoints/endpoint-docs.js'
import { peerProperties } from './peer-properties.js'
import type { PeerSpec } from './scenario.js'
import { choice, names, optionalQuantity, quantity } from './schema-leaf.js'
import { propertiesSchema } from './schema-properties.js'
import type { Vocabulary } from './vocabulary.js'

type Endpoint = PeerSpec['endpoint']

const BUFFERING: Endpoint[] = ['staged-copy', 'dual-write', 'unsafe-flush', 'deferred-offset']
const STAGING: Endpoint[] = ['staged-copy', 'dual-write']

/** One of `peers:` in a file. */
export function peerSchema(vocabulary: Vocabulary): z.ZodType<PeerSpec> {
  return z
    .strictObject({
      endpoint: endpoint(),
      store: z.string().describe('Name of the store.'),
      enabled: z
        .boolean()
        .prefault(true)
        .describe('false: WALs are kept for the peer and not shipped until it is enabled.'),
      tables: peerTables().prefault(null),
      bandwidth: peerBandwidth().prefault('0 B/s'),
      configuration: peerConfiguration(vocabulary).prefault({}),
      ...fileOptions(),
      ...copyOptions(),
    })
    .transform(({ flushInterval, copyRate, purgePendingUploads, ...rest }) => ({
      ...rest,
      flushIntervalUs: flushInterval,
      copyBytesPerSecond: copyRate,
      purgePendingUploadsUs: purgePendingUploads,
    }))
}

/** The tables that a peer replicates. */
export function peerTables() {
  return names(1)
    .nullable()
    .describe('Names of the tables that are replicated (table-CFs); null is all.')
}

/** A peer's own bandwidth. */
export function peerBandwidth() {
  const doc = 'Bytes per second that each source ships; 0 B/s leaves it to the site.'
  return quantity('byteRate', doc, { min: 0, max: MOST_BYTES, says: 'a rate of at most 5 TiB/s' })
}

/** A peer's own configuration. */
export function peerConfiguration({ properties }: Vocabulary) {
  const doc = "The peer's own replication.source.* and offset update properties, over the site's."
  return propertiesSchema(peerProperties(properties), doc, false)
}

const MOST_BYTES = 5 * 1_099_511_627_776
const LONGEST_US = 400 * 86_400_000_000

function endpoint() {
  const docs = Object.entries(endpointDocs).map(([name, { doc }]): [string, string] => [name, doc])
  return choice(Object.fromEntries(docs) as Record<Endpoint, string>, 'How edits reach the store.')
}

function fileOptions() {
  return {
    rollSize: quantity('size', readBy('Bytes at which an open file is rolled.', BUFFERING), {
      min: 1,
      max: MOST_BYTES,
      says: 'a size from 1 B to 5 TiB',
    }).prefault('128 MiB'),
    flushInterval: quantity(
      'duration',
      readBy('Period at which open files of any size are closed.', BUFFERING),
      { min: 1000, max: LONGEST_US, says: 'a duration from 1 ms to 400 d' },
    ).prefault('5 min'),
    sync: choice(
      { hsync: 'on the disks of its DataNodes', hflush: 'in their page caches' },
      readBy('How a staged file is made safe before its edits are accepted.', STAGING),
    ).prefault('hsync'),
    perTable: z.boolean().prefault(false).describe('A file per table, not one for all.'),
    degrade: choice(
      { none: 'accept nothing', staging: 'accept on staging alone' },
      readBy('What is done while no object can be created.', ['dual-write']),
    ).prefault('none'),
    form: choice(
      {
        'hbase-29823': "the shipper's, and a hook before an offset closes the objects",
        'feature-branch': "the endpoint's own, with SUBMITTED and COMMITTED",
      },
      readBy('Whose thresholds and timer close files.', ['deferred-offset']),
    ).prefault('hbase-29823'),
  }
}

function copyOptions() {
  return {
    copiers: z
      .int()
      .min(1)
      .max(100)
      .prefault(3)
      .describe(readBy('Background copiers per server.', STAGING)),
    copyRate: optionalQuantity(
      'byteRate',
      readBy('Bytes per second of all copiers of a server; null: no limit.', STAGING),
      { min: 1, max: MOST_BYTES, says: 'a rate from 1 B/s to 5 TiB/s' },
    ),
    verify: z
      .boolean()
      .prefault(true)
      .describe(readBy('Look at the length (HEAD) before a staged file is deleted.', STAGING)),
    purgePendingUploads: optionalQuantity(
      'duration',
      'Age from which a starting endpoint aborts uploads that others left; null leaves them.',
      { min: 1_000_000, max: LONGEST_US, says: 'a duration from 1 s to 400 d' },
    ),
  }
}

/** All endpoints can be given all options, so that variants may swap them. */
function readBy(doc: string, endpoints: readonly Endpoint[]): string {
  return `${doc} Read by ${endpoints.join(', ')}.`
}
