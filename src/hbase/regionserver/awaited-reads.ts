/**
 * The reads on one server whose clients do something as soon as they have the answer: while there
 * are any, each step of the write path is looked at when it happens.
 */
export class AwaitedReads {
  #count = 0

  /** @param onDisturbed the server's next look may have to come sooner */
  constructor(private readonly onDisturbed: () => void) {}

  get waiting(): number {
    return this.#count
  }

  begin(): void {
    this.#count++
    this.onDisturbed()
  }

  end(): void {
    this.#count--
  }
}
