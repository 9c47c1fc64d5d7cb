import { Progress, peerChannel, progressOf } from '../../src/hbase/progress.js'
import type { Scenario } from '../../src/scenario/scenario.js'
import type { RunResult } from '../../src/simulation/result.js'
import { resultOf } from '../../src/simulation/result-of.js'
import { Run } from '../../src/simulation/run.js'

/** What became of one edit, and when; Infinity is never. */
export interface EditHistory {
  readonly log: number
  readonly edit: number
  /** The client operation that made it. */
  readonly operation: number
  readonly bytes: number
  readonly writtenUs: number
  readonly acknowledgedUs: number
  readonly acceptedUs: number
  readonly confirmedUs: number
  /** Completion of the first object that holds it. */
  readonly storedUs: number
  /** Occurrences in objects. */
  readonly occurrences: number
}

export interface RecordedRun {
  readonly run: Run
  readonly result: RunResult
  readonly edits: EditHistory[]
}

type Drafts = Map<string, { -readonly [key in keyof EditHistory]: EditHistory[key] }>

/**
 * Runs a scenario with the one peer `backup` and writes down the history of every edit that the
 * ledger could know of, from the same events and by plain book-keeping: an entry per edit. Markers,
 * which no client has made, are no edits.
 */
export function recordRun(scenario: Scenario): RecordedRun {
  const run = new Run(scenario, scenario.seed)
  const drafts: Drafts = new Map()
  const draftOf = (log: number, edit: number) => {
    const key = `${log}/${edit}`
    const known = drafts.get(key)
    if (known !== undefined) return known
    const columns = run.cluster.acknowledgements[log]?.source.log
    if (columns === undefined) throw new Error(`no log ${log}`)
    const operation = columns.operation(edit)
    if (operation < 0) return null
    const bytes = columns.bytesOf(edit, edit + 1)
    const writtenUs = columns.writtenUs(edit)
    const never = Number.POSITIVE_INFINITY
    const draft = {
      ...{ log, edit, operation, bytes, writtenUs, occurrences: 0 },
      ...{ acknowledgedUs: never, acceptedUs: never, confirmedUs: never, storedUs: never },
    }
    drafts.set(key, draft)
    return draft
  }
  const reader = {
    progress(kind: number, timeUs: number, log: number, from: number, to: number) {
      for (let edit = from; edit < to; edit++) {
        const draft = draftOf(log, edit)
        const progress = progressOf(kind)
        if (draft === null) continue
        if (progress === Progress.acknowledged) draft.acknowledgedUs = timeUs
        else if (progress === Progress.accepted) {
          draft.acceptedUs = Math.min(draft.acceptedUs, timeUs)
        } else if (progress === Progress.confirmed) {
          draft.confirmedUs = Math.min(draft.confirmedUs, timeUs)
        }
      }
    },
  }
  run.events.subscribe(0, reader)
  run.events.subscribe(peerChannel(0), reader)
  run.peers[0]?.store.onObject((object) => {
    for (const { log, from, to } of object.extents) {
      for (let edit = from; edit < to; edit++) {
        const draft = draftOf(log, edit)
        if (draft === null) continue
        draft.storedUs = Math.min(draft.storedUs, run.nowUs)
        draft.occurrences++
      }
    }
  })
  run.execute()
  return { run, result: resultOf(run, scenario.seed, 'base'), edits: [...drafts.values()] }
}
