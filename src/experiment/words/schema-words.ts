import { constantOf, type JsonSchema } from '../../scenario/json-schema.js'
import type { Vocabulary } from '../../scenario/vocabulary.js'
import { lastName, type Word } from './word.js'

/** Keys whose members have words of their own: properties by their real names. */
const PROPERTIES = new Set(['site', 'configuration'])

/** What stands for the names in a map of a scenario file. */
const NAMES: Readonly<Record<string, string>> = {
  stores: '<store>',
  tables: '<table>',
  peers: '<peer>',
  variants: '<variant>',
  families: '<family>',
}

/** A key as it was found at a place, for an alternative of a union or for all. */
interface Found {
  readonly path: string
  readonly schema: JsonSchema
  readonly required: boolean
  readonly of: string | null
}

/** Every key of a scenario file, once for each meaning. */
export function keyWords(schema: JsonSchema, vocabulary: Vocabulary): Word[] {
  const meanings = new Map<string, Found[]>()
  for (const found of keysOf(schema, '', parameterNames(vocabulary), null)) {
    const { path, schema: key } = found
    const meaning = JSON.stringify([path, key.const === undefined ? key.description : ''])
    meanings.set(meaning, [...(meanings.get(meaning) ?? []), found])
  }
  return [...meanings.values()].map(keyWord)
}

function keyWord(found: Found[]): Word {
  const [{ path, schema, required }] = found
  const alternatives = found.flatMap(({ of }) => of ?? [])
  const constants = found.flatMap(({ schema: key }) => (key.const === undefined ? [] : [key]))
  const choices = choicesOf(schema, constants)
  const [text, quantity] = textOf(schema).split(/ Write (.*)\.$/)
  return {
    word: path,
    kind: 'key',
    text:
      constants.length > 0 ? 'Which of several alternatives it is, each with its own keys.' : text,
    ...(schema.default !== undefined &&
      constants.length === 0 && { default: shown(schema.default) }),
    ...(constants.length === 0 && { unit: quantity ?? typeOf(schema) }),
    ...rangeOf(notNull(schema)),
    ...(choices && { choices }),
    more: {
      ...(alternatives.length > 0 && constants.length === 0 && { Of: alternatives.join(', ') }),
      ...(required && { Required: 'yes' }),
    },
  }
}

/** An alternative that a constant chooses, such as a fault: its meaning and its keys. */
export function alternativeWords(
  list: JsonSchema | undefined,
  kind: 'fault' | 'operation',
  path: string,
): Word[] {
  return (list?.items?.oneOf ?? list?.items?.anyOf ?? []).flatMap((option) => {
    const chooser = constantOf(option)
    if (chooser === null) return []
    const keys = Object.entries(option.properties ?? {}).filter(([, key]) => key !== chooser)
    const required = option.required ?? []
    const names = keys.map(([name]) => (required.includes(name) ? name : `${name} (optional)`))
    return {
      word: `${chooser.const}`,
      kind,
      text: chooser.description ?? '',
      where: [path],
      more: { Keys: names.join(', ') },
      see: keys.map(([name]) => `${path}.${name}`),
    }
  })
}

function* keysOf(
  schema: JsonSchema,
  path: string,
  skipped: ReadonlySet<string>,
  of: string | null,
): Generator<Found> {
  const { properties = {}, required = [], items, additionalProperties } = schema
  for (const [name, key] of Object.entries(properties)) {
    const below = path === '' ? name : `${path}.${name}`
    if (isParameter(path, name, skipped)) continue
    yield { path: below, schema: key, required: required.includes(name), of }
    if (!PROPERTIES.has(name)) yield* keysOf(key, below, skipped, null)
  }
  if (items) yield* keysOf(items, `${path}[]`, skipped, null)
  if (additionalProperties) {
    const name = NAMES[lastName(path)] ?? '<name>'
    yield* keysOf(additionalProperties, `${path}.${name}`, skipped, null)
  }
  for (const option of schema.oneOf ?? schema.anyOf ?? []) {
    const constant = constantOf(option)?.const
    yield* keysOf(option, path, skipped, constant === undefined ? of : `${constant}`)
  }
}

function isParameter(path: string, name: string, parameters: ReadonlySet<string>): boolean {
  return parameters.has(`${path}.${name}`)
}

function parameterNames(vocabulary: Vocabulary): Set<string> {
  const { clusterParameters, hdfsProfiles, storeProfiles } = vocabulary
  const below = (path: string, parameters: object) =>
    Object.keys(parameters).map((name) => `${path}.${name}`)
  return new Set([
    ...below('cluster', clusterParameters),
    ...Object.values(hdfsProfiles).flatMap((of) => below('cluster.hdfs', of)),
    ...Object.values(storeProfiles).flatMap((of) => below('stores.<store>', of)),
  ])
}

/** Its description, and what those of its alternatives add to it. */
function textOf({ description = '', anyOf = [] }: JsonSchema): string {
  return anyOf.reduce((text, { description: other = '' }) => {
    const [core] = other.split(' Write ')
    return `${text} ${text.includes(core) ? other.slice(core.length) : other}`
      .trim()
      .replace(/ +/g, ' ')
  }, description)
}

function choicesOf(schema: JsonSchema, constants: JsonSchema[]): Record<string, string> | null {
  if (constants.length > 0) {
    return Object.fromEntries(
      constants.map((key) => [`${key.const}`, constants.length > 8 ? '' : (key.description ?? '')]),
    )
  }
  const names = [schema, ...(schema.anyOf ?? [])].flatMap(({ enum: values = [], ...key }) =>
    // Numbers are other spellings of texts.
    values.flatMap((value, i): [string, string][] =>
      typeof value === 'string' ? [[value, key.enumDescriptions?.[i] ?? '']] : [],
    ),
  )
  return names.length === 0 ? null : Object.fromEntries(names)
}

/** What a value is unless it is null. */
function notNull(schema: JsonSchema): JsonSchema {
  const alternatives = (schema.anyOf ?? []).filter(({ type }) => type !== 'null')
  return alternatives.length === 1 ? alternatives[0] : schema
}

/** `number`, `text`, `list`, …: what YAML must have there. */
function typeOf(schema: JsonSchema): string {
  const { type, anyOf = [] } = schema
  if (type === undefined && anyOf.length > 0) {
    return [...new Set(anyOf.map((option) => typeOf(option)))].filter(Boolean).join(' or ')
  }
  return [type ?? []]
    .flat()
    .map((name) => TYPES[name] ?? name)
    .join(' or ')
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  boolean: 'true or false',
  array: 'list',
  object: 'map',
}

function rangeOf({ minimum, maximum }: JsonSchema): { range?: string } {
  const most = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum
  const least = minimum === -Number.MAX_SAFE_INTEGER ? undefined : minimum
  if (least === undefined) return most === undefined ? {} : { range: `at most ${most}` }
  return { range: most === undefined ? `at least ${least}` : `${least} to ${most}` }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
