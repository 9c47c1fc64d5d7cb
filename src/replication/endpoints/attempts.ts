import type { Protocol } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import { type Extent, type Resend, resent } from '../../storage/extent.js'
import { IOException } from '../../storage/io-exception.js'
import type { WALEntryBatch } from '../wal-entry-batch.js'

/** An attempt that fails at once would be repeated without end at one instant. */
export const REFUSAL_US = 1_000_000

/** Remembers which batches come again because they were refused, and so may be stored twice. */
export class Attempts {
  /** By WAL group: its shipper sends nothing else before the batch is accepted. */
  readonly #refused = new Map<number, Refusal>()

  /** What to write of `batch` this time. */
  extentsOf(batch: WALEntryBatch): readonly Extent[] {
    const refusal = this.#refusalOf(batch)
    return refusal === null ? batch.extents : resent(batch.extents, refusal.cause)
  }

  /** @param writtenParts parts of the batch that are in files which will be kept */
  refused(batch: WALEntryBatch, writtenParts: number): void {
    const before = this.#refusalOf(batch)?.cause ?? 'retry'
    this.#refused.set(batch.group, { batch, cause: writtenParts > 0 ? 'partial batch' : before })
  }

  accepted(batch: WALEntryBatch): void {
    this.#refused.delete(batch.group)
  }

  #refusalOf({ group, wal, fromPosition, toPosition }: WALEntryBatch): Refusal | null {
    const refusal = this.#refused.get(group)
    if (refusal === undefined || refusal.batch.wal !== wal) return null
    const { batch } = refusal
    return batch.fromPosition === fromPosition && batch.toPosition === toPosition ? refusal : null
  }
}

interface Refusal {
  readonly batch: WALEntryBatch
  readonly cause: Resend
}

/**
 * The answer to an attempt that began at `sinceUs`. One that took no time is answered 1 s later: the
 * real shipper would spin meanwhile, to no effect but on its processor.
 */
export function* failed(scheduler: Scheduler, sinceUs: number): Protocol<'FAILED'> {
  if (scheduler.now === sinceUs) yield REFUSAL_US
  return 'FAILED'
}

/** Runs `protocol`; false if an IOException ended it. */
export function* succeeds(protocol: Protocol<unknown>): Protocol<boolean> {
  try {
    yield* protocol
    return true
  } catch (error) {
    if (error instanceof IOException) return false
    throw error
  }
}
