/** An event of the Trace Event Format. */
export interface TraceEvent {
  ph: string
  name: string
  cat?: string
  id?: number | string
  bp?: string
  ts?: number
  dur?: number
  pid: number
  tid: number
  args?: Record<string, unknown>
}

/** What Perfetto's importer keeps of a thread: the slices that go on, the innermost last. */
interface Thread {
  named: boolean
  open: { fromUs: number; untilUs: number }[]
}

/**
 * What is wrong with a trace by the rules of the Trace Event Format document and of Perfetto's
 * importer of it: slices of a thread nest; an asynchronous event is matched by process, category, id
 * and name; a flow binds to the innermost slice of its thread at its time, and begins before it ends.
 */
export function complaintsAbout(events: readonly TraceEvent[]): string[] {
  const check = new Check()
  for (const event of events) check.look(event)
  return check.finished()
}

class Check {
  readonly #complaints: string[] = []
  readonly #threads = new Map<number, Thread>()
  readonly #processes = new Set<number>()
  readonly #spans = new Map<string, number>()
  readonly #flows = new Map<number | string, { startUs: number; ended: boolean }>()
  readonly #latestUs = new Map<number, number>()

  look(event: TraceEvent): void {
    const { ph, pid, tid, ts = 0 } = event
    if (!isWhole(pid) || !isWhole(tid) || !isWhole(ts)) this.#complain(event, 'no whole numbers')
    if (ph === 'M') {
      this.#named(event)
      return
    }
    if (event.ts === undefined) this.#complain(event, 'no time')
    if (!this.#processes.has(pid)) this.#complain(event, 'a process without a name')
    if (ts < (this.#latestUs.get(pid) ?? 0)) this.#complain(event, 'time goes back')
    this.#latestUs.set(pid, ts)
    if (ph === 'X') this.#slice(event, ts)
    else if (ph === 'b' || ph === 'e') this.#span(event, ts)
    else if (ph === 's' || ph === 'f') this.#flow(event, ts)
    else if (ph === 'C') this.#counter(event)
    else this.#complain(event, 'an unknown phase')
  }

  finished(): string[] {
    for (const key of this.#spans.keys()) this.#complaints.push(`${key}: a span without an end`)
    for (const [id, { ended }] of this.#flows) {
      if (!ended) this.#complaints.push(`flow ${id}: without an end`)
    }
    return this.#complaints
  }

  #named({ name, pid, tid, args }: TraceEvent): void {
    if (typeof args?.name !== 'string' && typeof args?.sort_index !== 'number') {
      this.#complaints.push(`${name} ${pid}/${tid}: names nothing`)
    }
    if (name === 'process_name') this.#processes.add(pid)
    if (name === 'thread_name') this.#threads.set(tid, { named: true, open: [] })
  }

  #slice(event: TraceEvent, ts: number): void {
    const thread = this.#threads.get(event.tid)
    if (thread === undefined) {
      this.#complain(event, 'a thread without a name')
      return
    }
    const { dur } = event
    if (dur === undefined || !isWhole(dur)) this.#complain(event, 'no duration')
    const untilUs = ts + (dur ?? 0)
    const { open } = thread
    while (open.length > 0 && (open.at(-1)?.untilUs ?? 0) <= ts && untilUs > ts) open.pop()
    while (open.length > 0 && (open.at(-1)?.untilUs ?? 0) < ts) open.pop()
    const around = open.at(-1)
    if (around !== undefined && untilUs > around.untilUs) this.#complain(event, 'slices overlap')
    open.push({ fromUs: ts, untilUs })
  }

  #span(event: TraceEvent, ts: number): void {
    const { ph, pid, cat, id, name } = event
    const key = `${pid}/${cat}/${id}/${name}`
    const begun = this.#spans.get(key)
    if (ph === 'b') {
      if (begun !== undefined) this.#complain(event, 'a span begins twice')
      this.#spans.set(key, ts)
    } else if (begun === undefined) this.#complain(event, 'a span ends that has not begun')
    else this.#spans.delete(key)
  }

  #flow(event: TraceEvent, ts: number): void {
    const { ph, tid, id = '' } = event
    const inner = this.#threads.get(tid)?.open.at(-1)
    if (inner === undefined || inner.fromUs > ts || inner.untilUs < ts) {
      this.#complain(event, 'a flow outside of slices')
    }
    const begun = this.#flows.get(id)
    if (ph === 's') {
      if (begun !== undefined) this.#complain(event, 'a flow begins twice')
      this.#flows.set(id, { startUs: ts, ended: false })
      return
    }
    if (event.bp !== 'e') this.#complain(event, 'a flow that binds to the next slice')
    if (begun === undefined) this.#complain(event, 'a flow ends before it begins')
    else if (begun.ended) this.#complain(event, 'a flow ends twice')
    else begun.ended = true
  }

  #counter(event: TraceEvent): void {
    const values = Object.values(event.args ?? {})
    if (values.length === 0 || values.some((value) => typeof value !== 'number')) {
      this.#complain(event, 'a counter without numbers')
    }
  }

  #complain({ ph, name, ts, pid, tid }: TraceEvent, what: string): void {
    this.#complaints.push(`${ph} ${name} at ${ts} on ${pid}/${tid}: ${what}`)
  }
}

function isWhole(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}
