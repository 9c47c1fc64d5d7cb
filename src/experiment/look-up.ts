import { nearestName } from '../scenario/nearest.js'
import { type Kind, kinds, lastName, type Word } from './words/word.js'

/**
 * The meanings of `query`: a word, a path such as `peers.backup.rpo["cluster-loss"].p99Us`, the last
 * name of a path, one of the alternatives of a key, or the end of a property's name. Upper and lower
 * case count as equal; who writes it exactly comes first, then the order of kinds. Empty if unknown.
 */
export function lookUp(words: readonly Word[], query: string): Word[] {
  const asked = normalized(query)
  const named = words.filter(({ kind }) => kind !== 'simplification')
  const isNamed = (word: Word) => namesOf(word).some((name) => alike(name, asked))
  const isSpoken = named.some((word) => SPEAKING.has(word.kind) && isNamed(word))
  const isChoice = ({ choices = {} }: Word) =>
    !isSpoken && Object.keys(choices).some((name) => alike(name, asked))
  const ways: ((word: Word) => boolean)[] = [
    (word) => isNamed(word) || isChoice(word),
    (word) => namesOf(word).some((name) => fits(name, asked)),
    ({ word, kind }) => kind === 'property' && alike(word.slice(-asked.length - 1), `.${asked}`),
  ]
  for (const way of ways) {
    const found = named.filter(way)
    if (found.length > 0) return sorted(found, asked)
  }
  return []
}

/** Kinds whose words are alternatives of keys, and say more than the keys do. */
const SPEAKING: ReadonlySet<Kind> = new Set(['endpoint', 'fault', 'operation', 'profile'])

/** The simplifications that belong to any of `found`. */
export function simplificationsOf(words: readonly Word[], found: readonly Word[]): Word[] {
  const names = new Set(found.flatMap((word) => namesOf(word)))
  return words.filter(({ kind, see = [] }) => {
    return kind === 'simplification' && see.some((name) => names.has(name))
  })
}

/** Words near an unknown one: the nearest by letters, else those that have it in their name. */
export function nearWords(words: readonly Word[], query: string): string[] {
  const plurals = Object.values(kinds).map(({ plural }) => plural)
  const names = words.flatMap((word) => (word.kind === 'simplification' ? [] : namesOf(word)))
  const known = [...new Set([...names, ...plurals])].filter((name) => !name.includes('<'))
  const nearest = nearestName(query, known)
  if (nearest !== null) return [nearest]
  const part = query.toLowerCase()
  if (part.length < 3) return []
  return known.filter((name) => name.toLowerCase().includes(part)).slice(0, MOST_NEAR)
}

const MOST_NEAR = 5

/** The kind whose name or plural `query` is; null if there is none. */
export function kindNamed(query: string): Kind | null {
  for (const [kind, { plural }] of Object.entries(kinds)) {
    if (alike(plural, query)) return kind as Kind
  }
  return null
}

/** What a word is found by: it, its last name, and where it is if it is in several places. */
function namesOf({ word, kind, where = [] }: Word): string[] {
  switch (kind) {
    case 'property':
      return [word]
    case 'figure':
    case 'metric':
      return [word, lastName(word), ...where]
    case 'invariant':
    case 'law':
      return [word, ...where.map((holder) => `${holder}.${word}`)]
    case 'exit code':
      return [word, `exit code ${word}`]
    default:
      return [word, lastName(word)]
  }
}

/** Names in brackets follow a dot, numbers do not matter, and paths begin inside of a run. */
function normalized(query: string): string {
  return query
    .trim()
    .replace(/\[(?:"([^"]*)"|'([^']*)')\]/g, (_, double, single) => `.${double ?? single}`)
    .replace(/\[\d+\]/g, '[]')
    .replace(/^runs\[\]\./, '')
}

function alike(name: string, query: string): boolean {
  return name.toLowerCase() === query.toLowerCase()
}

/** Whether names in place of those in angle brackets make `query` out of `pattern`. */
function fits(pattern: string, query: string): boolean {
  // A quick look first: there are hundreds of patterns.
  if (!query.startsWith(pattern.split(/<|\[\]$/, 1)[0])) return false
  const whole = pattern.replace(/\[\]$/, '')
  const parts = whole.split(/<[^>]+>/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.+')}$`).test(query.replace(/\[\]$/, ''))
}

function sorted(found: readonly Word[], asked: string): Word[] {
  const order = Object.keys(kinds)
  const rank = (word: Word) => {
    return order.indexOf(word.kind) + (namesOf(word).includes(asked) ? 0 : order.length)
  }
  return [...found].sort((a, b) => rank(a) - rank(b))
}
