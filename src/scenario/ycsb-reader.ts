import type { Complaint } from './bad-input.js'
import type { JavaProperty } from './java-properties.js'
import { complain, unknown } from './reading.js'
import { quote, type Span } from './source-text.js'

/** Something wrong with a property, and where. */
export interface YcsbProblem {
  readonly span: Span
  readonly complaint: Complaint
}

/** Keys of a phase, and the properties that they come from. */
export interface PhaseKeys {
  readonly [key: string]: { readonly value: unknown; readonly from: string }
}

/** Reads the properties of a YCSB workload by their names, with YCSB's own defaults. */
export class YcsbReader {
  readonly problems: YcsbProblem[] = []
  readonly #properties: ReadonlyMap<string, JavaProperty>

  constructor(properties: ReadonlyMap<string, JavaProperty>) {
    this.#properties = properties
  }

  /** True if the file sets `name`. */
  has(name: string): boolean {
    return this.#properties.has(name)
  }

  /** Where the file sets `name`. */
  span(name: string): Span | undefined {
    return this.#properties.get(name)?.valueSpan
  }

  text(name: string, initial: string): string {
    return this.#properties.get(name)?.value.trim() ?? initial
  }

  /** As Boolean.parseBoolean reads it: whatever is not true is false. */
  boolean(name: string, initial: boolean): boolean {
    return this.text(name, String(initial)).toLowerCase() === 'true'
  }

  /** A whole number; `initial` for what is none, which becomes a problem. */
  whole(name: string, initial: number, min: number, max: number): number {
    return this.#number(name, initial, min, max, /^[+-]?\d{1,15}$/, 'a whole number')
  }

  number(name: string, initial: number, min: number, max: number): number {
    const pattern = /^[+-]?(?:\d{1,15}\.?\d{0,15}|\.\d{1,15})(?:e-?\d{1,2})?$/i
    return this.#number(name, initial, min, max, pattern, 'a number')
  }

  choice<T extends string>(name: string, initial: T, choices: readonly T[]): T {
    const text = this.text(name, initial)
    const choice = choices.find((one) => one === text)
    if (choice !== undefined) return choice
    const message = `${quote(text)} is not a value of ${name}`
    this.complain(name, unknown('bad-workload', message, text, choices))
    return initial
  }

  /** Adds what is wrong with `name`; where it is not set nothing can be. */
  complain(name: string, complaint: Complaint): void {
    const span = this.span(name)
    if (span !== undefined) this.problems.push({ span, complaint })
  }

  #number(
    name: string,
    initial: number,
    min: number,
    max: number,
    pattern: RegExp,
    noun: string,
  ): number {
    const text = this.text(name, String(initial))
    const value = pattern.test(text) ? Number(text) : Number.NaN
    if (value >= min && value <= max) return value
    const message = `${quote(text)} is not a value of ${name}`
    this.complain(name, complain('bad-workload', message, `${noun} from ${min} to ${max}`))
    return initial
  }
}
