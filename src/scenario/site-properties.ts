import { type Properties, type Property, parseProperty } from '../storage/configuration.js'
import { type Finding, finding } from './finding.js'
import { complain } from './reading.js'
import { quote } from './source-text.js'

/** Modelled properties of `site` whose text is not a value of their type and range. */
export function badProperties(
  site: Readonly<Record<string, string>>,
  properties: Properties,
): Finding[] {
  return Object.entries(site).flatMap(([name, text]) => {
    if (!Object.hasOwn(properties, name)) return []
    const property = properties[name]
    if (parseProperty(property, text) !== null) return []
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
  bytes: 'a whole number of bytes, or one ending in k, m, g or t',
}

function valuesOf({ type, min, max }: Property): string {
  const noun = NOUNS[type]
  if (min !== undefined && max !== undefined) return `${noun} from ${min} to ${max}`
  if (min !== undefined) return `${noun} of at least ${min}`
  return max === undefined ? noun : `${noun} of at most ${max}`
}
