/** Syncs of a WAL that are issued and have not returned, in order; columns in a typed ring. */
export class OutstandingSyncs {
  #issuedUs = new Float64Array(32)
  #sentUs = new Float64Array(32)
  #doneUs = new Float64Array(32)
  #edits = new Float64Array(32)
  #bytes = new Float64Array(32)
  #hsync = new Uint8Array(32)
  #head = 0
  length = 0

  /** When the first sync returns; Infinity if there is none, or if it never returns. */
  get firstDoneUs(): number {
    return this.length > 0 ? (this.#doneUs[this.#head] as number) : Number.POSITIVE_INFINITY
  }

  /** When the first sync was asked for. */
  get firstIssuedUs(): number {
    return this.#issuedUs[this.#head] as number
  }

  get firstEdits(): number {
    return this.#edits[this.#head] as number
  }

  get firstBytes(): number {
    return this.#bytes[this.#head] as number
  }

  /** The first sync is an hsync. */
  get firstIsHsync(): boolean {
    return this.#hsync[this.#head] === 1
  }

  /**
   * @param sentUs when its last byte has left for the DataNodes
   * @param hsync not an hflush
   */
  push(
    issuedUs: number,
    sentUs: number,
    doneUs: number,
    edits: number,
    bytes: number,
    hsync = false,
  ): void {
    if (this.length === this.#doneUs.length) this.#grow()
    const i = (this.#head + this.length++) & (this.#doneUs.length - 1)
    this.#issuedUs[i] = issuedUs
    this.#sentUs[i] = sentUs
    this.#doneUs[i] = doneUs
    this.#edits[i] = edits
    this.#bytes[i] = bytes
    this.#hsync[i] = hsync ? 1 : 0
  }

  shift(): void {
    this.#head = (this.#head + 1) & (this.#doneUs.length - 1)
    this.length--
  }

  clear(): void {
    this.length = 0
  }

  /** Edits of the syncs whose bytes had left by `timeUs`. */
  editsSentBy(timeUs: number): number {
    return this.#sum(this.#edits, timeUs)
  }

  /** Bytes of those edits. */
  bytesSentBy(timeUs: number): number {
    return this.#sum(this.#bytes, timeUs)
  }

  /** All bytes have left by `timeUs`. */
  sendBy(timeUs: number): void {
    for (let n = 0; n < this.length; n++) {
      const i = (this.#head + n) & (this.#doneUs.length - 1)
      this.#sentUs[i] = Math.min(this.#sentUs[i] as number, timeUs)
    }
  }

  /** Syncs that would return after `timeUs` never do. */
  loseAfter(timeUs: number): void {
    for (let n = 0; n < this.length; n++) {
      const i = (this.#head + n) & (this.#doneUs.length - 1)
      if ((this.#doneUs[i] as number) > timeUs) this.#doneUs[i] = Number.POSITIVE_INFINITY
    }
  }

  /** Syncs that would never return do so at `doneUs`: their bytes are sent again. */
  returnLostAt(doneUs: number): void {
    for (let n = 0; n < this.length; n++) {
      const i = (this.#head + n) & (this.#doneUs.length - 1)
      if (this.#doneUs[i] === Number.POSITIVE_INFINITY) this.#doneUs[i] = doneUs
    }
  }

  /** None returns before `timeUs`. */
  postponeTo(timeUs: number): void {
    for (let n = 0; n < this.length; n++) {
      const i = (this.#head + n) & (this.#doneUs.length - 1)
      this.#doneUs[i] = Math.max(this.#doneUs[i] as number, timeUs)
    }
  }

  #sum(column: Float64Array, timeUs: number): number {
    let sum = 0
    for (let n = 0; n < this.length; n++) {
      const i = (this.#head + n) & (this.#doneUs.length - 1)
      if ((this.#sentUs[i] as number) > timeUs) break
      sum += column[i] as number
    }
    return sum
  }

  #grow(): void {
    const rotate = (column: Float64Array | Uint8Array) => {
      const grown = new Float64Array(column.length * 2)
      for (let n = 0; n < this.length; n++) {
        grown[n] = column[(this.#head + n) & (column.length - 1)] as number
      }
      return grown
    }
    const issuedUs = rotate(this.#issuedUs)
    const sentUs = rotate(this.#sentUs)
    const doneUs = rotate(this.#doneUs)
    this.#edits = rotate(this.#edits)
    this.#bytes = rotate(this.#bytes)
    this.#hsync = Uint8Array.from(rotate(this.#hsync))
    this.#issuedUs = issuedUs
    this.#sentUs = sentUs
    this.#doneUs = doneUs
    this.#head = 0
  }
}
