/** Conservation of bytes: written = open + stored + dropped, at every instant. */
export class ByteAccount {
  /** Bytes ever written to a stream. */
  written = 0
  /** In streams that are open, closing, or died with their process. */
  open = 0
  /** In objects that became visible. */
  stored = 0
  /** In streams that were aborted or failed, and have not become visible for all that. */
  dropped = 0
}

/** The share of one stream in an account. */
export class StreamBytes {
  #state: 'open' | 'stored' | 'dropped' = 'open'
  #bytes = 0

  constructor(private readonly account: ByteAccount) {}

  get total(): number {
    return this.#bytes
  }

  write(bytes: number): void {
    this.#bytes += bytes
    this.account.written += bytes
    this.account.open += bytes
  }

  store(): void {
    this.#move('stored')
  }

  /** No effect on what is stored: a writer may believe an upload failed that did not (R12). */
  drop(): void {
    if (this.#state !== 'stored') this.#move('dropped')
  }

  #move(to: 'stored' | 'dropped'): void {
    this.account[this.#state] -= this.#bytes
    this.account[to] += this.#bytes
    this.#state = to
  }
}
