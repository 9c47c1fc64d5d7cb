import type { Peer } from '../../src/simulation/peer.js'
import type { PeerResult, RunResult } from '../../src/simulation/result.js'
import type { Run } from '../../src/simulation/run.js'

/** What is wrong with a run: each a rule that it broke, and how. */
export function judge(run: Run, result: RunResult): string[] {
  const wrong: string[] = []
  for (const [name, verdict] of Object.entries(result.invariants)) {
    if (verdict === 'held') continue
    const peer = run.peers.find(({ id }) => name.includes(` ${id} `) || name.endsWith(` ${id}`))
    const reason = peer === undefined ? null : reasonFor(name, run, peer)
    if (reason === null && !mayBe(name, run))
      wrong.push(`${verdict}: ${name} ${peer?.spec.endpoint}`)
  }
  for (const peer of run.peers)
    wrong.push(...losses(run, peer, result.peers[peer.id] as PeerResult))
  return wrong
}

function mayBe(name: string, { scenario }: Run): boolean {
  return (
    name.startsWith('the buffer') &&
    (scenario.unfixed.includes('HBASE-28620') ||
      Object.values(scenario.peers).some(
        ({ endpoint, form }) => endpoint === 'deferred-offset' && form === 'hbase-29823',
      ))
  )
}

function reasonFor(name: string, run: Run, peer: Peer): string | null {
  if (name.startsWith('no wanted edit is missing')) return whyNotQuiescent(run, peer)
  if (name.startsWith('confirmed edits')) return hazard(run, peer) ?? damage(run, peer)
  if (name.startsWith('no edit of')) return hazard(run, peer)
  return null
}

function whyNotQuiescent(run: Run, peer: Peer): string | null {
  if (run.disaster !== null) return 'a total disaster'
  if (run.cluster.alive.length === 0) return 'no region server is left'
  if (!peer.exists) return 'the peer is removed'
  if (
    run.scenario.operations.some(
      (o) => 'peer' in o && o.peer === peer.id && /add|remove/.test(o.do),
    )
  )
    return 'the peer was not always there'
  if (!peer.enabled) return 'the peer is disabled'
  if (peer.store.weather.outage !== null) return 'the store is lost'
  if (run.scenario.unfixed.length > 0) return 'a bug is back'
  if (
    run.scenario.operations.some(({ do: what }) => what === 'empty-wal') &&
    run.scenario.site['replication.source.eof.autorecovery'] !== 'true'
  )
    return 'an empty WAL stops the queue'
  if (hazard(run, peer) !== null) return 'holes'
  if (run.cluster.alive.some((server) => run.replication.bufferLeak(server) > 0)) return 'leak'
  if (run.cluster.servers.some((s) => s.wals().some(({ file }) => file.missingBytes > 0)))
    return 'a WAL has a missing block'
  return null
}

function hazard(run: Run, { spec }: Peer): string | null {
  if (spec.endpoint === 'unsafe-flush') return 'false durability'
  if (spec.endpoint === 'deferred-offset' && spec.form === 'feature-branch') return 'branch'
  if (spec.endpoint === 'deferred-offset') return 'restart of the shipper'
  return run.scenario.unfixed.length > 0 ? 'a bug is back' : null
}

function damage(run: Run, { spec }: Peer): string | null {
  const struck = run.scenario.faults.map(({ kind }) => kind)
  if (struck.includes('store-loss')) return 'the store is lost'
  if (spec.endpoint === 'direct') return null
  return struck.some((kind) => /data-node|power/.test(kind)) ? 'replicas are gone' : null
}

function losses(run: Run, peer: Peer, { disasters }: PeerResult): string[] {
  if (hazard(run, peer) !== null) return []
  const struck = run.scenario.faults.map(({ kind }) => kind)
  return disasters.flatMap(({ kind, target, lostEdits, atUs }) => {
    if (lostEdits === 0 || kind === 'store-loss') return []
    if (kind === 'cluster-loss' || kind === 'hdfs-loss') return []
    if (struck.some((k) => /power/.test(k))) {
      if (run.scenario.site['hbase.wal.hsync'] !== 'true') return []
      if (/staged|dual/.test(peer.spec.endpoint) && peer.spec.sync === 'hflush') return []
    }
    return [`${kind} of ${target} took ${lostEdits} of ${peer.spec.endpoint} at ${atUs / 1e6}`]
  })
}
