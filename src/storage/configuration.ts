/** A property of HBase or Hadoop that the model reads, with its default and its pedigree. */
export interface Property {
  /** `duration`: milliseconds, or a number with a unit where Hadoop reads it so (`60s`). */
  readonly type: 'int' | 'float' | 'boolean' | 'ms' | 'seconds' | 'bytes' | 'duration' | 'choice'
  /** Default value in the property's own unit; null if HBase derives it. */
  readonly value: number | boolean | string | null
  /** The values of a `choice`. */
  readonly choices?: readonly string[]
  readonly min?: number
  readonly max?: number
  readonly doc: string
  readonly source: string
}

/** Properties by their real names, e.g. `hbase.regionserver.handler.count`. */
export type Properties = Readonly<Record<string, Property>>

/**
 * Hadoop's Configuration: properties that a site file or scenario set, over the defaults of the
 * code that reads them. Values are in the property's own unit (as in a real `hbase-site.xml`).
 */
export class Configuration {
  readonly #site: Readonly<Record<string, string>>

  constructor(site: Readonly<Record<string, string>> = {}) {
    this.#site = site
  }

  /** True if the site sets `key`. */
  isSet(key: string): boolean {
    return Object.hasOwn(this.#site, key)
  }

  /** The numeric value of `key` in its own unit, or its default in `properties`. */
  number(properties: Properties, key: string): number {
    const property = this.#property(properties, key)
    const value = this.isSet(key) ? parseProperty(property, this.#site[key] ?? '') : property.value
    if (typeof value !== 'number') throw new RangeError(`${key} has no numeric value`)
    return value
  }

  /** The choice that `key` makes, or its default in `properties`. */
  choice(properties: Properties, key: string): string {
    const property = this.#property(properties, key)
    const value = this.isSet(key) ? parseProperty(property, this.#site[key] ?? '') : property.value
    if (typeof value !== 'string') throw new RangeError(`${key} makes no known choice`)
    return value
  }

  /** The truth value of `key`, or its default in `properties`. */
  boolean(properties: Properties, key: string): boolean {
    const property = this.#property(properties, key)
    const value = this.isSet(key) ? parseProperty(property, this.#site[key] ?? '') : property.value
    return value === true
  }

  #property(properties: Properties, key: string): Property {
    const property = properties[key]
    if (property === undefined) throw new RangeError(`${key} is not a property of this registry`)
    return property
  }
}

const SIZE_SUFFIX: Readonly<Record<string, number>> = {
  k: 1024,
  m: 1_048_576,
  g: 1_073_741_824,
  t: 1_099_511_627_776,
}

const US_OF_DURATION_SUFFIX: Readonly<Record<string, number>> = {
  us: 1,
  ms: 1000,
  s: 1_000_000,
  m: 60_000_000,
  h: 3_600_000_000,
  d: 86_400_000_000,
}

/**
 * A property's value from its text as Hadoop reads it: whole numbers have no point and may be
 * hexadecimal (`Configuration.getInt`, `getLong`), sizes may end in k, m, g or t (`getLongBytes`),
 * durations in us, ms, s, m, h or d, parts of a millisecond being cut off (`getTimeDuration`). A size may be
 * written in either way, though Hadoop reads each in one of them only. Null if the text is not of
 * the property's type or outside its range.
 */
export function parseProperty(property: Property, text: string): number | boolean | string | null {
  const trimmed = text.trim()
  if (property.type === 'choice') return property.choices?.includes(trimmed) ? trimmed : null
  if (property.type === 'boolean') {
    if (/^true$/i.test(trimmed)) return true
    return /^false$/i.test(trimmed) ? false : null
  }
  if (property.type === 'duration') return inRange(property, parseDurationMs(trimmed))
  if (property.type === 'float') return inRange(property, parseDecimal(trimmed))
  const hexadecimal = /^(-?)(0x[\da-f]+)$/i.exec(trimmed)
  if (hexadecimal !== null) {
    return inRange(property, Number(hexadecimal[2]) * (hexadecimal[1] === '' ? 1 : -1))
  }
  const match = /^([+-]?\d+)([kmgt])?$/i.exec(trimmed)
  if (match === null) return null
  const suffix = match[2]?.toLowerCase()
  if (suffix !== undefined && property.type !== 'bytes') return null
  return inRange(
    property,
    Number(match[1]) * (suffix === undefined ? 1 : (SIZE_SUFFIX[suffix] ?? 1)),
  )
}

/** As Float.parseFloat reads decimals: `.4`, `4e-1` and `0.4f` are all the same. */
function parseDecimal(text: string): number | null {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)[fd]?$/i.exec(text)
  if (match === null) return null
  const value = Number(match[1])
  return Number.isFinite(value) ? value : null
}

function parseDurationMs(text: string): number | null {
  const match = /^([+-]?\d+)(us|ms|s|m|h|d)?$/i.exec(text)
  if (match === null) return null
  const unitUs = US_OF_DURATION_SUFFIX[match[2]?.toLowerCase() ?? 'ms'] ?? 1
  return Math.floor((Number(match[1]) * unitUs) / 1000)
}

function inRange(property: Property, value: number | null): number | null {
  if (value === null) return null
  if (property.min !== undefined && value < property.min) return null
  if (property.max !== undefined && value > property.max) return null
  return value
}
