import type { Locator } from './locator.js'
import { keysAt, type Path, startsWith, valueAt } from './path.js'

/** `data` whose `workload`, in the base and in variants, is a list also where it is one phase. */
export function withListedPhases(
  data: object,
  locator: Locator,
): { data: object; locator: Locator } {
  const holders: Path[] = []
  const listed = (holder: unknown, path: Path): unknown => {
    const phase = valueAt(holder, ['workload'])
    if (typeof phase !== 'object' || phase === null || Array.isArray(phase)) return holder
    holders.push([...path, 'workload'])
    return { ...Object(holder), workload: [phase] }
  }
  const names = keysAt(data, ['variants'])
  const variants = names.map((name) => [
    name,
    listed(valueAt(data, ['variants', name]), ['variants', name]),
  ])
  let result = Object(listed(data, []))
  if (holders.some((path) => path.length > 1)) {
    result = { ...result, variants: Object.fromEntries(variants) }
  }
  return { data: result, locator: { find: (path, part) => locator.find(plain(path), part) } }

  /** The path in the document, which has no index there. */
  function plain(path: Path): Path {
    const holder = holders.find((one) => path.length > one.length && startsWith(path, one))
    if (holder === undefined) return path
    return [...holder, ...path.slice(holder.length + 1)]
  }
}
