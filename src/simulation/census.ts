import type { Run } from './run.js'

/** Puts that clients have sent by `timeUs`; some are generated ahead of now. */
export function sentBy(run: Run, timeUs: number): number {
  const ahead = run.servers.reduce((sum, { writePath }) => {
    return sum + writePath.unanswered - writePath.calls.sentBy(timeUs)
  }, 0)
  return run.clients.submitted - ahead
}

/** Answers that servers had sent by `timeUs` and clients had not yet received. */
export function answersInTransit({ acknowledgements }: Run, timeUs: number): number {
  let answers = 0
  for (const { settled, source } of acknowledgements) {
    for (let edit = settled; edit < source.log.length; edit++) {
      const acknowledgedUs = source.log.acknowledgedUs(edit)
      if (acknowledgedUs > timeUs && acknowledgedUs < Number.POSITIVE_INFINITY) answers++
    }
  }
  return answers
}
