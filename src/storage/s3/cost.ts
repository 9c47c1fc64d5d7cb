import { type RequestCounts, type S3Operation, s3Operations } from './s3-operations.js'

const US_PER_MONTH = 30 * 86_400_000_000
const BYTES_PER_GB = 1_073_741_824

/** US dollars. */
export interface Prices {
  readonly putPer1k: number
  readonly getPer1k: number
  /** One GB is 2^30 bytes, as S3 bills. */
  readonly storageGbMonth: number
  readonly uploadGb: number
}

/** What happened in a fault-free window, and how long objects are kept. */
export interface StoreUsage {
  readonly windowUs: number
  /** Requests billed in the window. */
  readonly billed: RequestCounts
  /** Bytes of the objects created in the window. */
  readonly storedBytes: number
  readonly retentionUs: number
  /** Parts that nobody will complete, kept until somebody aborts their uploads. */
  readonly pendingBytes: number
}

export interface MonthlyCost {
  /** Requests, and bytes written where these cost. */
  readonly requests: number
  readonly storage: number
  readonly pendingUploads: number
  readonly total: number
}

/**
 * US dollars for 30 days at the window's rates, once as many objects expire as are created. Traffic
 * within the region is free.
 */
export function monthlyCostUsd(usage: StoreUsage, prices: Prices): MonthlyCost {
  const price = { put: prices.putPer1k, get: prices.getPer1k, free: 0 }
  let requestsInWindow = 0
  for (const operation of Object.keys(s3Operations) as S3Operation[]) {
    requestsInWindow += (usage.billed[operation] * price[s3Operations[operation].price]) / 1000
  }
  const uploads = (usage.storedBytes / BYTES_PER_GB) * prices.uploadGb
  const requests = (requestsInWindow + uploads) * (US_PER_MONTH / usage.windowUs)
  const keptBytes = usage.storedBytes * (usage.retentionUs / usage.windowUs)
  const storage = (keptBytes / BYTES_PER_GB) * prices.storageGbMonth
  const pendingUploads = (usage.pendingBytes / BYTES_PER_GB) * prices.storageGbMonth
  return { requests, storage, pendingUploads, total: requests + storage + pendingUploads }
}
