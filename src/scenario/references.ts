import { type Finding, finding } from './finding.js'
import { indicesAt, keysAt, type Path, valueAt } from './path.js'
import { complain, unknown } from './reading.js'
import { REGION_REPLICA_REPLICATION_PEER } from './region-replica-peer.js'
import { quote } from './source-text.js'

const DEFAULT_SERVERS = 3
const DEFAULT_RACKS = 3
const DEFAULT_DATA_NODES = 5
const MOST_NODES = 10_000
const MOST_FINDINGS = 200
/** What a misspelt name is compared with. */
const MOST_SUGGESTIONS = 1000

/**
 * Names of stores, tables, servers and the like that the scenario does not have. Works on the data
 * as written, whatever else is wrong with it, so that all problems show at once. `fixes` are the
 * issues whose fix can be taken out.
 */
export function danglingReferences(data: unknown, fixes: readonly string[]): Finding[] {
  const names = new References(data)
  for (const i of indicesAt(data, ['workload'])) {
    names.check(['workload', i, 'table'], names.tables)
  }
  for (const id of keysAt(data, ['peers'])) {
    names.check(['peers', id, 'store'], names.stores)
    names.checkAll(['peers', id, 'tables'], names.tables)
  }
  for (const i of indicesAt(data, ['faults'])) {
    names.check(['faults', i, 'store'], names.stores)
    names.check(['faults', i, 'server'], names.servers)
    names.check(['faults', i, 'dataNode'], names.dataNodes)
    names.checkRack(['faults', i, 'rack'])
  }
  for (const i of indicesAt(data, ['operations'])) {
    names.check(['operations', i, 'peer'], names.changeablePeers)
    names.check(['operations', i, 'server'], names.servers)
    names.check(['operations', i, 'table'], names.tables)
    names.checkAll(['operations', i, 'set', 'tables'], names.tables)
  }
  const known = { thing: 'switch for the fix of', holder: ['unfixed'], names: new Set(fixes) }
  names.checkAll(['unfixed'], known)
  const variants = {
    thing: 'variant',
    holder: ['variants'],
    names: new Set(variantNames(data)),
  }
  for (const i of indicesAt(data, ['expect'])) {
    names.checkAll(['expect', i, 'variants'], variants)
  }
  return names.findings
}

/** The names of one sort of thing, and the part of the scenario that makes them. */
interface Names {
  readonly thing: string
  readonly holder: Path
  readonly names: ReadonlySet<string>
}

class References {
  readonly findings: Finding[] = []
  readonly stores: Names
  readonly tables: Names
  /** Those of the scenario and the master's own. */
  readonly changeablePeers: Names
  readonly servers: Names
  readonly dataNodes: Names

  constructor(readonly data: unknown) {
    this.stores = this.#keys('store', ['stores'])
    this.tables = this.#keys('table', ['tables'])
    const peers = [...keysAt(data, ['peers']), REGION_REPLICA_REPLICATION_PEER]
    this.changeablePeers = { thing: 'peer', holder: ['peers'], names: new Set(peers) }
    const servers = ['cluster', 'regionServers']
    this.servers = this.#numbered('region server', servers, 'rs', DEFAULT_SERVERS)
    const dataNodes = ['cluster', 'hdfs', 'dataNodes']
    this.dataNodes = this.#numbered('DataNode', dataNodes, 'dn', DEFAULT_DATA_NODES)
  }

  /** Complains if there is a name at `path` that is none of `names`. */
  check(path: Path, { thing, holder, names }: Names): void {
    const name = valueAt(this.data, path)
    if (typeof name !== 'string' || names.has(name)) return
    if (this.findings.length >= MOST_FINDINGS) return
    const known = [...names].slice(0, MOST_SUGGESTIONS)
    const complaint = unknown('unknown-name', `there is no ${thing} ${quote(name)}`, name, known)
    this.findings.push(finding(path, complaint, [holder]))
  }

  /** The same for each of the list at `path`. */
  checkAll(path: Path, names: Names): void {
    for (const i of indicesAt(this.data, path)) this.check([...path, i], names)
  }

  /** Complains if there is a whole number at `path` that is not one of a rack. */
  checkRack(path: Path): void {
    const rack = valueAt(this.data, path)
    const racks = this.#count(['cluster', 'racks'], DEFAULT_RACKS)
    if (!Number.isInteger(rack) || (Number(rack) >= 1 && Number(rack) <= racks)) return
    const expected = `a number from 1 to ${racks}, or any`
    const complaint = complain('unknown-name', `there is no rack ${rack}`, expected)
    this.findings.push(finding(path, complaint, [['cluster', 'racks']]))
  }

  #keys(thing: string, holder: Path): Names {
    return { thing, holder, names: new Set(keysAt(this.data, holder)) }
  }

  /** `rs1` to `rsN`, and `any` of them. */
  #numbered(thing: string, holder: Path, prefix: string, initial: number): Names {
    const length = Math.max(0, Math.min(MOST_NODES, this.#count(holder, initial)))
    const names = Array.from({ length }, (_, i) => `${prefix}${i + 1}`)
    return { thing, holder, names: new Set([...names, 'any']) }
  }

  #count(path: Path, initial: number): number {
    const given = valueAt(this.data, path)
    return Number.isInteger(given) ? Number(given) : initial
  }
}

/** The names of the runs: the base goes by its own name if no variant is without overrides. */
function variantNames(data: unknown): string[] {
  const names = keysAt(data, ['variants'])
  const hasBase = names.some((name) => keysAt(data, ['variants', name]).length === 0)
  return hasBase ? names : ['base', ...names]
}
