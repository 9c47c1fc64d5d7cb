import { type Finding, finding } from './finding.js'
import { type Path, valueAt } from './path.js'
import { unknown } from './reading.js'
import { quote } from './source-text.js'

const DEFAULT_SERVERS = 3
const MOST_SERVERS = 1000
const MOST_FINDINGS = 200

/**
 * Names of stores, tables and servers that the scenario does not have. Works on the data as
 * written, whatever else is wrong with it, so that all problems show at once.
 */
export function danglingReferences(data: unknown): Finding[] {
  const findings: Finding[] = []
  const check = (path: Path, thing: string, holder: Path, names: readonly string[]) => {
    const name = valueAt(data, path)
    if (typeof name !== 'string' || names.includes(name)) return
    if (findings.length >= MOST_FINDINGS) return
    const complaint = unknown('unknown-name', `there is no ${thing} ${quote(name)}`, name, names)
    findings.push(finding(path, complaint, [holder]))
  }
  const stores = keysOf(valueAt(data, ['stores']))
  const tables = keysOf(valueAt(data, ['tables']))
  for (const i of indicesOf(valueAt(data, ['workload']))) {
    check(['workload', i, 'table'], 'table', ['tables'], tables)
  }
  for (const id of keysOf(valueAt(data, ['peers']))) {
    check(['peers', id, 'store'], 'store', ['stores'], stores)
  }
  const servers = serversOf(data)
  for (const i of indicesOf(valueAt(data, ['faults']))) {
    check(['faults', i, 'store'], 'store', ['stores'], stores)
    check(['faults', i, 'server'], 'region server', ['cluster', 'regionServers'], servers)
  }
  const variants = variantNames(data)
  for (const i of indicesOf(valueAt(data, ['expect']))) {
    for (const j of indicesOf(valueAt(data, ['expect', i, 'variants']))) {
      check(['expect', i, 'variants', j], 'variant', ['variants'], variants)
    }
  }
  return findings
}

/** The names of the runs: the base goes by its own name if no variant is without overrides. */
function variantNames(data: unknown): string[] {
  const names = keysOf(valueAt(data, ['variants']))
  const hasBase = names.some((name) => keysOf(valueAt(data, ['variants', name])).length === 0)
  return hasBase ? names : ['base', ...names]
}

/** The names of the region servers, `rs1` to `rsN`. */
function serversOf(data: unknown): string[] {
  const given = valueAt(data, ['cluster', 'regionServers'])
  const count = Number.isInteger(given) ? Number(given) : DEFAULT_SERVERS
  const length = Math.max(0, Math.min(MOST_SERVERS, count))
  return Array.from({ length }, (_, i) => `rs${i + 1}`)
}

function keysOf(value: unknown): string[] {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isMap ? Object.keys(value) : []
}

function indicesOf(value: unknown): number[] {
  return Array.isArray(value) ? value.map((_, i) => i) : []
}
