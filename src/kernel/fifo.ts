/** A first-in first-out list in a ring, so that taking the head costs the same however long it is. */
export class Fifo<T> {
  length = 0
  /** Its size is a power of two. */
  private ring: (T | undefined)[] = new Array(8)
  private head = 0

  push(item: T): void {
    if (this.length === this.ring.length) this.grow()
    this.ring[(this.head + this.length++) & (this.ring.length - 1)] = item
  }

  /** Puts an item back to where `shift` took it from. */
  unshift(item: T): void {
    if (this.length === this.ring.length) this.grow()
    this.head = (this.head - 1) & (this.ring.length - 1)
    this.ring[this.head] = item
    this.length++
  }

  /** Takes the oldest item; the caller knows that there is one. */
  shift(): T {
    const item = this.ring[this.head] as T
    this.ring[this.head] = undefined
    this.head = (this.head + 1) & (this.ring.length - 1)
    this.length--
    return item
  }

  /** Takes all, oldest first. */
  drain(): T[] {
    const items: T[] = []
    while (this.length > 0) items.push(this.shift())
    return items
  }

  private grow(): void {
    const { ring, head } = this
    this.ring = [...ring.slice(head), ...ring.slice(0, head), ...new Array(ring.length)]
    this.head = 0
  }
}
