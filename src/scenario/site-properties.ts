import { type Properties, type Property, parseProperty } from '../storage/configuration.js'
import { type Finding, finding } from './finding.js'
import { firstVariable } from './hadoop-variables.js'
import { indicesAt, keysAt, type Path, valueAt } from './path.js'
import { isPeerProperty, peerProperties } from './peer-properties.js'
import { complain, unknown } from './reading.js'
import { quote } from './source-text.js'

/**
 * Modelled properties of the `site` and of the peers' configurations of `data` whose text is not a
 * value of their type and range, and properties that a peer cannot have of its own.
 */
export function badProperties(data: unknown, properties: Properties): Finding[] {
  return [
    ...badValues(data, ['site'], properties),
    ...peerConfigurations(data).flatMap((path) => [
      ...notOfPeers(data, path, properties),
      ...badValues(data, path, peerProperties(properties)),
    ]),
  ]
}

/** The properties that `site`, peers and operations of a valid scenario set. */
export function namesOfProperties(scenario: unknown): string[] {
  return [['site'], ...peerConfigurations(scenario)].flatMap((path) => keysAt(scenario, path))
}

function badValues(data: unknown, holder: Path, properties: Properties): Finding[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    const path = [...holder, name]
    const text = valueAt(data, path)
    if (typeof text !== 'string' || parseProperty(property, text) !== null) return []
    // A variable that is left in a site is reported as such.
    if (holder[0] === 'site' && firstVariable(text) !== null) return []
    const message = `${quote(text)} is not a value of ${name}`
    return [finding(path, complain('bad-property', message, valuesOf(property)))]
  })
}

function notOfPeers(data: unknown, holder: Path, properties: Properties): Finding[] {
  return keysAt(data, holder)
    .filter((name) => !isPeerProperty(name))
    .map((name) => {
      const message = `${quote(name)} is not read from a peer's configuration`
      const names = Object.keys(peerProperties(properties))
      const complaint = unknown('bad-property', message, name, names)
      return { path: [...holder, name], part: 'key', complaint }
    })
}

/** Where `data` has a peer's own configuration. */
function peerConfigurations(data: unknown): Path[] {
  return [
    ...keysAt(data, ['peers']).map((id) => ['peers', id, 'configuration']),
    ...indicesAt(data, ['operations']).map((i) => ['operations', i, 'set', 'configuration']),
  ]
}

const NOUNS: Readonly<Record<Property['type'], string>> = {
  choice: 'one of',
  int: 'a whole number',
  float: 'a number',
  boolean: 'true or false',
  ms: 'a whole number of milliseconds',
  seconds: 'a whole number of seconds',
  duration: 'milliseconds, or a number ending in us, ms, s, m, h or d',
  bytes: 'a whole number of bytes, or one ending in k, m, g or t',
}

function valuesOf({ type, min, max, choices }: Property): string {
  const noun = NOUNS[type]
  if (choices !== undefined) return `${noun} ${choices.join(', ')}`
  if (min !== undefined && max !== undefined) return `${noun} from ${min} to ${max}`
  if (min !== undefined) return `${noun} of at least ${min}`
  return max === undefined ? noun : `${noun} of at most ${max}`
}
