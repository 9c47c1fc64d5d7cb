interface Entry {
  readonly mark: number
  /** Decides between equal marks. */
  readonly order: number
  /** Where it stands; kept by the heap. */
  position: number
}

/** A binary heap by `mark`, lowest first, from whose middle entries can be removed. */
export class TransferHeap<E extends Entry> {
  private readonly entries: E[] = []

  get size(): number {
    return this.entries.length
  }

  get top(): E | undefined {
    return this.entries[0]
  }

  push(entry: E): void {
    this.entries.push(entry)
    this.rise(entry, this.entries.length - 1)
  }

  /** @param entry one that stands in this heap */
  remove(entry: E): void {
    const last = this.entries.pop()
    if (last === undefined || last === entry) return
    this.sink(last, entry.position)
    this.rise(last, last.position)
  }

  private rise(entry: E, from: number): void {
    let hole = from
    while (hole > 0) {
      const parent = this.entries[(hole - 1) >> 1]
      if (!isBefore(entry, parent)) break
      const above = parent.position
      this.place(parent, hole)
      hole = above
    }
    this.place(entry, hole)
  }

  private sink(entry: E, from: number): void {
    const { entries } = this
    let hole = from
    for (let child = 2 * hole + 1; child < entries.length; child = 2 * hole + 1) {
      if (child + 1 < entries.length && isBefore(entries[child + 1], entries[child])) child++
      if (!isBefore(entries[child], entry)) break
      this.place(entries[child], hole)
      hole = child
    }
    this.place(entry, hole)
  }

  private place(entry: E, position: number): void {
    this.entries[position] = entry
    entry.position = position
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.mark < b.mark || (a.mark === b.mark && a.order < b.order)
}
