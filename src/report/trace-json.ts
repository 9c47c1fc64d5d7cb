import type { Occurrence } from '../kernel/tracer.js'
import { EVENT_SCHEMA } from '../measure/event-kinds.js'
import type { Counter, RunTrace } from '../measure/run-trace.js'
import type { TracedExperiment } from './events-ndjson.js'
import { inPieces } from './in-pieces.js'
import { isSpan, type Lane, TraceLanes } from './trace-lanes.js'
import { cutSentence, type TracedRun } from './traced-run.js'

/** An event of the Trace Event Format; times are in microseconds. */
type TraceEvent = Readonly<Record<string, unknown>>

/** Hosts that are no servers: the first come above the servers, all others (stores) below. */
const ABOVE = ['faults', 'operator', 'master']

/** The process that counters of no server belong to. */
const MEASURES = 'measures'

/**
 * `trace.json` in the Trace Event Format, as Perfetto and chrome://tracing read it. A process for
 * each host of each variant, a thread for each component. Activities and instants are complete
 * events (X), spans asynchronous ones (b, e); flows (s, f) lead from a cause to its effect unless
 * that lies in it, quantities over time are counters (C).
 *
 * A flow binds to the slice that its thread is in, so it comes right behind the slice's own event;
 * where the cause is a span, the flow begins at what had caused that.
 */
export function traceJson(
  experiment: TracedExperiment,
  runs: readonly TracedRun[],
): Iterable<string> {
  return inPieces(lines(experiment, runs))
}

function* lines(
  { hbsim, scenario }: TracedExperiment,
  runs: readonly TracedRun[],
): Generator<string> {
  const schema = `hbsim-events/${EVENT_SCHEMA}`
  const cut = runs.flatMap((run) => cutSentence(run) ?? [])
  const seeds = [...new Set(runs.map(({ seed }) => seed))]
  const otherData = { schema, hbsim, scenario: scenario.name, hash: scenario.hash, seeds, cut }
  yield `{"displayTimeUnit":"ms","otherData":${JSON.stringify(otherData)},"traceEvents":[`
  let separator = ''
  for (const event of traceEvents(runs)) {
    yield separator + JSON.stringify(event)
    separator = ','
  }
  yield ']}'
}

/** In the order of time within a run, those without a time first. */
function* traceEvents(runs: readonly TracedRun[]): Generator<TraceEvent> {
  const numbers = { pid: 0, tid: 0, flow: 0 }
  for (const run of runs) {
    const name = runs.length > 1 ? `${run.variant}: ` : ''
    const lanes = new TraceLanes(run.trace)
    const tracks = new Tracks(run.trace, lanes, name, numbers)
    yield* tracks.metadata()
    yield* new RunEvents(run.trace, lanes, tracks, numbers).inOrder()
  }
}

interface Numbers {
  pid: number
  tid: number
  flow: number
}

/** The numbers of a run's processes and threads. */
class Tracks {
  readonly #pids = new Map<string, number>()
  readonly #tids = new Map<Lane, number>()
  readonly #mainTids = new Map<string, number>()
  readonly #names: TraceEvent[] = []

  constructor(trace: RunTrace, lanes: TraceLanes, prefix: string, numbers: Numbers) {
    const all = lanes.lanes()
    for (const host of hostsOf(trace)) {
      const pid = ++numbers.pid
      this.#pids.set(host, pid)
      this.#name('process', pid, pid, prefix + host)
      const own = all.filter((lane) => lane.host === host)
      // Spans and counters of a process need a thread even if it has no slices.
      this.#mainTids.set(host, numbers.tid + 1)
      if (own.length === 0) numbers.tid++
      for (const lane of own) {
        const tid = ++numbers.tid
        this.#tids.set(lane, tid)
        this.#name('thread', pid, tid, lane.name)
      }
    }
  }

  metadata(): readonly TraceEvent[] {
    return this.#names
  }

  pidOf(host: string): number {
    return this.#pids.get(host) ?? 0
  }

  /** Some thread of the host. */
  mainOf(host: string): { pid: number; tid: number } {
    return { pid: this.pidOf(host), tid: this.#mainTids.get(host) ?? 0 }
  }

  ofLane(lane: Lane): { pid: number; tid: number } {
    return { pid: this.pidOf(lane.host), tid: this.#tids.get(lane) ?? 0 }
  }

  #name(of: 'process' | 'thread', pid: number, tid: number, name: string): void {
    const sort_index = of === 'process' ? pid : tid
    this.#names.push({ ph: 'M', name: `${of}_name`, pid, tid, args: { name } })
    this.#names.push({ ph: 'M', name: `${of}_sort_index`, pid, tid, args: { sort_index } })
  }
}

function hostsOf({ occurrences, logs, counters }: RunTrace): string[] {
  const present = new Set(occurrences.map(({ host }) => host))
  for (const { labels } of counters) present.add(labels.server ?? MEASURES)
  const servers = logs.map(({ server }) => server)
  const first = [...ABOVE, MEASURES, ...servers].filter((host) => present.has(host))
  const others = [...present].filter((host) => !first.includes(host)).sort()
  return [...new Set([...first, ...others])]
}

/** The events of one run. */
class RunEvents {
  /** Numbers of arrows, by the slice in which they begin or end. */
  readonly #leaving = new Map<number, number[]>()
  readonly #arriving = new Map<number, number[]>()

  constructor(
    private readonly trace: RunTrace,
    private readonly lanes: TraceLanes,
    private readonly tracks: Tracks,
    numbers: Numbers,
  ) {
    for (const { id, cause, details } of trace.occurrences) {
      const place = lanes.placeOf(id)
      if (place === undefined) continue
      if (!place.nested) this.#lead(cause, id, numbers)
      if (typeof details.fault === 'number') this.#lead(details.fault, id, numbers)
    }
  }

  *inOrder(): Generator<TraceEvent> {
    const { occurrences, counters, endedUs } = this.trace
    const timed: { atUs: number; events: () => TraceEvent[] }[] = []
    for (const occurrence of occurrences) {
      const { fromUs, untilUs } = occurrence
      if (!isSpan(occurrence)) timed.push({ atUs: fromUs, events: () => this.#slice(occurrence) })
      else {
        const open = untilUs === null
        timed.push({ atUs: fromUs, events: () => [this.#span('b', occurrence, fromUs)] })
        const endUs = open ? endedUs : untilUs
        timed.push({ atUs: endUs, events: () => [this.#span('e', occurrence, endUs)] })
      }
    }
    for (const counter of counters) {
      counter.timesUs.forEach((atUs, i) => {
        timed.push({ atUs, events: () => this.#count(counter, i) })
      })
    }
    timed.sort((a, b) => a.atUs - b.atUs)
    for (const { events } of timed) yield* events()
  }

  /** The slice itself, then where arrows leave it, then where one ends in it. */
  #slice(occurrence: Occurrence): TraceEvent[] {
    const { id, kind, fromUs: ts, untilUs } = occurrence
    const place = this.lanes.placeOf(id)
    if (place === undefined) return []
    const track = this.tracks.ofLane(place.lane)
    const dur = (untilUs ?? this.trace.endedUs) - ts
    const events: TraceEvent[] = [
      { ph: 'X', name: nameOf(occurrence), cat: kind, ts, dur, ...track, args: args(occurrence) },
    ]
    const arrow = { name: 'cause', cat: 'cause', ts, ...track }
    for (const flow of this.#leaving.get(id) ?? []) events.push({ ph: 's', id: flow, ...arrow })
    for (const flow of this.#arriving.get(id) ?? []) {
      events.push({ ph: 'f', bp: 'e', id: flow, ...arrow })
    }
    return events
  }

  /** Beginning and end must agree in name, category and id. */
  #span(ph: 'b' | 'e', occurrence: Occurrence, ts: number): TraceEvent {
    const { id, kind, host } = occurrence
    const { pid, tid } = this.tracks.mainOf(host)
    const event = { ph, name: nameOf(occurrence), cat: kind, id: `${pid}.${id}`, ts, pid, tid }
    return ph === 'b' ? { ...event, args: args(occurrence) } : event
  }

  #count({ metric, unit, labels, timesUs, values }: Counter, i: number): TraceEvent[] {
    const value = values[i]
    if (value === null || value === undefined) return []
    const { server, ...others } = labels
    const name = [metric, ...Object.values(others)].join(' ')
    const track = this.tracks.mainOf(server ?? MEASURES)
    return [{ ph: 'C', name, ts: timesUs[i], ...track, args: { [unit]: value } }]
  }

  /** An arrow from `cause` to the slice of `effect`. */
  #lead(cause: number, effect: number, numbers: Numbers): void {
    const from = this.#sliceOf(cause)
    if (from === 0) return
    const flow = ++numbers.flow
    push(this.#leaving, from, flow)
    push(this.#arriving, effect, flow)
  }

  /** An arrow cannot begin at a span: it begins at the slice that had caused it. */
  #sliceOf(cause: number): number {
    let id = cause
    while (id !== 0 && this.lanes.placeOf(id) === undefined) {
      id = this.trace.occurrences[id - 1]?.cause ?? 0
    }
    return id
  }
}

function push(lists: Map<number, number[]>, key: number, item: number): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [item])
  else list.push(item)
}

function nameOf({ kind, details }: Occurrence): string {
  return `${details.label ?? kind}`
}

function args({ id, cause, details, untilUs }: Occurrence): TraceEvent {
  const open = untilUs === null ? { ended: 'not by the end of the run' } : {}
  return { id, ...(cause !== 0 && { cause }), ...details, ...open }
}
