import { isCollection, isMap, isPair, isScalar, type YAMLMap } from 'yaml'
import type { Complaint } from './bad-input.js'
import { quote, type SourceText, type Span } from './source-text.js'

/** Characters of a distribution that is worth finding the end of. */
const LONGEST = 1000

/**
 * Unquoted distributions inside `{ }`: YAML ends a plain scalar at a comma or bracket there, so
 * `{ at: uniform(1 min, 2 min) }` silently becomes a map of two keys, `at` and `2 min)`.
 */
export function findSplits(node: unknown, source: SourceText): Span[] {
  const splits: Span[] = []
  visit(node, (map) => {
    for (const { value } of map.items) {
      const split = splitAt(value, source)
      if (split !== null) splits.push(split)
    }
  })
  splits.sort((a, b) => a.from - b.from)
  return splits.filter(({ from }, i) => i === 0 || from >= splits[i - 1].to)
}

/** Calls `look` with each map in braces. */
function visit(node: unknown, look: (map: YAMLMap) => void): void {
  if (isPair(node)) {
    visit(node.key, look)
    visit(node.value, look)
  } else if (isCollection(node)) {
    if (isMap(node) && node.flow === true) look(node)
    for (const item of node.items) visit(item, look)
  }
}

export function splitComplaint({ source, from, to }: Span): Complaint {
  const message = 'an unquoted distribution inside { } ends at its comma'
  const expected = `quotes: ${quote(source.text.slice(from, to))}`
  return { code: 'split-distribution', message, expected }
}

/** The text with each split turned into one harmless scalar at the same place. */
export function maskSplits(text: string, splits: readonly Span[]): string {
  const pieces: string[] = []
  let end = 0
  for (const { from, to } of splits) {
    pieces.push(text.slice(end, from), text.slice(from, to).replace(/[^A-Za-z0-9]/g, '_'))
    end = to
  }
  return pieces.join('') + text.slice(end)
}

function splitAt(value: unknown, source: SourceText): Span | null {
  if (!isScalar(value) || value.type !== 'PLAIN' || !value.range) return null
  const plain = source.text.slice(value.range[0], value.range[1])
  if (!/^[A-Za-z]+\(/.test(plain)) return null
  const from = value.range[0]
  let open = 0
  const limit = Math.min(source.text.length, from + LONGEST)
  for (let at = from; at < limit; at++) {
    const character = source.text[at]
    if (character === '\n') return null
    if (open === 0 && (character === ',' || character === '}')) {
      const end = from + source.text.slice(from, at).trimEnd().length
      return end > value.range[1] ? { source, from, to: end } : null
    }
    if (character === '(' || character === '[') open++
    if (character === ')' || character === ']') open--
  }
  return null
}
