import type { Run } from './run.js'

/** Puts that clients have sent by `timeUs`; some are generated ahead of now. */
export function sentBy({ cluster }: Run, timeUs: number): number {
  const { servers, caller, clients } = cluster
  let ahead = caller.waiting - caller.sentBy(timeUs)
  for (const { writePath } of servers)
    ahead += writePath.unanswered - writePath.calls.sentBy(timeUs)
  return clients.submitted - ahead
}

/** Puts sent by `timeUs` that have neither an answer nor failed. */
export function unansweredBy({ cluster }: Run, timeUs: number): number {
  const { servers, caller } = cluster
  return servers.reduce(
    (sum, { writePath }) => sum + writePath.calls.sentBy(timeUs),
    caller.sentBy(timeUs),
  )
}

/** Answers that servers had sent by `timeUs` and clients had not yet received. */
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
