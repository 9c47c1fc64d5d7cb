import { isRead } from '../hbase/regionserver/call-kind.js'
import { isMetaWork } from '../hbase/regionserver/meta-puts.js'
import type { Cluster } from './cluster.js'
import type { Run } from './run.js'

/** Operations of clients: those that write an edit each, and those that only read. */
export type Operations = 'writes' | 'gets'

/** Operations that clients have sent by `timeUs`; some are generated ahead of now. */
export function sentBy({ cluster }: Run, timeUs: number, of: Operations): number {
  const { submitted, submittedGets } = cluster.clients
  const generated = of === 'gets' ? submittedGets : submitted - submittedGets
  return generated - pendingOperations(cluster, of).filter(({ sentUs }) => sentUs > timeUs).length
}

/** Operations sent by `timeUs` that have neither an answer nor failed. */
export function unansweredBy({ cluster }: Run, timeUs: number, of: Operations): number {
  return pendingOperations(cluster, of).filter(({ sentUs }) => sentUs <= timeUs).length
}

/** Operations that nobody has answered yet, those that are generated ahead of now among them. */
export function pendingOperations({ servers, caller, reads }: Cluster, of: Operations) {
  const { clients } = reads
  const atServers = servers.flatMap(({ writePath }) => writePath.calls.pending())
  const others = atServers.filter((call) => !clients.owns(call))
  const all = [...others, ...caller.pending(), ...clients.pending()]
  return all.filter(
    ({ kind, operation }) => isRead(kind) === (of === 'gets') && !isMetaWork(operation),
  )
}

/** Answers to writes that servers had sent by `timeUs` and clients had not yet received. */
export function answersInTransit({ cluster }: Run, timeUs: number): number {
  let answers = 0
  for (const { settled, source } of cluster.acknowledgements) {
    for (let edit = settled; edit < source.log.length; edit++) {
      const acknowledgedUs = source.log.acknowledgedUs(edit)
      if (acknowledgedUs > timeUs && acknowledgedUs < Number.POSITIVE_INFINITY) answers++
    }
  }
  return answers
}
