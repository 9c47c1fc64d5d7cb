import { lazyOutcome } from './lazy-write-path.js'
import { noLooks } from './random-write-scenario.js'
import { calmScenario } from './write-path-fixture.js'
import type { WriteScenario } from './write-scenario.js'

/** What comes of a calm scenario with one WAL group. */
export function calmOutcome(changes: Partial<WriteScenario>) {
  const { groups, ...rest } = lazyOutcome({ ...calmScenario, ...changes }, noLooks)
  return { ...groups[0], ...rest }
}

/** When clients have their answers, in order of operations. */
export function acknowledgedUs(changes: Partial<WriteScenario>): (number | null)[] {
  const { edits, answers } = calmOutcome(changes)
  return [...answers]
    .sort((a, b) => edits[a.edit].operation - edits[b.edit].operation)
    .map((answer) => answer.acknowledgedUs)
}
