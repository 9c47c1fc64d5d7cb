/** A first-in first-out list whose head is taken in constant time however long it is. */
export class Fifo<T> {
  private items: T[] = []
  private head = 0

  get length(): number {
    return this.items.length - this.head
  }

  push(item: T): void {
    this.items.push(item)
  }

  /** Puts an item back to where `shift` took it from. */
  unshift(item: T): void {
    if (this.head > 0) this.items[--this.head] = item
    else this.items.unshift(item)
  }

  /** Takes the oldest item; the caller knows that there is one. */
  shift(): T {
    const item = this.items[this.head++]
    // Dropping the taken ones when they are half of it costs each item one move on average.
    if (2 * this.head >= this.items.length) this.items = this.drop()
    return item
  }

  /** Takes all, oldest first. */
  drain(): T[] {
    const items = this.drop()
    this.items = []
    return items
  }

  private drop(): T[] {
    const items = this.items.slice(this.head)
    this.head = 0
    return items
  }
}
