import type { Complaint, ProblemCode } from './bad-input.js'
import { nearestName } from './nearest.js'

/** The meaning of a piece of input, or what is wrong with it. */
export type Reading<T> = { readonly value: T } | { readonly complaint: Complaint }

export function bad(
  code: ProblemCode,
  message: string,
  expected = '',
  nearest: string | null = null,
): { complaint: Complaint } {
  return { complaint: complain(code, message, expected, nearest) }
}

export function complain(
  code: ProblemCode,
  message: string,
  expected = '',
  nearest: string | null = null,
): Complaint {
  return nearest === null ? { code, message, expected } : { code, message, expected, nearest }
}

const LONGEST_LIST = 12

/** `one of a, b, c`, empty for no names, cut where it would get too long to read. */
export function oneOf(names: readonly string[]): string {
  if (names.length <= 1) return names.join()
  if (names.length <= LONGEST_LIST) return `one of ${names.join(', ')}`
  return `one of ${names.slice(0, LONGEST_LIST).join(', ')}, … (${names.length} in all)`
}

/** The complaint that `name` is none of `names`. */
export function unknown(
  code: ProblemCode,
  message: string,
  name: string,
  names: readonly string[],
): Complaint {
  return complain(code, message, oneOf(names), nearestName(name, names))
}
