import { z } from 'zod'
import { invariant } from '../kernel/errors.js'
import type { Parameters, ParameterValues } from '../storage/parameter.js'
import type { ClusterSpec, StoreSpec } from './scenario.js'
import { choice, parameterLeaf, quantity } from './schema-leaf.js'
import type { Vocabulary } from './vocabulary.js'

/** `cluster:` in a file. */
export function clusterSchema(vocabulary: Vocabulary): z.ZodType<ClusterSpec> {
  const own = {
    regionServers: z.int().min(1).max(1000).prefault(3).describe('Region servers, rs1 to rsN.'),
    racks: z.int().min(1).max(1000).prefault(3).describe('Racks that servers are spread over.'),
    start: choice({
      steady: 'memstore fill and timer phases are drawn, as if it had run for days',
      cold: 'everything is empty and timers begin at 0',
    }).prefault('steady'),
    hdfs: hdfsSchema(vocabulary).prefault({}).describe('The HDFS that holds WALs and staging.'),
  }
  return z
    .strictObject({ ...own, ...parameterShape(vocabulary.clusterParameters, own) })
    .transform(({ regionServers, racks, start, hdfs, ...rest }) => {
      return { regionServers, racks, start, hdfs, parameters: given(rest) }
    })
}

function hdfsSchema(vocabulary: Vocabulary) {
  const dataNodes = z.int().min(1).max(10_000).prefault(5).describe('DataNodes of the HDFS.')
  return profiled(vocabulary, 'hdfsProfiles', { dataNodes }, 'hdfs-nvme').transform(
    ({ profile, dataNodes, ...rest }) => {
      return { dataNodes: Number(dataNodes), profile: String(profile), parameters: given(rest) }
    },
  )
}

/** One of `stores:` in a file. */
export function storeSchema(vocabulary: Vocabulary): z.ZodType<StoreSpec> {
  const retention = quantity('duration', 'How long objects are kept, for the monthly cost.')
  const own = { retention: retention.prefault('30 d') }
  return profiled(vocabulary, 'storeProfiles', own).transform(({ profile, retention, ...rest }) => {
    const retentionUs = Number(retention)
    return { profile: String(profile), retentionUs, parameters: given(rest) }
  })
}

/**
 * A map with a `profile`, the keys of `own`, and any parameter of that profile by its name. The
 * profile can be left out if there is an `initial` one.
 */
function profiled(
  vocabulary: Vocabulary,
  kind: 'hdfsProfiles' | 'storeProfiles',
  own: z.ZodRawShape,
  initial?: string,
): z.ZodType<{ profile: string } & Record<string, unknown>> {
  const [first, ...others] = Object.entries(vocabulary[kind]).map(([name, parameters]) => {
    const literal = z.literal(name)
    const optional = literal.optional().transform(() => name)
    const doc = vocabulary.profileDocs?.[name] ?? 'Named set of parameters.'
    const profile = (name === initial ? optional : literal).describe(doc)
    return z.strictObject({ profile, ...own, ...parameterShape(parameters, own) })
  })
  invariant(first !== undefined, 'a vocabulary has at least one profile of each kind')
  return z.discriminatedUnion('profile', [first, ...others])
}

/** Optional keys for `parameters`; only the vocabulary knows them, so the type names none. */
function parameterShape(parameters: Parameters, own: z.ZodRawShape): Record<never, z.ZodType> {
  const shape: Record<string, z.ZodType> = {}
  for (const [name, parameter] of Object.entries(parameters)) {
    invariant(!Object.hasOwn(own, name), `parameter ${name} has the name of a key`)
    shape[name] = parameterLeaf(parameter).optional()
  }
  return shape
}

/** The parameters that the file sets. */
function given(values: Record<string, unknown>): ParameterValues {
  const set = Object.entries(values).filter(([, value]) => value !== undefined)
  return Object.fromEntries(set) as ParameterValues
}
