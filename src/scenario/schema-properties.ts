import { z } from 'zod'
import type { Properties, Property } from '../storage/configuration.js'
import { describe } from './describe.js'
import { VARIABLE } from './hadoop-variables.js'
import { bad } from './reading.js'
import { leaf } from './schema-leaf.js'
import { sentence } from './sentence.js'

/**
 * Properties by their real names. Values arrive as source text; the JSON Schema names the
 * `properties` that the model reads. Variables such as `${hbase.rootdir}` are `expanded` or not.
 */
export function propertiesSchema(properties: Properties, description: string, expanded: boolean) {
  const known = Object.entries(properties).map(([name, property]) => {
    return [name, { ...docOf(property), ...jsonOf(property, expanded) }]
  })
  const value = leaf<string>(
    (text) => {
      if (typeof text === 'string') return { value: text }
      return bad('wrong-type', `${describe(text)} is not the value of a property`, 'one value')
    },
    { type: ['string', 'number', 'boolean'] },
  )
  return z.record(z.string(), value).meta({
    description,
    properties: Object.fromEntries(known),
  })
}

function docOf({ type, value, doc, source }: Property): object {
  const initial = value === null ? 'derived' : `${value}`
  return {
    description: `${sentence(doc)} Default: ${initial}${UNITS[type]}. Source: ${source}.`,
    ...(value !== null && { default: value }),
  }
}

/** What an editor needs to know of a value, which a file may have as a text or as it is. */
function jsonOf({ type, choices, min, max }: Property, expanded: boolean): object {
  const variable = VARIABLE.source
  if (type === 'choice' || type === 'boolean') {
    const words =
      type === 'choice'
        ? { type: 'string', enum: choices }
        : { enum: [true, false, 'true', 'false'] }
    return expanded ? { anyOf: [words, { type: 'string', pattern: variable }] } : words
  }
  return {
    type: [type === 'float' ? 'number' : 'integer', 'string'],
    ...(min !== undefined && { minimum: min }),
    ...(max !== undefined && { maximum: max }),
    pattern: expanded ? `${PATTERNS[type]}|${variable}` : PATTERNS[type],
  }
}

const UNITS: Readonly<Record<Property['type'], string>> = {
  int: '',
  float: '',
  boolean: '',
  choice: '',
  ms: ' ms',
  duration: ' ms',
  seconds: ' s',
  bytes: ' bytes',
}

const WHOLE = '^\\s*([+-]?\\d+|-?0[xX][\\da-fA-F]+)\\s*$'

/** What Hadoop reads from a site file (`parseProperty`). */
const PATTERNS: Readonly<Record<Exclude<Property['type'], 'boolean' | 'choice'>, string>> = {
  int: WHOLE,
  ms: WHOLE,
  seconds: WHOLE,
  float: '^\\s*[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?[fFdD]?\\s*$',
  bytes: '^\\s*([+-]?\\d+[kmgtKMGT]?|-?0[xX][\\da-fA-F]+)\\s*$',
  duration: '^\\s*[+-]?\\d+(us|ms|s|m|h|d|US|MS|S|M|H|D)?\\s*$',
}
