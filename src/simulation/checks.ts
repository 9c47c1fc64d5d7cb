import { answersInTransit, sentBy } from './census.js'
import type { RunResult, Verdict } from './result.js'
import { acknowledgedBy } from './result-of.js'
import type { Run } from './run.js'

/** What goes in must come out, be lost to a disaster, or still be there. */
export function conservationOf(run: Run): RunResult['conservation'] {
  const laws: RunResult['conservation'] = {}
  const law = (name: string, expected: number, actual: number) => {
    laws[name] = { expected, actual, verdict: expected === actual ? 'held' : 'violated' }
  }
  const endUs = run.disaster?.atUs ?? run.nowUs
  const sent = sentBy(run, endUs)
  const answered = acknowledgedBy(run, endUs).edits
  const inTransit = answersInTransit(run, endUs)
  const unanswered = run.servers.reduce(
    (sum, { writePath }) => sum + writePath.calls.sentBy(endUs),
    0,
  )
  law('operations', sent, answered + inTransit + unanswered + run.failedOperations)
  for (const server of run.servers) {
    const { callQueues } = server.writePath
    if (callQueues.queued === 0) {
      law(`callQueue ${server.name}`, callQueues.queuedArea, callQueues.queuedSojournUs)
    }
    const { consumedEdits, unwrittenEdits } = server.writePath
    law(`walEntries ${server.name}`, server.log.length, consumedEdits + unwrittenEdits)
  }
  for (const { id, sources, fileSystems } of run.peers) {
    for (const { server, batches } of sources) {
      if (batches.length > 0 || batches.putting > 0) continue
      law(`batchQueue ${id} ${server}`, batches.area, batches.sojourn)
    }
    const sum = (of: 'written' | 'open' | 'stored' | 'dropped') =>
      fileSystems.reduce((total, { bytes }) => total + bytes[of], 0)
    law(`objectBytes ${id}`, sum('written'), sum('open') + sum('stored') + sum('dropped'))
  }
  return laws
}

/** The invariants of the design that this run could check. */
export function invariantsOf(run: Run): Record<string, Verdict> {
  const invariants: Record<string, Verdict> = {}
  for (const { id, ledger, sources } of run.peers) {
    const claims = sources[0]?.endpoint.claims ?? []
    let kept = ledger.firstHoleUs === null
    if (claims.includes('cluster-loss')) kept &&= ledger.confirmedNotStored.max === 0
    invariants[`confirmed edits of ${id} survive what ${id} claims`] = kept ? 'held' : 'violated'
    const missing = ledger.clusterLoss.atRisk(run.nowUs).edits
    const lost = run.disaster !== null || run.aborts.length > 0
    const undecided = lost || run.nowUs >= run.limitUs
    invariants[`no wanted edit is missing from ${id} after quiescence`] =
      missing === 0 && run.disaster === null ? 'held' : undecided ? 'undecided' : 'violated'
  }
  const conserved = Object.values(conservationOf(run)).every(({ verdict }) => verdict === 'held')
  invariants['operations, entries and queues are conserved'] = conserved ? 'held' : 'violated'
  return invariants
}
