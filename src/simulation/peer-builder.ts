import { Progress, peerChannel, peerProgress } from '../hbase/progress.js'
import { PeerLedger } from '../measure/peer-ledger.js'
import type { WalCover } from '../measure/wal-cover.js'
import { wantedRegions } from '../replication/wal-entry-filters.js'
import { peersAtStart } from '../scenario/peer-lives.js'
import type { Scenario } from '../scenario/scenario.js'
import type { ExternalStore } from '../storage/s3/external-store.js'
import type { Cluster } from './cluster.js'
import { Peer } from './peer.js'

/** The peers of a scenario in the order of their ids, those that are added later included. */
export function buildPeers(
  cluster: Cluster,
  stores: ReadonlyMap<string, ExternalStore>,
  wals: WalCover,
): Peer[] {
  const { peers } = cluster.model.scenario
  const atStart = peersAtStart(cluster.model.scenario)
  return Object.keys(peers)
    .sort()
    .map((id, number) => {
      const store = stores.get(peers[id].store)
      if (store === undefined) throw new RangeError(`no store "${peers[id].store}"`)
      const ledger = buildLedger(cluster, id, wals)
      const peer = new Peer(id, number, peers[id], store, ledger, cluster.model, cluster.map)
      peer.exists = atStart.includes(id)
      if (!peer.exists) ledger.remove()
      connect(cluster, peer)
      return peer
    })
}

function buildLedger({ model, scheduler, map }: Cluster, id: string, wals: WalCover): PeerLedger {
  const { scenario } = model
  const tables = tablesEverWanted(scenario, id)
  return new PeerLedger({
    window: { fromUs: scenario.warmupUs, untilUs: scenario.durationUs },
    now: () => scheduler.now,
    wals,
    wants: tables === null ? null : wantedRegions(tables, (region) => map.tableOf(region)),
  })
}

/** The tables that the peer wants at some time; null is all. */
function tablesEverWanted({ peers, operations }: Scenario, id: string): string[] | null {
  const changes = operations.flatMap((operation) =>
    operation.do === 'update-peer-config' && operation.peer === id
      ? [operation.set.tables ?? []]
      : [],
  )
  const all = [peers[id].tables, ...changes]
  if (all.includes(null)) return null
  return [...new Set(all.flatMap((tables) => tables ?? []))].sort()
}

/** The ledger hears of progress, staged files and objects. */
function connect({ events, hdfs, scheduler }: Cluster, peer: Peer): void {
  const { id, number, ledger, store, usage } = peer
  events.subscribe(peerChannel(number), ledger)
  hdfs.watch(`wal-backup-staging/${id}/`, ledger.stagingWatcher)
  store.onObject((object, replaced) => {
    if (!object.key.startsWith(`${id}/`)) return
    usage.storedBytes += object.bytes
    peer.lastStoredUs = object.createdAtUs
    const { key, bytes } = object
    scheduler.tracer?.instant('object stored', { peer: id, key, bytes })
    const kind = peerProgress(Progress.stored, number)
    for (const { log, from, to, bytes } of object.extents) {
      peer.storedBytes += bytes
      events.progress(kind, object.createdAtUs, log, from, to, scheduler.cause)
    }
    ledger.stored(object, replaced)
  })
}
