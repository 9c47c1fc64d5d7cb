import type { Parameters } from '../storage/parameter.js'
import { type MonthlyCost, monthlyCostUsd } from '../storage/s3/cost.js'
import {
  noRequests,
  type RequestCounts,
  type S3Operation,
  type S3Usage,
} from '../storage/s3/s3-operations.js'

/** What a peer used its store for in the fault-free parts of a run, for the monthly bill. */
export class UsageMeter {
  readonly #billed: RequestCounts = noRequests()
  #storedBytes = 0
  #windowUs = 0
  #paused = 0
  #sinceUs = 0
  #billedBefore: RequestCounts = noRequests()
  #storedBefore = 0

  constructor(
    private readonly usage: S3Usage,
    private readonly retentionUs: number,
    private readonly parameters: Parameters,
  ) {}

  /** A fault begins, or the run ends: what happens from now on is not typical. */
  pause(nowUs: number): void {
    if (this.#paused++ > 0) return
    this.#windowUs += nowUs - this.#sinceUs
    this.#storedBytes += this.usage.storedBytes - this.#storedBefore
    for (const operation of Object.keys(this.#billed) as S3Operation[]) {
      this.#billed[operation] += this.usage.billed[operation] - this.#billedBefore[operation]
    }
  }

  resume(nowUs: number): void {
    if (--this.#paused > 0) return
    this.#sinceUs = nowUs
    this.#storedBefore = this.usage.storedBytes
    this.#billedBefore = { ...this.usage.billed }
  }

  /** Null if no part of the run was fault-free. */
  monthlyCostUsd(): MonthlyCost | null {
    if (this.#windowUs === 0) return null
    const price = (name: string) => {
      const value = this.parameters[name]?.value
      return typeof value === 'number' ? value : 0
    }
    return monthlyCostUsd(
      {
        windowUs: this.#windowUs,
        billed: this.#billed,
        storedBytes: this.#storedBytes,
        retentionUs: this.retentionUs,
        pendingBytes: this.usage.pendingBytes,
      },
      {
        putPer1k: price('pricePutPer1k'),
        getPer1k: price('priceGetPer1k'),
        storageGbMonth: price('priceStorageGbMonth'),
        uploadGb: price('priceUploadGb'),
      },
    )
  }
}
