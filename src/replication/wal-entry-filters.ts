/** What filters look at in a WAL entry. */
export interface FilteredEntry {
  readonly table: string
  /** Families of its cells. */
  readonly families: readonly string[]
  /** REPLICATION_SCOPE by family: 0 local, 1 global. HBase writes only the global ones. */
  readonly scopes: Readonly<Record<string, number>>
  /** Written by the ReplicationMarkerChore: it passes every filter. */
  readonly marker?: boolean
}

/** Passes an entry on, whole or with fewer families; null drops it. */
export type WALEntryFilter = (entry: FilteredEntry) => FilteredEntry | null

/** System tables that are replicated all the same: permissions and visibility labels. */
const REPLICATED_SYSTEM_TABLES = new Set(['hbase:acl', 'hbase:labels'])

/** SystemTableWALEntryFilter */
export function systemTableFilter(entry: FilteredEntry): FilteredEntry | null {
  const { table } = entry
  return table.startsWith('hbase:') && !REPLICATED_SYSTEM_TABLES.has(table) ? null : entry
}

/**
 * ScopeWALEntryFilter: keeps the cells of families whose scope is global.
 *
 * @param serial an entry without scopes is emptied, not dropped: its sequence id must be passed
 */
export function scopeFilter(serial: boolean): WALEntryFilter {
  return (entry) => {
    if (Object.keys(entry.scopes).length > 0) {
      return withFamilies(entry, (family) => entry.scopes[family] === 1)
    }
    return serial ? withFamilies(entry, () => false) : null
  }
}

/**
 * The table-CFs of a peer (NamespaceTableCfWALEntryFilter; namespaces of peers are left out).
 *
 * @param tableCFs families by table, none is all of them; null wants every table
 */
export function tableCfFilter(
  tableCFs: Readonly<Record<string, readonly string[]>> | null,
): WALEntryFilter {
  if (tableCFs === null) return (entry) => entry
  return (entry) => {
    if (!Object.hasOwn(tableCFs, entry.table)) return null
    const families = tableCFs[entry.table] ?? []
    if (families.length === 0) return entry
    return withFamilies(entry, (family) => families.includes(family))
  }
}

/**
 * One filter after the other, in the order given; an entry that is left without cells is dropped
 * (ChainWALEntryFilter, ReplicationSourceWALReader).
 */
export function chainWALEntryFilters(filters: readonly WALEntryFilter[]): WALEntryFilter {
  return (entry) => {
    if (entry.marker === true) return entry
    let rest: FilteredEntry | null = entry
    for (const filter of filters) {
      rest = filter(rest)
      if (rest === null) return null
    }
    return rest.families.length === 0 ? null : rest
  }
}

/**
 * Which regions a peer wants. In a run every table has one family of global scope, so its entries
 * are wanted or not as a whole.
 *
 * @param tables the peer's table-CFs; null wants every table
 */
export function wantedRegions(
  tables: readonly string[] | null,
  tableOf: (region: number) => string,
): (region: number) => boolean {
  const tableCFs = tables === null ? null : Object.fromEntries(tables.map((table) => [table, []]))
  const chain = chainWALEntryFilters([
    systemTableFilter,
    scopeFilter(false),
    tableCfFilter(tableCFs),
  ])
  const wanted = new Map<number, boolean>()
  return (region) => {
    let answer = wanted.get(region)
    if (answer === undefined) {
      const entry = { table: tableOf(region), families: ['f'], scopes: { f: 1 } }
      answer = chain(entry) !== null
      wanted.set(region, answer)
    }
    return answer
  }
}

function withFamilies(entry: FilteredEntry, keep: (family: string) => boolean): FilteredEntry {
  return { ...entry, families: entry.families.filter(keep) }
}
