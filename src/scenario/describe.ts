import { quote } from './source-text.js'

/** A value of a document as messages name it: `"text"`, `5`, `a list`, `nothing`. */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  if (typeof value === 'string') return quote(value)
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'a map' : `${value}`
}
