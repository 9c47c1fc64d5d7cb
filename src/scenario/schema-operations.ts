import { z } from 'zod'
import type { OperationSpec, PeerConfigChange } from './scenario.js'
import { drawn, quantity } from './schema-leaf.js'
import { peerBandwidth, peerConfiguration, peerTables } from './schema-peers.js'
import type { Vocabulary } from './vocabulary.js'

const at = drawn('duration', 'When it is done; a distribution is drawn once per seed.')
const peer = z.string().describe('Id of the peer.')
const table = z.string().describe('Name of the table.')
const server = z.string().describe('Name of the region server, e.g. rs1; any is drawn per seed.')

/** One of `operations:` in a file; each has its own keys. */
export function operationSchema(vocabulary: Vocabulary): z.ZodType<OperationSpec> {
  return z.discriminatedUnion('do', [
    z.strictObject({ do: what('disable-peer', 'Ships nothing more, keeps its WALs.'), at, peer }),
    z.strictObject({ do: what('enable-peer', 'Ships again, from its last offset.'), at, peer }),
    z.strictObject({
      do: what('add-peer', 'A peer of the scenario, which does not exist before.'),
      at,
      peer,
    }),
    z.strictObject({ do: what('remove-peer', 'Its queues are deleted.'), at, peer }),
    z.strictObject({
      do: what('update-peer-config', 'Sources start anew if it matters to them.'),
      at,
      peer,
      set: peerConfigChange(vocabulary),
    }),
    z.strictObject({ do: what('roll-wal', 'Every WAL group of a server rolls.'), at, server }),
    z.strictObject({
      do: what('empty-wal', 'A WAL of length 0 is left in the queues, as by a crash in a roll.'),
      at,
      server,
    }),
    z.strictObject({ do: what('flush', 'Every region of a table is flushed.'), at, table }),
    z.strictObject({ do: what('compact', 'Compactions are asked for.'), at, table }),
    z.strictObject({ do: what('major-compact', 'All files become one.'), at, table }),
    z.strictObject({
      do: what('move', 'A region is closed where it is and opened elsewhere.'),
      at,
      table,
      region: z.int().min(0).describe('Number of the region in its table, from 0.'),
      server,
    }),
    z.strictObject({
      do: what('bulk-load', 'HFiles that were written elsewhere join the table.'),
      at,
      table,
      bytes: quantity('size', 'Bytes in all, spread evenly over the regions.'),
    }),
  ])
}

function peerConfigChange(vocabulary: Vocabulary): z.ZodType<PeerConfigChange> {
  return z
    .strictObject({
      configuration: peerConfiguration(vocabulary).exactOptional(),
      bandwidth: peerBandwidth().exactOptional(),
      tables: peerTables().exactOptional(),
    })
    .describe('What changes; all else stays.')
}

function what<K extends string>(name: K, doc: string) {
  return z.literal(name).describe(doc)
}
