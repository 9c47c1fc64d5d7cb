import { expect, it } from 'vitest'
import { regionReplicationSettings } from '../../../../src/hbase/regionserver/regionreplication/region-replication-settings.js'
import { Configuration } from '../../../../src/storage/configuration.js'

const PREFIX = 'hbase.region.read-replica.sink'

it('region replication has the defaults of HBase 3.0', () => {
  expect(regionReplicationSettings(new Configuration())).toEqual({
    retries: 3,
    edits: { rpcUs: 1_000_000, operationUs: 5_000_000 },
    metaEdits: { rpcUs: 15_000_000, operationUs: 60_000_000 },
    batchBytes: 1_048_576,
    batchEntries: 100,
    maxPendingBytes: 104_857_600,
    softPendingBytes: 83_886_080,
    flushMinIntervalSeconds: 30,
  })
})

it('the soft limit is a share of the max pending size', () => {
  const configuration = new Configuration({
    [`${PREFIX}.max-pending-size`]: '1000',
    [`${PREFIX}.max-pending-size.soft-limit-percentage`]: '0.5',
  })
  expect(regionReplicationSettings(configuration).softPendingBytes).toBe(500)
})
