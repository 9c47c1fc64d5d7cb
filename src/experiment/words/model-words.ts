import { describeParameter } from '../../scenario/describe-parameter.js'
import { sentence } from '../../scenario/sentence.js'
import type { Vocabulary } from '../../scenario/vocabulary.js'
import type { Property } from '../../storage/configuration.js'
import type { Parameter, Parameters, Quantity } from '../../storage/parameter.js'
import type { Word } from './word.js'

const QUANTITIES: Readonly<Record<Quantity, string>> = {
  duration: 'duration',
  size: 'size',
  rate: 'bytes per second',
  factor: 'factor',
  count: 'whole number',
  probability: 'probability',
  price: 'US dollars',
}

/** Parameters of the cluster and of all profiles: one word for each that is the same in several. */
export function parameterWords(vocabulary: Vocabulary): Word[] {
  const { clusterParameters, hdfsProfiles, storeProfiles } = vocabulary
  return [
    ...wordsOf('cluster', { '': clusterParameters }),
    ...wordsOf('cluster.hdfs', hdfsProfiles),
    ...wordsOf('stores.<store>', storeProfiles),
  ]
}

function wordsOf(path: string, profiles: Readonly<Record<string, Parameters>>): Word[] {
  const alike = new Map<string, { name: string; parameter: Parameter; profiles: string[] }>()
  for (const [profile, parameters] of Object.entries(profiles)) {
    for (const [name, parameter] of Object.entries(parameters)) {
      const key = JSON.stringify([name, parameter])
      const word = alike.get(key) ?? { name, parameter, profiles: [] }
      alike.set(key, { ...word, profiles: [...word.profiles, ...(profile ? [profile] : [])] })
    }
  }
  return [...alike.values()].map(({ name, parameter, profiles: of }) => ({
    word: `${path}.${name}`,
    kind: 'parameter',
    text: sentence(parameter.doc),
    default: describeParameter(parameter),
    unit: QUANTITIES[parameter.quantity],
    source: parameter.source,
    grade: parameter.grade,
    ...(of.length > 0 && { more: { 'Of profiles': of.join(', ') } }),
  }))
}

/** Profiles of HDFS and of stores, with the names of their parameters. */
export function profileWords(vocabulary: Vocabulary): Word[] {
  const { hdfsProfiles, storeProfiles, profileDocs = {} } = vocabulary
  const words = (profiles: Readonly<Record<string, Parameters>>, path: string): Word[] =>
    Object.entries(profiles).map(([name, parameters]) => ({
      word: name,
      kind: 'profile',
      text: profileDocs[name] ?? 'Named set of parameters.',
      where: [`${path}.profile`],
      more: { Parameters: Object.keys(parameters).join(', ') },
    }))
  return [...words(hdfsProfiles, 'cluster.hdfs'), ...words(storeProfiles, 'stores.<store>')]
}

const TYPES: Readonly<Record<Property['type'], string>> = {
  int: 'whole number',
  float: 'number',
  boolean: 'true or false',
  choice: 'one of several words',
  ms: 'whole number of milliseconds',
  seconds: 'whole number of seconds',
  duration: 'milliseconds, or with a unit: us, ms, s, m, h, d',
  bytes: 'bytes, or with k, m, g, t',
}

/** Properties that the model reads, by their real names. */
export function propertyWords({ properties }: Vocabulary): Word[] {
  return Object.entries(properties).map(([name, property]) => {
    const { type, value, choices, doc, source } = property
    return {
      word: name,
      kind: 'property',
      text: sentence(doc),
      default: value === null ? 'derived from others' : `${value}`,
      unit: TYPES[type],
      ...rangeOf(property),
      ...(choices && { choices: Object.fromEntries(choices.map((choice) => [choice, ''])) }),
      source,
      where: ['site'],
    }
  })
}

/** Fixes of HBase that can be taken out. */
export function fixWords({ fixes = {} }: Vocabulary): Word[] {
  return Object.entries(fixes).map(([issue, bug]) => ({
    word: issue,
    kind: 'fix',
    text: `Without its fix, ${bug}.`,
    where: ['unfixed'],
  }))
}

function rangeOf({ min, max }: Property): { range?: string } {
  if (min === undefined) return max === undefined ? {} : { range: `at most ${max}` }
  return { range: max === undefined ? `at least ${min}` : `${min} to ${max}` }
}
