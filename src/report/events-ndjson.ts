import type { Summary } from '../experiment/summary.js'
import type { Occurrence } from '../kernel/tracer.js'
import { EVENT_SCHEMA } from '../measure/event-kinds.js'
import type { ProgressRange, RunTrace } from '../measure/run-trace.js'
import { canonicalJson } from '../scenario/canonical-json.js'
import { inPieces } from './in-pieces.js'
import { cutSentence, type TracedRun } from './traced-run.js'

/** What the first line says of the experiment. */
export type TracedExperiment = Pick<Summary, 'hbsim' | 'scenario'>

/**
 * `events.ndjson`: a line that says what it is, then a line for each event, run by run and in the
 * order of time. Every line is a JSON object with sorted keys and integers. An occurrence has an
 * `id`, a range of edits has not; `cause` is the id of the occurrence that led to it.
 */
export function eventsNdjson(
  experiment: TracedExperiment,
  runs: readonly TracedRun[],
): Iterable<string> {
  return inPieces(lines(experiment, runs))
}

function* lines(
  { hbsim, scenario }: TracedExperiment,
  runs: readonly TracedRun[],
): Generator<string> {
  yield canonicalJson({
    schema: `hbsim-events/${EVENT_SCHEMA}`,
    ...{ hbsim, scenario },
    runs: runs.map(({ variant, seed, trace }) => ({
      variant,
      seed,
      endedUs: trace.endedUs,
      events: trace.occurrences.length,
      droppedEvents: trace.droppedOccurrences,
      ranges: trace.ranges.length,
      droppedRanges: trace.droppedRanges,
    })),
    cut: runs.flatMap((run) => cutSentence(run) ?? []),
  })
  for (const run of runs) yield* linesOf(run)
}

function* linesOf({ variant, seed, trace }: TracedRun): Generator<string> {
  const servers = new Map(trace.logs.map(({ log, server }) => [log, server]))
  for (const event of inOrder(trace)) {
    const line = 'id' in event ? occurrenceLine(event) : rangeLine(event, servers)
    yield canonicalJson({ variant, seed, ...line })
  }
}

/** At one instant what happened comes before what it did to edits. */
export function inOrder({ occurrences, ranges }: RunTrace): (Occurrence | ProgressRange)[] {
  return [...occurrences, ...ranges].sort((a, b) => a.fromUs - b.fromUs)
}

function occurrenceLine({ id, kind, host, cause, fromUs, untilUs, details }: Occurrence) {
  return { id, event: kind, host, cause: causeOf(cause), atUs: fromUs, untilUs, details }
}

function rangeLine(range: ProgressRange, servers: ReadonlyMap<number, string>) {
  const { kind, peer, log, from, to, fromUs, untilUs, cause } = range
  const told = { event: kind, log, from, to, edits: to - from, atUs: fromUs, untilUs }
  return { ...told, peer: peer ?? undefined, server: servers.get(log), cause: causeOf(cause) }
}

function causeOf(cause: number): number | null {
  return cause === 0 ? null : cause
}
