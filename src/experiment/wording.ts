import type { OverSeeds } from './over-seeds.js'
import { formatCount, formatQuantity } from './quantities.js'

/** `a`, `a and b`, `a, b and c`. */
export function list(items: readonly string[]): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`
}

/** Variants of which the same is to be said. */
export interface Alike {
  text: string
  /** `a`, or `a`, `b` and `c`. */
  who: string
  several: boolean
}

/** Each distinct text once, in order of appearance, with the variants that it is true of. */
export function alike<T extends { variant: string }>(
  items: readonly T[],
  textOf: (item: T) => string,
): Alike[] {
  const groups = new Map<string, string[]>()
  for (const item of items) {
    const text = textOf(item)
    groups.set(text, [...(groups.get(text) ?? []), `\`${item.variant}\``])
  }
  return [...groups].map(([text, names]) => ({ text, who: list(names), several: names.length > 1 }))
}

/** The same in words: `text with a and b`. */
export function withVariants<T extends { variant: string }>(
  items: readonly T[],
  textOf: (item: T) => string,
): string[] {
  return alike(items, textOf).map(({ text, who }) => `${text} with ${who}`)
}

/** The first `most` items; those left out become one item that counts them. */
export function upTo(most: number, items: readonly string[]): string[] {
  if (items.length <= most + 1) return [...items]
  return [...items.slice(0, most), `${items.length - most} more`]
}

/** `1 edit`, `18,310 edits`. */
export function count(things: number, noun: string): string {
  return `${formatCount(things)} ${noun}${things === 1 ? '' : 's'}`
}

/** `least`…`most`, or the one text if both read the same. */
export function span(least: string, most: string): string {
  return least === most ? least : `${least}…${most}`
}

/** ` (12…80)`: the interval, or the range of the seeds where there is none; empty if constant. */
export function spread({ interval95, range, unit }: OverSeeds): string {
  if (range[0] === range[1]) return ''
  const [low, high] = interval95 ?? range
  return ` (${span(formatQuantity(low, unit), formatQuantity(high, unit))})`
}

/** `opening` 5 s with `a` (4 s…6 s) and 3 s with `b`: means of 5 runs, …. None without rows. */
export function sentenceOf(rows: readonly OverSeeds[], opening: string): string[] {
  if (rows.length === 0) return []
  const figures = withVariants(rows, (row) => formatQuantity(row.center, row.unit) + spread(row))
  return [`${opening} ${list(figures)}; ${pedigree(rows)}.`]
}

/** What figures of one metric are: `medians of 5 runs, ranges in brackets`. */
export function pedigree(rows: readonly OverSeeds[]): string {
  const seeds = rows.map((row) => row.seeds)
  const runs = span(String(Math.min(...seeds)), String(Math.max(...seeds)))
  if (runs === '1') return 'one run'
  const varying = rows.filter(({ range }) => range[0] !== range[1])
  if (varying.length === 0) return `the same in all ${runs} runs`
  const what = `${rows[0].statistic}${rows.length === 1 ? '' : 's'} of ${runs} runs`
  const ranged = varying.some(({ interval95 }) => interval95 === null)
  return `${what}, ${ranged ? 'ranges' : '95 % intervals'} in brackets`
}
