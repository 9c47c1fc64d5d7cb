import type { RegionServer } from '../hbase/regionserver/region-server.js'
import type { EditLog } from '../hbase/wal/edit-log.js'
import { IntervalSet } from '../kernel/interval-set.js'
import type { EditCount } from '../measure/acknowledgements.js'
import { editsToSplit, forEachAnswered, isInFiles, isInMemory } from './answered-edits.js'
import type { Cluster } from './cluster.js'
import { isTotal } from './fault-injection.js'
import type { ScheduledFault } from './faults.js'
import type { RunResult } from './result.js'

/** Beyond what HBase promises: hflushed bytes do not outlast the power of every replica. */
const BEYOND_PROMISE: readonly string[] = [
  'cluster-loss',
  'hdfs-loss',
  'rack-power-loss',
  'cluster-power-loss',
  'kill-data-node',
]

/**
 * Acknowledged edits of which the cluster itself has no copy left: their server is dead, no WAL has
 * them any more, and no flush had brought them into an HFile. HBase promises that there are none.
 */
export class ClusterLosses {
  readonly #losses: { kind: string; atUs: number; total: boolean; lost: EditCount }[] = []
  readonly #accounted = new Set<RegionServer>()
  /** By log, what living servers alone still have: such a fault has taken it from their WALs. */
  readonly #inMemoryOnly = new Map<number, IntervalSet>()
  /** By log, what was lost with a server. */
  readonly #lostEdits = new Map<number, IntervalSet>()
  /** Lost although nothing struck beyond HBase's promise. */
  brokenPromises = 0

  constructor(private readonly cluster: Cluster) {}

  /** A fault has struck; or, with null, servers died of themselves. */
  account(fault: ScheduledFault | null): void {
    const { scheduler, servers } = this.cluster
    const lost = { edits: 0, bytes: 0 }
    const kind = fault?.kind ?? 'region-server-crash'
    const beyondPromise = BEYOND_PROMISE.includes(kind)
    for (const server of servers) {
      if (server.alive && beyondPromise) {
        this.#forEachUnsaved(server, (log, edit) => this.#inMemory(log).add(edit, edit + 1))
      }
      // The WALs of the dead, too, may be cut before they are split.
      if (server.alive || (this.#accounted.has(server) && !beyondPromise)) continue
      this.#accounted.add(server)
      this.#forEachUnsaved(server, (log, edit) => {
        if (this.#lost(log).has(edit)) return
        lost.edits++
        lost.bytes += log.bytesOf(edit, edit + 1)
        this.#lost(log).add(edit, edit + 1)
        if (!beyondPromise && !this.#inMemory(log).has(edit)) this.brokenPromises++
      })
    }
    const total = fault !== null && isTotal(fault)
    if (total || lost.edits > 0) {
      this.#losses.push({ kind, atUs: scheduler.now, total, lost })
    }
  }

  /** A loss of all of it takes every edit that was `acknowledged` by then. */
  of(acknowledged: EditCount): RunResult['clusterLoss'] {
    return this.#losses.map(({ kind, atUs, total, lost }) => {
      const all = total && kind !== 'cluster-power-loss'
      const { edits, bytes } = all ? acknowledged : lost
      return { kind, atUs, lostEdits: edits, lostBytes: bytes }
    })
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
    for (const { log } of server.groups) {
      const toSplit = editsToSplit(server, log)
      forEachAnswered(log, (edit) => {
        if (!isInFiles(this.cluster, toSplit, log, edit)) visit(log, edit)
      })
    }
  }
}
