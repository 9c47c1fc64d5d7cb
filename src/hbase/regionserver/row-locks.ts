interface RowLock {
  /** Holders of the shared lock. */
  shared: number
  exclusive: boolean
  /** Calls that wait, in order. */
  readonly waiting: { readonly slot: number; readonly exclusive: boolean }[]
}

/**
 * Locks of rows, shared and exclusive, in order of request: HRegion's RowLockContext has a fair
 * ReentrantReadWriteLock. Only rows that somebody holds are in the table.
 */
export class RowLocks {
  readonly #rows = new Map<number, RowLock>()
  readonly #granted: (slot: number) => void

  /** @param granted a call that waited has its lock */
  constructor(granted: (slot: number) => void) {
    this.#granted = granted
  }

  /** Takes the lock of a row; false if the call has to wait for it. */
  lock(row: number, slot: number, exclusive: boolean): boolean {
    const lock = this.#rows.get(row)
    if (lock === undefined) {
      this.#rows.set(row, { shared: exclusive ? 0 : 1, exclusive, waiting: [] })
      return true
    }
    if (lock.waiting.length === 0 && !exclusive && !lock.exclusive) {
      lock.shared++
      return true
    }
    lock.waiting.push({ slot, exclusive })
    return false
  }

  /** A holder lets its lock go. */
  unlock(row: number): void {
    const lock = this.#rows.get(row)
    if (lock === undefined) return
    if (lock.exclusive) lock.exclusive = false
    else lock.shared--
    this.#grant(row, lock)
  }

  /** A call waits no longer. */
  withdraw(row: number, slot: number): void {
    const lock = this.#rows.get(row)
    if (lock === undefined) return
    const i = lock.waiting.findIndex((waiting) => waiting.slot === slot)
    if (i === -1) return
    lock.waiting.splice(i, 1)
    this.#grant(row, lock)
  }

  #grant(row: number, lock: RowLock): void {
    for (let next = lock.waiting[0]; next !== undefined; next = lock.waiting[0]) {
      if (lock.exclusive || (next.exclusive && lock.shared > 0)) return
      lock.waiting.shift()
      if (next.exclusive) lock.exclusive = true
      else lock.shared++
      this.#granted(next.slot)
    }
    if (!lock.exclusive && lock.shared === 0) this.#rows.delete(row)
  }
}
