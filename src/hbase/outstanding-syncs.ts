/** Syncs of a WAL that are issued and have not returned, in order; columns in a typed ring. */
export class OutstandingSyncs {
  #doneUs = new Float64Array(32)
  #edits = new Float64Array(32)
  #bytes = new Float64Array(32)
  #head = 0
  length = 0

  /** When the first sync returns; Infinity if there is none. */
  get firstDoneUs(): number {
    return this.length > 0 ? (this.#doneUs[this.#head] as number) : Number.POSITIVE_INFINITY
  }

  get firstEdits(): number {
    return this.#edits[this.#head] as number
  }

  get firstBytes(): number {
    return this.#bytes[this.#head] as number
  }

  push(doneUs: number, edits: number, bytes: number): void {
    if (this.length === this.#doneUs.length) this.#grow()
    const i = (this.#head + this.length++) & (this.#doneUs.length - 1)
    this.#doneUs[i] = doneUs
    this.#edits[i] = edits
    this.#bytes[i] = bytes
  }

  shift(): void {
    this.#head = (this.#head + 1) & (this.#doneUs.length - 1)
    this.length--
  }

  /** None returns before `timeUs`. */
  postponeTo(timeUs: number): void {
    for (let n = 0; n < this.length; n++) {
      const i = (this.#head + n) & (this.#doneUs.length - 1)
      this.#doneUs[i] = Math.max(this.#doneUs[i] as number, timeUs)
    }
  }

  #grow(): void {
    const rotate = (column: Float64Array) => {
      const grown = new Float64Array(column.length * 2)
      for (let n = 0; n < this.length; n++) {
        grown[n] = column[(this.#head + n) & (column.length - 1)] as number
      }
      return grown
    }
    this.#doneUs = rotate(this.#doneUs)
    this.#edits = rotate(this.#edits)
    this.#bytes = rotate(this.#bytes)
    this.#head = 0
  }
}
