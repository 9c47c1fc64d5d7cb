/**
 * A first-in-first-out ring of slot numbers in a typed array that grows as needed. Kept sorted by a
 * key when filled through `insert`: late comers are few and near the end, so that is cheap.
 */
export class SlotRing {
  #slots: Int32Array
  #mask: number
  #head = 0
  length = 0

  constructor(capacity = 64) {
    this.#slots = new Int32Array(capacity)
    this.#mask = capacity - 1
  }

  /** The first slot; only meaningful if `length > 0`. */
  first(): number {
    return this.#slots[this.#head] as number
  }

  /** The slot at position `i` from the front. */
  at(i: number): number {
    return this.#slots[(this.#head + i) & this.#mask] as number
  }

  push(slot: number): void {
    if (this.length > this.#mask) this.#grow()
    this.#slots[(this.#head + this.length++) & this.#mask] = slot
  }

  /** Inserts `slot` behind all whose key is not greater. */
  insert(slot: number, keys: Float64Array): void {
    if (this.length > this.#mask) this.#grow()
    const slots = this.#slots
    const mask = this.#mask
    const key = keys[slot] as number
    let i = this.#head + this.length++
    while (i > this.#head) {
      const before = slots[(i - 1) & mask] as number
      if ((keys[before] as number) <= key) break
      slots[i & mask] = before
      i--
    }
    slots[i & mask] = slot
  }

  shift(): number {
    const slot = this.#slots[this.#head] as number
    this.#head = (this.#head + 1) & this.#mask
    this.length--
    return slot
  }

  clear(): void {
    this.length = 0
  }

  /** Adds `amount` to the key of every slot. */
  addToAll(amount: number, keys: Float64Array): void {
    for (let i = 0; i < this.length; i++) {
      keys[this.at(i)] = (keys[this.at(i)] as number) + amount
    }
  }

  /** No key is below `least` afterwards; the order stays. */
  raiseAllTo(least: number, keys: Float64Array): void {
    for (let i = 0; i < this.length; i++) {
      keys[this.at(i)] = Math.max(keys[this.at(i)] as number, least)
    }
  }

  #grow(): void {
    const grown = new Int32Array(this.#slots.length * 2)
    for (let i = 0; i < this.length; i++) grown[i] = this.at(i)
    this.#slots = grown
    this.#mask = grown.length - 1
    this.#head = 0
  }
}
