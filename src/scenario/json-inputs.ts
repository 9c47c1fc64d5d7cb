import { type JsonSchema, scenarioJsonSchema } from './json-schema.js'
import type { Vocabulary } from './vocabulary.js'

/**
 * The JSON Schema of scenario files as people write them, for editors: with the files that `site`
 * and `ycsb` may name, and one phase in place of the list of `workload`. The loader replaces all of
 * these before `scenarioJsonSchema` and the schema behind it are asked.
 */
export function editorJsonSchema(vocabulary: Vocabulary): object {
  const schema = scenarioJsonSchema(vocabulary)
  const { site = {}, workload = {} } = schema.properties ?? {}
  const phase = workload.items ?? {}
  const { ycsb = {} } = phase.properties ?? {}
  const ycsbOrFile = either(ycsb, [file('A workload file of YCSB, below the folder of this one.')])
  const { required = [], ...unneedy } = phase
  const properties = { ...phase.properties, ycsb: ycsbOrFile }
  // A file of YCSB can say all that a phase must have.
  const items = { ...unneedy, properties, anyOf: [{ required }, { required: ['ycsb'] }] }
  return {
    ...schema,
    properties: {
      ...schema.properties,
      site: either(site, [
        file(SITE),
        { type: 'array', description: 'Later ones over earlier ones.', items: { anyOf: MEMBERS } },
      ]),
      workload: either({ ...workload, items }, [PHASE]),
    },
  }
}

const SITE = 'An hbase-site.xml, core-site.xml or hdfs-site.xml, below the folder of this one.'
const MEMBERS = [{ $ref: '#/properties/site/anyOf/0' }, { type: 'string', description: SITE }]
const PHASE = { $ref: '#/properties/workload/anyOf/0/items' }

function file(description: string): object {
  return { type: 'string', description }
}

/** `schema` or one of `others`, under the description of the first. */
function either({ description, default: initial, ...first }: JsonSchema, others: object[]): object {
  return {
    ...(description !== undefined && { description }),
    ...(initial !== undefined && { default: initial }),
    anyOf: [first, ...others],
  }
}
