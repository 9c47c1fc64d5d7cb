import type { RegionServer } from '../hbase/regionserver/region-server.js'
import type { EditLog } from '../hbase/wal/edit-log.js'
import type { Wal } from '../hbase/wal/wal.js'
import { IntervalSet } from '../kernel/interval-set.js'
import type { EditCount } from '../measure/acknowledgements.js'
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
      if (server.alive || this.#accounted.has(server)) continue
      this.#accounted.add(server)
      this.#forEachUnsaved(server, (log, edit) => {
        lost.edits++
        lost.bytes += log.bytesOf(edit, edit + 1)
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

  /** When its WALs were split, as may be before it dies: they were archived then. */
  #splitUs({ name }: RegionServer): number {
    const recovery = this.cluster.master.recoveries.find(({ server }) => server === name)
    return recovery?.splitUs ?? Number.POSITIVE_INFINITY
  }

  #inMemory({ id }: EditLog): IntervalSet {
    const edits = this.#inMemoryOnly.get(id) ?? new IntervalSet()
    this.#inMemoryOnly.set(id, edits)
    return edits
  }

  /** Visits answered edits that are neither in an HFile nor in a WAL that recovery would read. */
  #forEachUnsaved(server: RegionServer, visit: (log: EditLog, edit: number) => void): void {
    const { memstores } = this.cluster
    const splitUs = this.#splitUs(server)
    for (const { log } of server.groups) {
      // What was archived before is not split: all of it has to be in HFiles.
      const wals = server
        .wals()
        .filter((wal) => wal.log === log && (wal.archivedUs ?? splitUs) >= splitUs)
      for (let edit = log.firstRetained; edit < log.length; edit++) {
        if (log.acknowledgedUs(edit) === Number.POSITIVE_INFINITY) continue
        if (memstores.flushedSequenceId(log.region(edit)) >= log.sequenceId(edit)) continue
        if (wals.some((wal) => wal.from <= edit && edit < endOf(wal))) continue
        visit(log, edit)
      }
    }
  }
}

/** Behind the last edit that recovery will find; a loss of power has cut the file short already. */
function endOf({ file, from, recoverableEntries }: Wal): number {
  return Math.min(from + recoverableEntries, file.extents.at(-1)?.to ?? from)
}
