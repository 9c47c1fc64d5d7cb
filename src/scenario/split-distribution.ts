import { isCollection, isMap, isPair, isScalar } from 'yaml'
import type { Complaint } from './bad-input.js'
import { quote, type SourceText, type Span } from './source-text.js'

/**
 * Unquoted distributions inside `{ }`: YAML ends a plain scalar at a comma or bracket there, so
 * `{ at: uniform(1 min, 2 min) }` silently becomes a map of two keys, `at` and `2 min)`.
 */
export function findSplits(node: unknown, source: SourceText): Span[] {
  if (isPair(node)) return [...findSplits(node.key, source), ...findSplits(node.value, source)]
  if (!isCollection(node)) return []
  const inside = node.items.flatMap((item) => findSplits(item, source))
  if (!isMap(node) || node.flow !== true) return inside
  const here = node.items.map((pair) => splitAt(pair.value, source)).filter((span) => span !== null)
  return [...here, ...inside]
}

export function splitComplaint({ source, from, to }: Span): Complaint {
  const message = 'an unquoted distribution inside { } ends at its comma'
  const expected = `quotes: ${quote(source.text.slice(from, to))}`
  return { code: 'split-distribution', message, expected }
}

/** The text with each split turned into one harmless scalar at the same place. */
export function maskSplits(text: string, splits: readonly Span[]): string {
  let masked = text
  for (const { from, to } of splits) {
    const inside = masked.slice(from, to).replace(/[^A-Za-z0-9]/g, '_')
    masked = masked.slice(0, from) + inside + masked.slice(to)
  }
  return masked
}

function splitAt(value: unknown, source: SourceText): Span | null {
  if (!isScalar(value) || value.type !== 'PLAIN' || !value.range) return null
  const plain = source.text.slice(value.range[0], value.range[1])
  if (!/^[A-Za-z]+\(/.test(plain)) return null
  const from = value.range[0]
  let open = 0
  for (let at = from; at < source.text.length; at++) {
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
