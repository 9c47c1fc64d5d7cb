/**
 * Reads progress of edits as it happens: `from`–`to` is a half-open range of edits of log `log`,
 * `kind` one of the numbers that the publishing floors declare, `cause` the number of the event or
 * edit that led to it.
 */
export interface ProgressReader {
  progress(kind: number, timeUs: number, log: number, from: number, to: number, cause: number): void
}

/**
 * Everything that happens, told once: readers listen, and a running hash covers every event whether
 * or not anybody does. Each log has a hash chain of its own, because a region server's write path
 * is advanced lazily: what happened on two servers is in order per server, not between them.
 */
export class EventStream {
  readonly #readers: ProgressReader[] = []
  readonly #chains: Uint32Array[] = []

  subscribe(reader: ProgressReader): void {
    this.#readers.push(reader)
  }

  /** Publishes the progress of edits; numeric arguments only, because it runs once per edit. */
  progress(
    kind: number,
    timeUs: number,
    log: number,
    from: number,
    to: number,
    cause: number,
  ): void {
    const chain = this.#chain(log)
    let a = chain[0] ?? 0
    let b = chain[1] ?? 0
    a = mix(a ^ kind, timeUs)
    b = mix(b ^ cause, from)
    chain[0] = mix(a, to) ^ b
    chain[1] = mix(b, timeUs) + a
    for (let i = 0; i < this.#readers.length; i++) {
      this.#readers[i]?.progress(kind, timeUs, log, from, to, cause)
    }
  }

  /** Hash of all events so far, 16 hexadecimal digits per log folded into one. */
  traceHash(): string {
    let a = 0x9e3779b9
    let b = 0x85ebca6b
    for (const chain of this.#chains) {
      a = mix(a, chain?.[0] ?? 0)
      b = mix(b ^ a, chain?.[1] ?? 0)
    }
    return hex(a) + hex(b)
  }

  #chain(log: number): Uint32Array {
    let chain = this.#chains[log]
    if (chain === undefined) {
      while (this.#chains.length <= log) this.#chains.push(new Uint32Array(2))
      chain = this.#chains[log] as Uint32Array
    }
    return chain
  }
}

function mix(state: number, value: number): number {
  const low = value | 0
  const high = (value / 4294967296) | 0
  let h = Math.imul(state ^ low, 0xcc9e2d51)
  h = Math.imul((h ^ (h >>> 15)) + high, 0x1b873593)
  return h ^ (h >>> 13)
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0')
}
