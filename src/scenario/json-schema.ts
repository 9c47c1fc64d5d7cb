import { z } from 'zod'
import { scenarioSchema } from './schema.js'
import type { Vocabulary } from './vocabulary.js'

/** The part of JSON Schema that scenario files use. */
export interface JsonSchema {
  readonly title?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  /** What each of `enum` means; editors show it. */
  readonly enumDescriptions?: readonly string[]
  readonly examples?: readonly unknown[]
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: JsonSchema | false
  readonly items?: JsonSchema
  readonly oneOf?: readonly JsonSchema[]
  readonly anyOf?: readonly JsonSchema[]
}

/** JSON Schema (draft 7, as editors for YAML expect it) of scenario files. */
export function scenarioJsonSchema(vocabulary: Vocabulary): JsonSchema {
  return { title: 'Scenario of hbsim', ...titled(jsonSchemaOf(scenarioSchema(vocabulary))) }
}

export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    override: restored,
  }) as JsonSchema
}

/** A leaf says what its input is, though zod forgets examples and defaults of what it transforms. */
function restored({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodType; jsonSchema: object }) {
  const { examples, default: initial } = z.globalRegistry.get(zodSchema) ?? {}
  if (examples !== undefined) Object.assign(jsonSchema, { examples })
  if (initial !== undefined) Object.assign(jsonSchema, { default: initial })
}

/** With a title and a description for each alternative that a constant chooses: a fault, a profile. */
function titled(schema: JsonSchema): JsonSchema {
  const { properties, items, additionalProperties, oneOf, anyOf } = schema
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, below]) => [key, titled(below)]),
      ),
    }),
    ...(items && { items: titled(items) }),
    ...(additionalProperties && { additionalProperties: titled(additionalProperties) }),
    ...(oneOf && { oneOf: oneOf.map(alternative) }),
    ...(anyOf && { anyOf: anyOf.map(alternative) }),
  }
}

function alternative(schema: JsonSchema): JsonSchema {
  const chooser = constantOf(schema)
  if (chooser === null) return titled(schema)
  return { title: `${chooser.const}`, description: chooser.description ?? '', ...titled(schema) }
}

/** The key that chooses an alternative of a union. */
export function constantOf({ properties = {} }: JsonSchema): JsonSchema | null {
  return Object.values(properties).find((key) => key.const !== undefined) ?? null
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
