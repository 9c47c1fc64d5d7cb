import { invariant } from '../kernel/errors.js'

/**
 * Bytes that the sources of one region server have read and not yet shipped: one budget for all
 * peers (`replication.total.buffer.quota`, HBase's ReplicationSourceManager).
 */
export class BufferQuota {
  #used = 0
  #maxUsed = 0

  constructor(readonly limit: number) {}

  get used(): number {
    return this.#used
  }

  get maxUsed(): number {
    return this.#maxUsed
  }

  /** No reader may begin a batch. */
  get exceeded(): boolean {
    return this.#used > this.limit
  }

  acquire(bytes: number): void {
    this.#used += bytes
    this.#maxUsed = Math.max(this.#maxUsed, this.#used)
  }

  release(bytes: number): void {
    this.#used -= bytes
    invariant(this.#used >= 0, 'more of the replication buffer is released than was taken')
  }
}
