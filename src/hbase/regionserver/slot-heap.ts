/**
 * Slots by time, first come first served at one time: a binary heap, for what falls due in any
 * order, such as calls that back off for half a second or for minutes.
 */
export class SlotHeap {
  readonly #timesUs: number[] = []
  readonly #orders: number[] = []
  readonly #slots: number[] = []
  #nextOrder = 0

  get length(): number {
    return this.#slots.length
  }

  /** Time of the first slot; Infinity if there is none. */
  get firstUs(): number {
    return this.#timesUs[0] ?? Number.POSITIVE_INFINITY
  }

  push(slot: number, timeUs: number): void {
    let i = this.#slots.length
    this.#set(i, timeUs, this.#nextOrder++, slot)
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!this.#before(i, parent)) break
      this.#swap(i, parent)
      i = parent
    }
  }

  /** Takes the first slot; there must be one. */
  pop(): number {
    const slot = this.#slots[0] as number
    this.#swap(0, this.#slots.length - 1)
    this.#timesUs.pop()
    this.#orders.pop()
    this.#slots.pop()
    for (let i = 0; ; ) {
      let child = 2 * i + 1
      if (child >= this.#slots.length) return slot
      if (child + 1 < this.#slots.length && this.#before(child + 1, child)) child++
      if (!this.#before(child, i)) return slot
      this.#swap(i, child)
      i = child
    }
  }

  clear(): void {
    this.#timesUs.length = 0
    this.#orders.length = 0
    this.#slots.length = 0
  }

  /** No time is below `leastUs` afterwards, nor in `timesUs`; the order stays. */
  raiseAllTo(leastUs: number, timesUs: Float64Array): void {
    const slots: number[] = []
    while (this.length > 0) slots.push(this.pop())
    for (const slot of slots) {
      timesUs[slot] = Math.max(timesUs[slot] as number, leastUs)
      this.push(slot, timesUs[slot] as number)
    }
  }

  #before(i: number, j: number): boolean {
    const difference = (this.#timesUs[i] as number) - (this.#timesUs[j] as number)
    return difference < 0 || (difference === 0 && this.#orders[i] < this.#orders[j])
  }

  #swap(i: number, j: number): void {
    const timeUs = this.#timesUs[i] as number
    const order = this.#orders[i] as number
    const slot = this.#slots[i] as number
    this.#set(i, this.#timesUs[j] as number, this.#orders[j] as number, this.#slots[j] as number)
    this.#set(j, timeUs, order, slot)
  }

  #set(i: number, timeUs: number, order: number, slot: number): void {
    this.#timesUs[i] = timeUs
    this.#orders[i] = order
    this.#slots[i] = slot
  }
}
