import { describe, expect, test } from 'vitest'
import { clusterParameters } from '../../src/hbase/cluster-parameters.js'
import { recoveryParameters } from '../../src/hbase/master/recovery-parameters.js'
import { assumptionsOf } from '../../src/simulation/assumptions.js'
import { modelledProperties } from '../../src/simulation/model.js'
import type { Assumption } from '../../src/simulation/result.js'
import { Run } from '../../src/simulation/run.js'
import { hdfsProfiles } from '../../src/storage/hdfs/profiles.js'
import { storeProfiles } from '../../src/storage/s3/profiles.js'
import { scenarioOf, type Written } from './random-scenario.js'

function assumptions(written: Written = {}): Map<string, Assumption> {
  const scenario = scenarioOf({
    duration: '1 s',
    stores: { backup: { profile: 's3-standard' }, second: { profile: 's3-standard' } },
    workload: [{ table: 'usertable', rate: '1/s', valueSize: '100 B' }],
    ...written,
  })
  const list = assumptionsOf(new Run(scenario, 1))
  return new Map(list.map((assumption) => [assumption.parameter, assumption]))
}

describe('what a run rests on', () => {
  test('every parameter and every property is named once, with its value and its source', () => {
    const names = [
      ...Object.keys({ ...clusterParameters, ...recoveryParameters }).map(
        (name) => `cluster.${name}`,
      ),
      ...Object.keys(hdfsProfiles['hdfs-nvme'] ?? {}).map((name) => `cluster.hdfs.${name}`),
      ...['backup', 'second'].flatMap((store) =>
        Object.keys(storeProfiles['s3-standard'] ?? {}).map((name) => `stores.${store}.${name}`),
      ),
      ...Object.keys(modelledProperties),
    ]
    const found = assumptions()
    expect([...found.keys()]).toEqual(names.sort())
    for (const { parameter, value, source } of found.values()) {
      expect(value, parameter).not.toBe('')
      expect(source, parameter).not.toBe('')
    }
  })

  test('a default has the source of its registry, and an estimate says that it is one', () => {
    const found = assumptions()
    expect(found.get('stores.backup.put')).toEqual({
      parameter: 'stores.backup.put',
      value: 'lognormal(45 ms, 0.4) + 0.015 * lognormal(250 ms, 0.8)',
      source: 'between napkin-math PR 39, smithy-rs PR 3446 and SlateDB; 64 KiB to 128 KB objects',
    })
    expect(found.get('stores.backup.errorRate')?.source).toBe(
      'designed availability 99.99 %; an estimate',
    )
    expect(found.get('cluster.network')?.source).toMatch(/^estimate /)
    expect(found.get('fs.s3a.retry.limit')).toMatchObject({
      value: '7',
      source: 'Hadoop 3.4.1 core-default.xml; S3ARetryPolicy',
    })
  })

  test('what the scenario sets has the scenario as its source', () => {
    const found = assumptions({
      cluster: { network: 'uniform(1 ms, 2 ms)', hdfs: { hsync: '7 ms' } },
      stores: {
        backup: { profile: 's3-standard', errorRate: 0.5 },
        second: { profile: 's3-standard' },
      },
    })
    const source = 'scenario'
    expect(found.get('cluster.network')).toMatchObject({ value: 'uniform(1 ms, 2 ms)', source })
    expect(found.get('cluster.hdfs.hsync')).toMatchObject({ value: '7 ms', source })
    expect(found.get('stores.backup.errorRate')).toMatchObject({ value: '0.5', source })
    expect(found.get('stores.second.errorRate')?.source).not.toBe(source)
  })

  test('what the site sets has the site as its source, as it was written', () => {
    const found = assumptions({
      site: { 'fs.s3a.multipart.size': '32M', 'hbase.wal.hsync': 'true' },
    })
    const source = 'site'
    expect(found.get('fs.s3a.multipart.size')).toMatchObject({ value: '32M', source })
    expect(found.get('hbase.wal.hsync')).toMatchObject({ value: 'true', source })
  })

  test('what HBase derives from other properties says from which', () => {
    expect(assumptions().get('hbase.regionserver.hlog.blocksize')).toEqual({
      parameter: 'hbase.regionserver.hlog.blocksize',
      value: 'derived',
      source: 'WALUtil: WAL block size; default 2 × dfs.blocksize',
    })
  })
})

test('a property that a site file set has that file in its source', () => {
  const scenario = scenarioOf({
    duration: '1 s',
    site: { 'hbase.regionserver.handler.count': '60', 'hbase.wal.hsync': 'true' },
    workload: [{ table: 'usertable', rate: '1/s', valueSize: '100 B' }],
  })
  const siteFiles = { 'hbase.regionserver.handler.count': 'hbase-site.xml' }
  const found = assumptionsOf(new Run({ ...scenario, siteFiles }, 1))
  const sourceOf = (name: string) => found.find(({ parameter }) => parameter === name)?.source
  expect(sourceOf('hbase.regionserver.handler.count')).toBe('site (hbase-site.xml)')
  expect(sourceOf('hbase.wal.hsync')).toBe('site')
})
