import { invariant } from '../kernel/errors.js'

/**
 * `value` as JSON with sorted keys, so that equal values give equal bytes. Members that are
 * undefined are left out. `indent` spaces per level; 0 writes one line without blanks.
 *
 * @throws InternalError for what JSON cannot say: NaN, infinities, functions, symbols
 */
export function canonicalJson(value: unknown, indent = 0): string {
  return write(value, indent, '')
}

function write(value: unknown, indent: number, margin: string): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') {
    return JSON.stringify(value)
  }
  if (typeof value === 'number') {
    invariant(Number.isFinite(value), `JSON has no ${value}`)
    return JSON.stringify(value)
  }
  invariant(typeof value === 'object', `JSON has no ${typeof value}`)
  const inner = margin + ' '.repeat(indent)
  if (Array.isArray(value)) {
    return enclose(
      '[]',
      Array.from(value, (item) => write(item, indent, inner)),
      indent,
      margin,
    )
  }
  const colon = indent > 0 ? ': ' : ':'
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => JSON.stringify(key) + colon + write(member, indent, inner))
  return enclose('{}', members, indent, margin)
}

function enclose(brackets: string, items: string[], indent: number, margin: string): string {
  if (items.length === 0) return brackets
  const [open, close] = brackets
  if (indent === 0) return open + items.join(',') + close
  const inner = margin + ' '.repeat(indent)
  return `${open}\n${inner}${items.join(`,\n${inner}`)}\n${margin}${close}`
}
