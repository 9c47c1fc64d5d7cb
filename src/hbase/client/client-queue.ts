/** Clients by the time at which each sends next; at one time the first of them goes first. */
export class ClientQueue {
  readonly #clients: Int32Array
  readonly #timesUs: Float64Array
  #length = 0

  /** @param size how many clients there are; each is in the queue at most once */
  constructor(size: number) {
    this.#clients = new Int32Array(size)
    this.#timesUs = new Float64Array(size)
  }

  /** Infinity if nobody is in the queue. */
  get firstUs(): number {
    return this.#length > 0 ? (this.#timesUs[0] as number) : Number.POSITIVE_INFINITY
  }

  push(client: number, timeUs: number): void {
    let i = this.#length++
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!this.#isAfter(parent, client, timeUs)) break
      this.#move(parent, i)
      i = parent
    }
    this.#put(i, client, timeUs)
  }

  /** Takes the first client; there must be one. */
  pop(): number {
    const first = this.#clients[0] as number
    const last = --this.#length
    const client = this.#clients[last] as number
    const timeUs = this.#timesUs[last] as number
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= last) break
      const other = child + 1
      if (other < last && this.#isAfter(child, this.#client(other), this.#timeUs(other))) child++
      if (this.#isAfter(child, client, timeUs)) break
      this.#move(child, i)
      i = child
    }
    this.#put(i, client, timeUs)
    return first
  }

  #isAfter(i: number, client: number, timeUs: number): boolean {
    const difference = this.#timeUs(i) - timeUs
    return difference > 0 || (difference === 0 && this.#client(i) > client)
  }

  #client(i: number): number {
    return this.#clients[i] as number
  }

  #timeUs(i: number): number {
    return this.#timesUs[i] as number
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#client(from), this.#timeUs(from))
  }

  #put(i: number, client: number, timeUs: number): void {
    this.#clients[i] = client
    this.#timesUs[i] = timeUs
  }
}
