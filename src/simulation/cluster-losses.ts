import type { DurabilityName } from '../hbase/regionserver/durability.js'
import type { RegionServer } from '../hbase/regionserver/region-server.js'
import type { EditLog } from '../hbase/wal/edit-log.js'
import { IntervalSet } from '../kernel/interval-set.js'
import type { EditCount } from '../measure/acknowledgements.js'
import { editsToSplit, forEachAnswered, isInFiles, isInMemory } from './answered-edits.js'
import type { Cluster } from './cluster.js'
import { defaultDurability } from './durabilities.js'
import { isTotal } from './fault-injection.js'
import type { ScheduledFault } from './faults.js'
import { LossByDurability } from './loss-by-durability.js'
import type { LostCount, RunResult } from './result.js'

/** Beyond what HBase promises: hflushed bytes do not outlast the power of every replica. */
const BEYOND_PROMISE: readonly string[] = [
  'cluster-loss',
  'hdfs-loss',
  'rack-power-loss',
  'cluster-power-loss',
  'kill-data-node',
]

/** What is hsynced outlasts that: HDFS keeps it on the disks of every replica. */
const ENDURED_BY_FSYNC = 'cluster-power-loss'

/**
 * @param inWal not of a server that was dead before: a lease recovery finalizes the last block with
 *   what is not synced, which makes it corrupt if the power goes; recovered.edits are not hsynced
 */
function isPromised(durability: DurabilityName, kind: string, inWal: boolean): boolean {
  if (durability === 'FSYNC_WAL' && kind === ENDURED_BY_FSYNC) return inWal
  const awaitsWal = durability === 'SYNC_WAL' || durability === 'FSYNC_WAL'
  return awaitsWal && !BEYOND_PROMISE.includes(kind)
}

/** What hbase:meta is written is promised like any edit, but no client's loss. */
function isOfMeta(log: EditLog): boolean {
  return log.id < 0
}

interface ClusterLoss {
  readonly kind: string
  readonly atUs: number
  readonly total: boolean
  readonly lost: LossByDurability
}

/**
 * Acknowledged edits of which the cluster itself has no copy left: their server is dead, or declared
 * dead, no WAL has them any more, and no flush had brought them into an HFile. HBase promises that
 * there are none, but for those of SKIP_WAL and ASYNC_WAL, which their clients have chosen to risk.
 */
export class ClusterLosses {
  readonly #losses: ClusterLoss[] = []
  readonly #byServer = new Map<string, LossByDurability>()
  readonly #accounted = new Set<RegionServer>()
  /** By log, what living servers alone still have: such a fault has taken it from their WALs. */
  readonly #inMemoryOnly = new Map<number, IntervalSet>()
  /** By log, what was lost with a server. */
  readonly #lostEdits = new Map<number, IntervalSet>()
  /** Lost although nothing struck beyond HBase's promise. */
  brokenPromises = 0

  constructor(private readonly cluster: Cluster) {
    cluster.master.servers.serverExpired.push(({ alive }) => {
      // It stands still: what it alone has in memory is lost though it lives.
      if (alive) this.account(null)
    })
  }

  /** A fault has struck; or, with null, servers died of themselves. */
  account(fault: ScheduledFault | null): void {
    const { scheduler, servers, master } = this.cluster
    const lost = new LossByDurability()
    const firstLost = new Map<number, number>()
    const kind = fault?.kind ?? 'region-server-crash'
    const beyondPromise = BEYOND_PROMISE.includes(kind)
    for (const server of servers) {
      const isGone = !server.alive || !master.servers.nodeOf(server.name).online
      if (!isGone && beyondPromise) {
        this.#forEachUnsaved(server, (log, edit) => this.#inMemory(log).add(edit, edit + 1))
      }
      // The WALs of the dead, too, may be cut before they are split.
      if (!isGone || (this.#accounted.has(server) && !beyondPromise)) continue
      const inWal = !this.#accounted.has(server)
      this.#accounted.add(server)
      this.#forEachUnsaved(server, (log, edit) => {
        if (this.#lost(log).has(edit)) return
        const name = this.#durabilityOf(log, edit)
        const bytes = log.bytesOf(edit, edit + 1)
        if (!isOfMeta(log)) {
          lost.add(name, bytes)
          this.#of(server).add(name, bytes)
        }
        this.#lost(log).add(edit, edit + 1)
        const first = firstLost.get(log.region(edit)) ?? Number.POSITIVE_INFINITY
        firstLost.set(log.region(edit), Math.min(first, log.sequenceId(edit)))
        if (isPromised(name, kind, inWal) && !this.#inMemory(log).has(edit)) this.brokenPromises++
      })
    }
    for (const [region, first] of firstLost) this.cluster.replicas?.lost(region, first - 1)
    const total = fault !== null && isTotal(fault)
    if (total || lost.all.edits > 0) {
      this.#losses.push({ kind, atUs: scheduler.now, total, lost })
    }
  }

  /** A loss of all of it takes every edit that was `acknowledged` by then. */
  of(acknowledged: EditCount): RunResult['clusterLoss'] {
    return this.#losses.map(({ kind, atUs, total, lost }) => {
      const all = total && kind !== 'cluster-power-loss'
      const { edits, bytes } = all ? acknowledged : lost.all
      const loss = { kind, atUs, lostEdits: edits, lostBytes: bytes }
      const isMixed = this.cluster.durabilities !== null && !all
      return isMixed ? { ...loss, byDurability: lost.counts() } : loss
    })
  }

  /** What was lost with a server, by durability; null if every table has the default. */
  with(server: string): Record<string, LostCount> | null {
    if (this.cluster.durabilities === null) return null
    return this.#byServer.get(server)?.counts() ?? {}
  }

  /**
   * Answered edits of which there is no copy at this instant, neither in files nor in the memory of
   * the server that serves their region, and which no fault has taken.
   */
  vanished(): number {
    let edits = 0
    for (const server of this.cluster.servers) {
      this.#forEachUnsaved(server, (log, edit) => {
        if (isInMemory(this.cluster, log, edit) || this.#lost(log).has(edit)) return
        if (!this.#inMemory(log).has(edit)) edits++
      })
    }
    return edits
  }

  #durabilityOf(log: EditLog, edit: number): DurabilityName {
    return (
      this.cluster.durabilities?.nameOf(log.region(edit)) ?? defaultDurability(this.cluster.model)
    )
  }

  #of({ name }: RegionServer): LossByDurability {
    const lost = this.#byServer.get(name) ?? new LossByDurability()
    this.#byServer.set(name, lost)
    return lost
  }

  #lost({ id }: EditLog): IntervalSet {
    const edits = this.#lostEdits.get(id) ?? new IntervalSet()
    this.#lostEdits.set(id, edits)
    return edits
  }

  #inMemory({ id }: EditLog): IntervalSet {
    const edits = this.#inMemoryOnly.get(id) ?? new IntervalSet()
    this.#inMemoryOnly.set(id, edits)
    return edits
  }

  /** Visits answered edits that are neither in an HFile nor in a file that a recovery would read. */
  #forEachUnsaved(server: RegionServer, visit: (log: EditLog, edit: number) => void): void {
    const { walGroups, skippedWal } = server
    const logs = walGroups.map(({ log }) => log)
    for (const log of skippedWal === null ? logs : [...logs, skippedWal]) {
      const toSplit = editsToSplit(server, log)
      forEachAnswered(log, (edit) => {
        if (!isInFiles(this.cluster, toSplit, log, edit)) visit(log, edit)
      })
    }
  }
}
