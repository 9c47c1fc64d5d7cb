import { type Alias, isAlias, isMap, isNode, isScalar, isSeq, type Node, type Pair } from 'yaml'
import { BadInput, type Complaint, type Problem, problemAt } from './bad-input.js'
import { type Path, parsePath } from './path.js'
import { quote, type Span } from './source-text.js'
import type { YamlDocument } from './yaml-document.js'

const DEEPEST = 64
const MOST_VALUES = 100_000
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype'])

/** True for a key that could reach into the prototypes of JavaScript's objects. */
export function isForbidden(key: string | number): boolean {
  return typeof key === 'string' && FORBIDDEN.has(key)
}

/**
 * The document as plain data. A value at a path that stands for text (`hbase`, `site.*`, names) is
 * its source text, so that `3.0` and `"3.0"` are equal. `at` is where the document will be put.
 *
 * @throws BadInput for aliases that lead nowhere or in a circle, keys that are no text
 */
export function dataOf(yaml: YamlDocument, at: Path = []): unknown {
  const reader = new Reader(yaml)
  const data = reader.read(yaml.document.contents, at)
  if (reader.problems.length > 0) throw new BadInput(reader.problems)
  return data
}

/** Where the key or the value at `path` stands; null if the document has nothing there. */
export function spanAt(yaml: YamlDocument, path: Path, part: 'key' | 'value'): Span | null {
  let node: unknown = yaml.document.contents
  let key: unknown = null
  for (const step of path) {
    const holder = follow(node, yaml)
    key = null
    if (isMap(holder)) {
      const pair = holder.items.find((item) => keyOf(item.key) === step)
      if (pair === undefined) return null
      key = pair.key
      node = pair.value
    } else if (isSeq(holder) && typeof step === 'number' && step < holder.items.length) {
      node = holder.items[step]
    } else {
      return null
    }
  }
  const empty = isScalar(node) && node.range?.[0] === node.range?.[1]
  return spanOf(part === 'key' && key !== null ? key : empty ? (key ?? node) : node, yaml)
}

class Reader {
  readonly problems: Problem[] = []
  readonly #open = new Set<unknown>()
  readonly #anchors = new Map<string, Node>()
  #expanding = 0
  #values = 0

  constructor(readonly yaml: YamlDocument) {}

  read(node: unknown, path: Path): unknown {
    this.#values++
    if (isAlias(node)) return this.#alias(node, path)
    // An alias means the latest anchor before it, so anchors count where they are first read.
    if (isNode(node) && node.anchor !== undefined && this.#expanding === 0) {
      this.#anchors.set(node.anchor, node)
    }
    if (isScalar(node)) return readsAsText(path) ? textOf(node) : node.value
    if (!isMap(node) && !isSeq(node)) return null
    if (this.#open.size >= DEEPEST) return this.#complain(node, 'too-deep', 'nested too deeply')
    // Aliases of aliases multiply: a few lines can stand for billions of values.
    if (this.#values > MOST_VALUES) {
      this.#complain(node, 'too-large', 'this makes too many values')
      throw new BadInput(this.problems)
    }
    this.#open.add(node)
    const data = isMap(node)
      ? this.#map(node.items, path)
      : node.items.map((item, i) => this.read(item, [...path, i]))
    this.#open.delete(node)
    return data
  }

  #map(pairs: Pair[], path: Path): Record<string, unknown> {
    const data: Record<string, unknown> = {}
    for (const { key, value } of pairs) {
      const name = keyOf(key)
      if (name === null || name === '') {
        this.#complain(key, 'bad-name', 'a key must be a name')
      } else if (isForbidden(name)) {
        this.#complain(key, 'forbidden-key', `${quote(name)} cannot be a key`)
      } else {
        data[name] = this.read(value, [...path, name])
      }
    }
    return data
  }

  #alias(node: Alias, path: Path): unknown {
    const target = this.#anchors.get(node.source)
    if (target === undefined) {
      return this.#complain(node, 'yaml-syntax', `no anchor ${quote(node.source)} before this`)
    }
    if (this.#open.has(target)) return this.#complain(node, 'yaml-syntax', 'this contains itself')
    this.#expanding++
    const data = this.read(target, path)
    this.#expanding--
    return data
  }

  #complain(node: unknown, code: Complaint['code'], message: string): null {
    const span = spanOf(node, this.yaml)
    if (this.problems.length < 20)
      this.problems.push(problemAt(span, { code, message, expected: '' }))
    return null
  }
}

/** The keys whose values are names or versions, wherever they stand. */
const TEXT_KEYS = new Set([
  ...['hbase', 'name', 'as', 'store', 'table', 'server', 'profile', 'kind'],
  ...['dataNode', 'do', 'peer', 'operation'],
])

/** Holders of names or of properties; `*` is any key or index. */
const TEXT_HOLDERS: readonly Path[] = [
  ['site'],
  ['site', '*'],
  ['expect', '*', 'variants'],
  ['peers', '*', 'tables'],
  ['peers', '*', 'configuration'],
  ['operations', '*', 'set', 'tables'],
  ['operations', '*', 'set', 'configuration'],
]

function readsAsText(path: Path): boolean {
  const [top, _name, third] = path
  if (top === 'variants' && typeof third === 'string') {
    const target = parsePath(third)
    return target !== null && readsAsText([...target, ...path.slice(3)])
  }
  const isHolder = (holder: Path) =>
    path.length === holder.length + 1 && holder.every((key, i) => key === '*' || key === path[i])
  if (TEXT_HOLDERS.some(isHolder)) return true
  const last = path.at(-1)
  return top !== 'site' && typeof last === 'string' && TEXT_KEYS.has(last)
}

function textOf(node: { value: unknown; source?: string; type?: string }): unknown {
  if (typeof node.value === 'string') return node.value
  return node.source === undefined || node.source === '' ? null : node.source
}

function keyOf(node: unknown): string | null {
  if (!isScalar(node)) return null
  return typeof node.value === 'string' ? node.value : (node.source ?? null)
}

function follow(node: unknown, yaml: YamlDocument): Node | null {
  if (isAlias(node)) return node.resolve(yaml.document) ?? null
  return (node ?? null) as Node | null
}

function spanOf(node: unknown, yaml: YamlDocument): Span {
  const range = (node as Node | null)?.range ?? [0, 1]
  // A whole map or list is pointed at, not underlined.
  const to = isMap(node) || isSeq(node) ? range[0] + 1 : range[1]
  return { source: yaml.source, from: range[0], to }
}
