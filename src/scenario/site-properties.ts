import { type Properties, type Property, parseProperty } from '../storage/configuration.js'
import { type Finding, finding } from './finding.js'
import { valueAt } from './path.js'
import { complain } from './reading.js'
import { quote } from './source-text.js'

/** Modelled properties of the `site` of `data` whose text is not a value of their type and range. */
export function badProperties(data: unknown, properties: Properties): Finding[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    const text = valueAt(data, ['site', name])
    if (typeof text !== 'string' || parseProperty(property, text) !== null) return []
    const message = `${quote(text)} is not a value of ${name}`
    return [finding(['site', name], complain('bad-property', message, valuesOf(property)))]
  })
}

const NOUNS: Readonly<Record<Property['type'], string>> = {
  int: 'a whole number',
  float: 'a number',
  boolean: 'true or false',
  ms: 'a whole number of milliseconds',
  seconds: 'a whole number of seconds',
  duration: 'milliseconds, or a number ending in us, ms, s, m, h or d',
  bytes: 'a whole number of bytes, or one ending in k, m, g or t',
}

function valuesOf({ type, min, max }: Property): string {
  const noun = NOUNS[type]
  if (min !== undefined && max !== undefined) return `${noun} from ${min} to ${max}`
  if (min !== undefined) return `${noun} of at least ${min}`
  return max === undefined ? noun : `${noun} of at most ${max}`
}
