import { printable } from './source-text.js'

/** Where a value is in a document: keys of maps and indices of lists. */
export type Path = readonly (string | number)[]

const FIRST_NAME = /[A-Za-z_$][A-Za-z0-9_$-]*/
const NAME = /[A-Za-z0-9_$-]+/
const INDEX = /\[(\d{1,9})\]/
const QUOTED = /\[(?:"([^"\\\n]*)"|'([^'\\\n]*)')\]/

/**
 * The longest path that `text` starts with at `from`: `peers.backup.rpo["cluster-loss"]`,
 * `workload[0].rate`. Null if there is none or it breaks off.
 */
export function scanPath(text: string, from = 0): { path: Path; end: number } | null {
  const path: (string | number)[] = []
  let at = from
  for (;;) {
    const first = path.length === 0
    const key = first ? at : at + 1
    const dotted = first || text[at] === '.'
    const name = dotted ? matchAt(first ? FIRST_NAME : NAME, text, key) : null
    const index = first ? null : matchAt(INDEX, text, at)
    const quoted = matchAt(QUOTED, text, at)
    if (name !== null) {
      path.push(name[0])
      at = key + name[0].length
    } else if (index !== null) {
      path.push(Number(index[1]))
      at += index[0].length
    } else if (quoted !== null) {
      path.push(quoted[1] ?? quoted[2])
      at += quoted[0].length
    } else if (path.length === 0 || text[at] === '.' || text[at] === '[') {
      return null
    } else {
      return { path, end: at }
    }
  }
}

/** The path that is the whole of `text`, or null. */
export function parsePath(text: string): Path | null {
  const scan = scanPath(text)
  return scan !== null && scan.end === text.length ? scan.path : null
}

/** The text that `parsePath` reads as `path`; keys that are no plain words stand in brackets. */
export function formatPath(path: Path): string {
  let text = ''
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`
    else if (text === '' && isWhole(FIRST_NAME, key)) text += key
    else if (text !== '' && isWhole(NAME, key)) text += `.${key}`
    else text += `["${printable(key)}"]`
  }
  return text
}

export function startsWith(path: Path, prefix: Path): boolean {
  return prefix.length <= path.length && prefix.every((key, i) => key === path[i])
}

/** The value at `path` inside `data`; undefined if there is none. Only own properties count. */
export function valueAt(data: unknown, path: Path): unknown {
  let value = data
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = Reflect.get(value, key)
  }
  return value
}

/** The keys of the map at `path` inside `data`; none if there is no map. */
export function keysAt(data: unknown, path: Path): string[] {
  const value = valueAt(data, path)
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isMap ? Object.keys(value) : []
}

/** The indices of the list at `path` inside `data`; none if there is no list. */
export function indicesAt(data: unknown, path: Path): number[] {
  const value = valueAt(data, path)
  return Array.isArray(value) ? value.map((_, i) => i) : []
}

function isWhole(pattern: RegExp, text: string): boolean {
  return matchAt(pattern, text, 0)?.[0] === text
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  const sticky = new RegExp(pattern.source, 'y')
  sticky.lastIndex = at
  return sticky.exec(text)
}
