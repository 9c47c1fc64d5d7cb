import { expect, test } from 'vitest'
import { monthlyCostUsd } from '../../../src/storage/s3/cost.js'
import { noRequests } from '../../../src/storage/s3/s3-operations.js'

const PRICES = { putPer1k: 0.005, getPer1k: 0.0004, storageGbMonth: 0.023, uploadGb: 0 }
const DAY_US = 86_400_000_000

// The small-file rule: 2.592 M PUTs a month at one a second.
test.each([
  [1, 12.96],
  [10, 1.296],
  [60, 0.216],
  [300, 0.0432],
])('a PUT every %d s costs $%d a month', (seconds, usd) => {
  const billed = { ...noRequests(), PUT: 3600 / seconds }
  const usage = {
    windowUs: 3_600_000_000,
    billed,
    storedBytes: 0,
    retentionUs: 30 * DAY_US,
    pendingBytes: 0,
  }
  const cost = monthlyCostUsd(usage, PRICES)
  expect(cost.total).toBeCloseTo(usd, 9)
  expect(cost.storage).toBe(0)
})

test('requests that write or list cost alike, looking up less, deleting nothing', () => {
  const billed = {
    PUT: 1000,
    Initiate: 1000,
    UploadPart: 1000,
    Complete: 1000,
    LIST: 1000,
    HEAD: 1000,
    GET: 1000,
    DELETE: 1000,
  }
  const usage = { windowUs: 30 * DAY_US, billed, storedBytes: 0, retentionUs: 0, pendingBytes: 0 }
  expect(monthlyCostUsd(usage, PRICES).requests).toBeCloseTo(5 * 0.005 + 2 * 0.0004, 12)
})

test('storage: what is created within the retention', () => {
  const storedBytes = 10 * 1_073_741_824
  const usage = {
    windowUs: DAY_US,
    billed: noRequests(),
    storedBytes,
    retentionUs: 7 * DAY_US,
    pendingBytes: 0,
  }
  const storage = 70 * 0.023
  expect(monthlyCostUsd(usage, PRICES)).toEqual({
    requests: 0,
    storage,
    pendingUploads: 0,
    total: storage,
  })
})

test('parts that nobody completes are billed like objects until they are aborted', () => {
  const pendingBytes = 2 * 1_073_741_824
  const usage = {
    windowUs: DAY_US,
    billed: noRequests(),
    storedBytes: 0,
    retentionUs: 0,
    pendingBytes,
  }
  expect(monthlyCostUsd(usage, PRICES).pendingUploads).toBeCloseTo(2 * 0.023, 12)
})

test('a store that bills uploads bills every byte written in the month', () => {
  const storedBytes = 1_073_741_824
  const usage = {
    windowUs: DAY_US,
    billed: noRequests(),
    storedBytes,
    retentionUs: 0,
    pendingBytes: 0,
  }
  expect(monthlyCostUsd(usage, { ...PRICES, uploadGb: 0.0032 }).requests).toBeCloseTo(
    30 * 0.0032,
    12,
  )
})
