/**
 * A binary heap of (time, slot), earliest first; equal times in order of the slots' sequence numbers.
 *
 * Times and slots lie side by side in one array, so that a step down touches one cache line; the
 * sequence numbers stay with the slots, because only ties need them.
 */
export class EventHeap {
  size = 0
  private entries = new Float64Array(2 * 64)

  /** @param sequences of the slots; replaced by `growTo` when the slots grow */
  constructor(private sequences: Float64Array) {}

  get topTime(): number {
    return this.entries[0]
  }

  get topSlot(): number {
    return this.entries[1]
  }

  growTo(capacity: number, sequences: Float64Array): void {
    const entries = new Float64Array(2 * capacity)
    entries.set(this.entries)
    this.entries = entries
    this.sequences = sequences
  }

  push(time: number, slot: number): void {
    const { entries } = this
    let hole = this.size++
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      const parentTime = entries[2 * parent]
      if (parentTime < time) break
      const parentSlot = entries[2 * parent + 1]
      if (parentTime === time && this.sequences[parentSlot] < this.sequences[slot]) break
      entries[2 * hole] = parentTime
      entries[2 * hole + 1] = parentSlot
      hole = parent
    }
    entries[2 * hole] = time
    entries[2 * hole + 1] = slot
  }

  removeTop(): void {
    const last = --this.size
    if (last > 0) this.sink(0, this.entries[2 * last], this.entries[2 * last + 1])
  }

  replaceTop(time: number, slot: number): void {
    this.sink(0, time, slot)
  }

  /** Drops the entries that `keep` refuses, in time proportional to the size. */
  retain(keep: (slot: number) => boolean): void {
    const { entries } = this
    let kept = 0
    for (let i = 0; i < this.size; i++) {
      if (!keep(entries[2 * i + 1])) continue
      entries[2 * kept] = entries[2 * i]
      entries[2 * kept + 1] = entries[2 * i + 1]
      kept++
    }
    this.size = kept
    for (let i = (kept >> 1) - 1; i >= 0; i--) this.sink(i, entries[2 * i], entries[2 * i + 1])
  }

  /** Moves the hole at `hole` down until (time, slot) may stand in it. */
  private sink(hole: number, time: number, slot: number): void {
    const { entries, sequences, size } = this
    for (let child = 2 * hole + 1; child < size; child = 2 * hole + 1) {
      if (child + 1 < size) {
        const left = entries[2 * child]
        const right = entries[2 * child + 2]
        if (right < left) child++
        else if (
          right === left &&
          sequences[entries[2 * child + 3]] < sequences[entries[2 * child + 1]]
        ) {
          child++
        }
      }
      const childTime = entries[2 * child]
      if (childTime > time) break
      const childSlot = entries[2 * child + 1]
      if (childTime === time && sequences[childSlot] > sequences[slot]) break
      entries[2 * hole] = childTime
      entries[2 * hole + 1] = childSlot
      hole = child
    }
    entries[2 * hole] = time
    entries[2 * hole + 1] = slot
  }
}
