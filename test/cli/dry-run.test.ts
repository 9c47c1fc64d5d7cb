import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { obey } from './obey.js'

const SCENARIO = `name: two-designs
seed: 11
duration: 10 min
site: { hbase.wal.hsync: true, hbase.made.up: 1 }
cluster: { hdfs: { hsync: 2 ms } }
stores: { backup: { profile: s3-standard } }
tables: { usertable: { regions: 3 } }
workload:
  - { table: usertable, mix: { put: 0.5, get: 0.5 }, rate: 300/s, valueSize: 10 KiB }
peers:
  backup: { endpoint: staged-copy, store: backup }
variants:
  option-1: {}
  direct: { peers.backup.endpoint: direct }
`
const SITE = `<configuration>
  <property><name>hbase.regionserver.handler.count</name><value>60</value></property>
</configuration>
`

let folder = ''
let scenario = ''
let words: string[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hbsim-test-'))
  scenario = join(folder, 'two-designs.yaml')
  const site = join(folder, 'hbase-site.xml')
  writeFileSync(scenario, SCENARIO)
  writeFileSync(site, SITE)
  words = ['compare', scenario, '--site', site, '--out', join(folder, 'out'), '--dry-run']
})
afterEach(() => rmSync(folder, { recursive: true }))

test('says what would be run, what differs and what is set, and leaves no trace', async () => {
  const { code, out, err, jobs } = await obey([...words, '--seeds', '2'])
  expect([code, err, jobs]).toEqual([0, '', 0])
  expect(existsSync(join(folder, 'out'))).toBe(false)
  expect(out).toMatch(
    /^Nothing is run. This would be 4 runs \(2 variants, 2 seeds\) of 10 min of simulated time each/,
  )
  const row = (...cells: string[]) => new RegExp(cells.join('[ │]+'))
  expect(out).toMatch(row('option-1', '11…12', '10 min', '.*', 'about 180,000', 'about 90,000'))
  expect(out).toMatch(row('peers.backup.endpoint', 'as written', 'direct'))
  expect(out).toMatch(row('hbase.wal.hsync', 'true', "the scenario's site", 'all'))
  expect(out).toMatch(row('hbase.regionserver.handler.count', '60', '\\S*hbase-site.xml', 'all'))
  expect(out).toMatch(row('cluster.hdfs.hsync', '2 ms', 'scenario', 'all'))
  expect(out).toContain('Not modelled, without effect: hbase.made.up')
  expect(out).toContain(`Results would go to ${join(folder, 'out')}.`)
})

test('--json has every run and every value with its origin', async () => {
  const { code, out, jobs } = await obey([...words, '--seeds', '2', '--json'])
  expect([code, jobs]).toEqual([0, 0])
  const plan = JSON.parse(out)
  expect(plan.runs).toEqual([
    { variant: 'option-1', seed: 11 },
    { variant: 'option-1', seed: 12 },
    { variant: 'direct', seed: 11 },
    { variant: 'direct', seed: 12 },
  ])
  expect(plan.variants[1]).toMatchObject({
    name: 'direct',
    overrides: { 'peers.backup.endpoint': 'direct' },
    durationUs: 600_000_000,
    operations: 180_000,
    edits: 90_000,
  })
  const valueNamed = (name: string) =>
    plan.values.find(({ parameter }: { parameter: string }) => parameter === name)
  expect(valueNamed('hbase.wal.hsync')).toMatchObject({ value: 'true', source: 'site' })
  expect(valueNamed('hbase.client.retries.number')).toMatchObject({
    value: '15',
    source: 'hbase-default.xml',
  })
})

test('as many operations as closed-loop clients get answers for are not foretold', async () => {
  writeFileSync(scenario, SCENARIO.replace('rate: 300/s', 'clients: 10'))
  const { out } = await obey([...words, '--json'])
  expect(JSON.parse(out).variants[0]).toMatchObject({ operations: null, edits: null })
})

test('bad input is exit 2, and so is a folder that could not take the results', async () => {
  const bad = await obey([...words, '--set', 'duration=5'])
  expect([bad.code, bad.out]).toEqual([2, ''])
  const taken = await obey(['run', scenario, '--out', folder, '--dry-run'])
  expect([taken.code, taken.out]).toEqual([2, ''])
  expect(taken.err).toContain('is not empty')
  expect(readdirSync(folder).sort()).toEqual(['hbase-site.xml', 'two-designs.yaml'])
})
