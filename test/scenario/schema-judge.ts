import type { JsonSchema } from '../../src/scenario/json-schema.js'

interface FullSchema extends JsonSchema {
  readonly $ref?: string
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly format?: string
  readonly propertyNames?: { readonly pattern?: string }
  readonly minItems?: number
}

/** A judge of its own for the few keywords that the schema uses: what is wrong with `value`. */
export function violations(
  schema: FullSchema,
  value: unknown,
  at: string,
  root: JsonSchema = schema,
): string[] {
  const { $ref, oneOf, anyOf, ...rest } = schema
  if ($ref !== undefined) return violations(pointed(root, $ref), value, at, root)
  const options = oneOf ?? anyOf
  if (options === undefined) return simpleViolations(rest, value, at, root)
  const results = options.map((option) => violations(option, value, at, root))
  const own = simpleViolations(rest, value, at, root)
  if (results.some((found) => found.length === 0)) return own
  const meant = results.filter((found) => !found.includes(`${at} type`))
  return [...own, ...(meant.length === 1 ? meant[0] : [`${at} fits no alternative`])]
}

function pointed(root: JsonSchema, pointer: string): FullSchema {
  const keys = pointer.slice('#/'.length).split('/')
  return keys.reduce<unknown>((part, key) => Reflect.get(Object(part), key), root) as FullSchema
}

function simpleViolations(
  schema: FullSchema,
  value: unknown,
  at: string,
  root: JsonSchema,
): string[] {
  if ('const' in schema && schema.const !== value) return [`${at} const`]
  if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${at} enum`]
  const types = schema.type === undefined ? [] : [schema.type].flat()
  if (types.length > 0 && !types.some((type) => isOf(type, value))) return [`${at} type`]
  if (typeof value === 'number') {
    const { minimum = -Infinity, maximum = Infinity } = schema
    const { exclusiveMinimum: above = -Infinity, exclusiveMaximum: below = Infinity } = schema
    const fits = value >= minimum && value <= maximum && value > above && value < below
    return fits ? [] : [`${at} range`]
  }
  if (typeof value === 'string') {
    return new RegExp(schema.pattern ?? '').test(value) ? [] : [`${at} pattern`]
  }
  if (Array.isArray(value)) {
    const few = value.length < (schema.minItems ?? 0) ? [`${at} too few`] : []
    return [
      ...few,
      ...value.flatMap((item, i) => violations(schema.items ?? {}, item, `${at}.${i}`, root)),
    ]
  }
  return isOf('object', value)
    ? mapViolations(schema, value as Record<string, unknown>, at, root)
    : []
}

function mapViolations(
  schema: FullSchema,
  value: Record<string, unknown>,
  at: string,
  root: JsonSchema,
): string[] {
  const { properties = {}, required = [], additionalProperties, propertyNames } = schema
  const missing = required.filter((key) => value[key] === undefined)
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return [
    ...missing.map((key) => `${at} ${key} missing`),
    ...members.flatMap(([key, member]) => {
      const path = `${at}.${key}`
      if (!new RegExp(propertyNames?.pattern ?? '').test(key)) return [`${path} name`]
      const below = Object.hasOwn(properties, key) ? properties[key] : additionalProperties
      return below === false
        ? [`${at} ${key} unknown`]
        : violations(below ?? {}, member, path, root)
    }),
  ]
}

function isOf(type: string, value: unknown): boolean {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value)
  return typeof value === type
}
