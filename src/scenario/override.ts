import { applyPatches, enablePatches } from 'immer'
import type { Complaint } from './bad-input.js'
import { type JsonSchema, schemaAt } from './json-schema.js'
import { nearestName } from './nearest.js'
import { formatPath, type Path, parsePath, valueAt } from './path.js'
import { complain, oneOf, type Reading } from './reading.js'
import { quote } from './source-text.js'
import { isForbidden } from './yaml-data.js'

enablePatches()

/** The path of an override as text, e.g. `site["hbase.wal.hsync"]`. */
export function readOverridePath(text: string): Reading<Path> {
  const path = parsePath(text)
  if (path === null) {
    const expected = 'a path such as peers.backup.copiers, workload[0].rate or site["a.b"]'
    return { complaint: complain('bad-override', `${quote(text)} is not a path`, expected) }
  }
  const forbidden = path.find(isForbidden)
  if (forbidden === undefined) return { value: path }
  return { complaint: complain('forbidden-key', `${quote(`${forbidden}`)} cannot be a key`) }
}

/**
 * `data` with `value` at `path`, as an immer patch. All holders on the way must exist, or have a
 * default in `schema`; the last key may be new to a map, but not to a list.
 */
export function overrideAt(
  data: object,
  path: Path,
  value: unknown,
  schema: JsonSchema,
): Reading<object> {
  let result = data
  for (let depth = 1; depth < path.length; depth++) {
    const holder = path.slice(0, depth)
    if (valueAt(result, holder) !== undefined) continue
    const initial = schemaAt(schema, result, holder)?.default
    const unfit = isMap(initial)
      ? unfitKey(result, holder)
      : (dottedKey(result, path, depth) ?? missingHolder(result, holder))
    if (unfit !== null) return { complaint: unfit }
    result = patched(result, holder, initial)
  }
  const complaint = unfitKey(result, path)
  return complaint === null ? { value: patched(result, path, value) } : { complaint }
}

function patched(data: object, path: Path, value: unknown): object {
  const op = valueAt(data, path) === undefined ? 'add' : 'replace'
  return applyPatches(data, [{ op, path: [...path], value }])
}

/** Properties have dots in their names, which a path takes for steps: `site.hbase.wal.hsync`. */
function dottedKey(data: object, path: Path, depth: number): Complaint | null {
  const holder = path.slice(0, depth - 1)
  const ofProperties = holder.at(-1) === 'site' || holder.at(-1) === 'configuration'
  const rest = path.slice(depth - 1)
  if (!ofProperties || !isMap(valueAt(data, holder))) return null
  if (!rest.every((step) => typeof step === 'string')) return null
  const message = `${formatPath(path)} is read as a path of ${path.length} steps`
  const expected = `brackets around a name with dots: ${formatPath([...holder, rest.join('.')])}`
  return complain('bad-override', message, expected)
}

function missingHolder(data: object, path: Path): Complaint {
  const unfit = unfitKey(data, path)
  if (unfit !== null) return unfit
  const holder = valueAt(data, path.slice(0, -1))
  const name = `${path.at(-1)}`
  const names = isMap(holder) ? Object.keys(holder) : []
  const message = `there is no ${formatPath(path)} to override a part of`
  return complain('bad-override', message, oneOf(names), nearestName(name, names))
}

/** Why the last key of `path` cannot be: a word in a list, an index beyond its end, a scalar. */
function unfitKey(data: object, path: Path): Complaint | null {
  const holder = valueAt(data, path.slice(0, -1))
  const key = path.at(-1)
  const where = path.length === 1 ? 'the scenario' : formatPath(path.slice(0, -1))
  if (Array.isArray(holder)) {
    if (typeof key === 'number' && key < holder.length) return null
    const expected =
      holder.length === 0 ? 'none here' : `an index from [0] to [${holder.length - 1}]`
    const message = `${where} is a list of ${holder.length} without ${quote(`${key}`)}`
    return complain('bad-override', message, expected)
  }
  if (!isMap(holder)) return complain('bad-override', `${where} is a single value without parts`)
  return typeof key === 'string'
    ? null
    : complain('bad-override', `${where} is a map: it has keys, no indices`)
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
