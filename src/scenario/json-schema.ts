import { z } from 'zod'
import { scenarioSchema } from './schema.js'
import type { Vocabulary } from './vocabulary.js'

/** The part of JSON Schema that scenario files use. */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: JsonSchema | false
  readonly items?: JsonSchema
  readonly oneOf?: readonly JsonSchema[]
  readonly anyOf?: readonly JsonSchema[]
}

/** JSON Schema (draft 2020-12) of scenario files, for editors. */
export function scenarioJsonSchema(vocabulary: Vocabulary): object {
  return jsonSchemaOf(scenarioSchema(vocabulary))
}

export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input' }) as JsonSchema
}

/** The schema of the value at `path` of `data`; null if no schema allows anything there. */
export function schemaAt(
  root: JsonSchema,
  data: unknown,
  path: readonly (string | number)[],
): JsonSchema | null {
  let schema: JsonSchema | null = choose(root, data)
  let value = data
  for (const key of path) {
    if (schema === null) return null
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
    const below: JsonSchema | false | undefined =
      typeof key === 'number' ? schema.items : memberOf(schema, key)
    schema = below === undefined || below === false ? null : choose(below, value)
  }
  return schema
}

function memberOf(schema: JsonSchema, key: string): JsonSchema | false | undefined {
  const { properties = {}, additionalProperties } = schema
  return Object.hasOwn(properties, key) ? properties[key] : additionalProperties
}

/** Of the alternatives of a union the one whose constant key (`kind`, `profile`) `value` has. */
function choose(schema: JsonSchema, value: unknown): JsonSchema {
  const { oneOf, anyOf, ...common } = schema
  const options = oneOf ?? anyOf
  if (options === undefined) return schema
  const fits = (option: JsonSchema) =>
    Object.entries(option.properties ?? {}).every(([key, { const: constant }]) => {
      const given =
        typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
      if (constant === undefined || given === constant) return true
      return given === undefined && option.required?.includes(key) !== true
    })
  return { ...common, ...options.find(fits) }
}
