/**
 * Reads progress of edits as it happens: `from`–`to` is a half-open range of edits of log `log`,
 * `kind` one of the numbers that the publishing floors declare, `cause` the number of the event or
 * edit that led to it.
 */
export interface ProgressReader {
  progress(kind: number, timeUs: number, log: number, from: number, to: number, cause: number): void
}

/** Bits of a kind below its channel. */
export const CHANNEL_SHIFT = 4

/**
 * What happens to edits, told once: readers listen, and a running hash covers it all whether or not
 * anybody does. Each log has a hash chain of its own, because a region server's write path
 * is advanced lazily: what happened on two servers is in order per server, not between them.
 */
export class EventStream {
  /** Readers by channel: the part of a kind above `CHANNEL_SHIFT`. */
  readonly #readers: ProgressReader[][] = []
  #high = new Int32Array(16)
  #low = new Int32Array(16)
  #logs = 0

  /** `reader` hears of the kinds of one channel. */
  subscribe(channel: number, reader: ProgressReader): void {
    while (this.#readers.length <= channel) this.#readers.push([])
    this.#readers[channel]?.push(reader)
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
    if (log >= this.#logs) this.#addLog(log)
    const high = this.#high[log] as number
    const low = this.#low[log] as number
    const a = Math.imul(high ^ timeUs, 0x7feb352d) + from
    const b = Math.imul(low ^ (timeUs * TWO_TO_MINUS_32 + kind), 0x846ca68b) ^ to
    const c = Math.imul(a ^ (b >>> 15), 0x9e3779b1)
    this.#high[log] = c ^ (c >>> 16)
    this.#low[log] = Math.imul(b + cause, 0x85ebca77) ^ c
    const readers = this.#readers[kind >>> CHANNEL_SHIFT]
    if (readers === undefined) return
    for (const reader of readers) reader.progress(kind, timeUs, log, from, to, cause)
  }

  /**
   * Hash of all events so far, 16 hexadecimal digits.
   *
   * @param executed hash of what the scheduler has executed, the causes of what is told here
   */
  traceHash(executed: number): string {
    let a = 0x9e3779b9 ^ executed
    let b = 0x85ebca6b
    for (let log = 0; log < this.#logs; log++) {
      a = Math.imul(a ^ (this.#high[log] as number), 0x7feb352d)
      b = Math.imul(b ^ (a >>> 15) ^ (this.#low[log] as number), 0x846ca68b)
      a ^= b >>> 13
    }
    // Both words tell runs apart, also where there is no log, as in a cluster that is only read.
    return hex(a) + hex(Math.imul(b ^ a, 0x9e3779b1))
  }

  #addLog(log: number): void {
    this.#logs = log + 1
    if (log < this.#high.length) return
    this.#high = grown(this.#high, 2 * (log + 1))
    this.#low = grown(this.#low, 2 * (log + 1))
  }
}

const TWO_TO_MINUS_32 = 1 / 4294967296

function grown(words: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(length)
  longer.set(words)
  return longer
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0')
}
