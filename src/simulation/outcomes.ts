import { pendingOperations, sentBy } from './census.js'
import type { EditOutcomes } from './result.js'
import type { Run } from './run.js'

/**
 * What became of every client operation that was to write, for the comparison of twins: those that were sent by the
 * first total disaster, or the end.
 */
export function outcomesOf(run: Run): EditOutcomes {
  const endUs = run.disaster?.atUs ?? run.nowUs
  const lost: Record<string, Float64Array> = {}
  for (const { id, ledger } of run.peers) {
    const operations = ledger.lostOperations()
    if (operations !== null) lost[id] = operations
  }
  const unacknowledged = Float64Array.from(unacknowledgedBy(run, endUs)).sort()
  const { closedLoop } = run.cluster
  return {
    submitted: sentBy(run, endUs, 'writes'),
    ...(closedLoop && { sentByClient: closedLoop.sentByClient }),
    unacknowledged,
    lost,
  }
}

/** Writes sent by `endUs` that failed, or whose client had no answer by then. */
function unacknowledgedBy({ cluster }: Run, endUs: number): Set<number> {
  const operations = new Set(cluster.failures)
  for (const { sentUs, operation } of pendingOperations(cluster, 'writes')) {
    if (sentUs <= endUs) operations.add(operation)
  }
  for (const { settled, source } of cluster.acknowledgements) {
    const { log } = source
    for (let edit = settled; edit < log.length; edit++) {
      const acknowledgedUs = log.acknowledgedUs(edit)
      const inTransit = acknowledgedUs > endUs && acknowledgedUs < Number.POSITIVE_INFINITY
      if (inTransit) operations.add(log.operation(edit))
    }
  }
  return operations
}
