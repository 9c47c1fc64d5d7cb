import { describe, expect, test } from 'vitest'
import { UsageMeter } from '../../src/simulation/usage-meter.js'
import type { Parameters } from '../../src/storage/parameter.js'
import { storeProfiles } from '../../src/storage/s3/profiles.js'
import { S3Usage } from '../../src/storage/s3/s3-operations.js'

const DAY = 86_400_000_000
const parameters = storeProfiles['s3-standard'] as Parameters

/** $0.005 per 1,000 PUTs, $0.0004 per 1,000 GETs, $0.023 per GiB and month. */
function metered(retentionUs = 30 * DAY) {
  const store = new S3Usage()
  return { store, meter: new UsageMeter(store, retentionUs, parameters) }
}

describe('the bill of a store', () => {
  test('scales the requests of the metered time to 30 days', () => {
    const { store, meter } = metered()
    store.billed.PUT = 600
    store.billed.LIST = 400
    store.billed.HEAD = 1000
    store.billed.DELETE = 1_000_000
    meter.pause(DAY)
    const cost = meter.monthlyCostUsd()
    expect(cost?.requests).toBeCloseTo(30 * (0.005 + 0.0004), 12)
    expect(cost?.storage).toBe(0)
    expect(cost?.total).toBe(cost?.requests)
  })

  test('keeps what is stored for the retention', () => {
    const { store, meter } = metered(7 * DAY)
    store.storedBytes = 2 ** 30
    meter.pause(DAY)
    expect(meter.monthlyCostUsd()?.storage).toBeCloseTo(7 * 0.023, 12)
  })

  test('leaves out what happens while it is paused', () => {
    const { store, meter } = metered()
    store.billed.PUT = 1000
    store.storedBytes = 2 ** 30
    meter.pause(DAY)
    store.billed.PUT = 500_000
    store.storedBytes = 2 ** 40
    meter.resume(8 * DAY)
    store.billed.PUT = 501_000
    store.storedBytes = 2 ** 40 + 2 ** 30
    meter.pause(9 * DAY)
    const cost = meter.monthlyCostUsd()
    expect(cost?.requests).toBeCloseTo(30 * 0.005, 12)
    expect(cost?.storage).toBeCloseTo(30 * 0.023, 12)
  })

  test('a pause within a pause ends with the outer one', () => {
    const { store, meter } = metered()
    store.billed.PUT = 1000
    meter.pause(DAY)
    meter.pause(2 * DAY)
    meter.resume(3 * DAY)
    store.billed.PUT = 9000
    meter.resume(4 * DAY)
    meter.pause(5 * DAY)
    expect(meter.monthlyCostUsd()?.requests).toBeCloseTo(30 * 0.0025, 12)
  })

  test('is unknown if no time was metered', () => {
    const { meter } = metered()
    meter.pause(0)
    expect(meter.monthlyCostUsd()).toBe(null)
  })
})
