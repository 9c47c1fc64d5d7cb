import { type JsonSchema, scenarioJsonSchema } from '../../src/scenario/json-schema.js'
import { defaultVocabulary } from '../../src/simulation/default-vocabulary.js'

const { properties = {} } = scenarioJsonSchema(defaultVocabulary)

/** The versions of HBase, older first. */
export function versions(): unknown[] {
  return (properties.hbase?.enum ?? []).filter((each) => typeof each === 'string').sort()
}

/** The schema of `key` of every entry of the map `list`. */
export function schemaOf(list: string, key: string): JsonSchema {
  const entry = properties[list]?.additionalProperties
  const found = typeof entry === 'object' ? entry.properties?.[key] : undefined
  if (found === undefined) throw new Error(`no ${key} in ${list}`)
  return found
}

/** The schema of those entries of `list` whose `key` is `name`. */
export function parameterOf(list: string, key: string, name: string): JsonSchema {
  const { items } = properties[list] ?? {}
  const kinds = items?.oneOf ?? items?.anyOf ?? []
  const found = kinds.find((kind) => kind.properties?.[key]?.const === name)
  if (found === undefined) throw new Error(`no ${name} in ${list}`)
  return found
}
