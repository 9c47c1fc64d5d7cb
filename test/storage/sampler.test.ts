import { expect, test } from 'vitest'
import { lognormal } from '../../src/kernel/distribution.js'
import { Luck } from '../../src/kernel/draws.js'
import { hdfsProfiles } from '../../src/storage/hdfs/profiles.js'
import { storeProfiles } from '../../src/storage/s3/profiles.js'
import { Sampler } from '../../src/storage/sampler.js'
import { profile } from './world.js'

const FLUSH = { name: 'flush', sharing: 'matched' } as const

test('the same work has the same luck, whatever was drawn before', () => {
  const parameters = profile(hdfsProfiles['hdfs-nvme'], {})
  const one = new Sampler(parameters, new Luck(1)).entity('rs1')
  const other = new Sampler(parameters, new Luck(1)).entity('rs1')
  other.durationUs(FLUSH, 'hflush', 3)
  other.durationUs(FLUSH, 'hsync', 7)
  expect(other.durationUs(FLUSH, 'hflush', 7)).toBe(one.durationUs(FLUSH, 'hflush', 7))
  expect(one.durationUs(FLUSH, 'hflush', 8)).not.toBe(one.durationUs(FLUSH, 'hflush', 7))
})

test('a slower parameter makes the same work slower', () => {
  const values = { hflush: lognormal(900, 0.4) }
  const fast = profile(hdfsProfiles['hdfs-nvme'], { hflush: lognormal(450, 0.4) })
  const slow = profile(hdfsProfiles['hdfs-nvme'], values)
  for (let work = 0; work < 100; work++) {
    const fastUs = new Sampler(fast, new Luck(1)).entity('rs1').draw(FLUSH, 'hflush', work)
    const slowUs = new Sampler(slow, new Luck(1)).entity('rs1').draw(FLUSH, 'hflush', work)
    expect(slowUs / fastUs).toBeCloseTo(2, 9)
  }
})

test('an unknown parameter is named', () => {
  const sampler = new Sampler(profile(hdfsProfiles['hdfs-nvme'], {}), new Luck(1))
  expect(() => sampler.number('hfluss')).toThrow('no parameter "hfluss"')
})

// p50 and p99 in milliseconds as the published tables of the profiles state them.
test.each([
  ['hdfs-nvme', 'hflush', 0.45, 1.3],
  ['hdfs-nvme', 'hflushPacket', 0.75, 2.1],
  ['hdfs-nvme', 'hsync', 1.3, 4.5],
  ['hdfs-nvme', 'nameNodeWrite', 2.5, 16],
  ['hdfs-nvme', 'nameNodeRead', 0.8, 5],
  ['hdfs-nvme', 'readFirstByte', 1.2, 5],
  ['s3-standard', 'put', 45, 180],
  ['s3-standard', 'createMultipart', 30, 115],
  ['s3-standard', 'completeMultipart', 95, 235],
  ['s3-standard', 'head', 10, 25],
  ['s3-standard', 'list', 24, 61],
  ['s3-standard', 'delete', 12, 36],
])('%s: %s has p50 %d ms and p99 %d ms', (name, parameter, p50, p99) => {
  const all = { ...hdfsProfiles, ...storeProfiles }
  const sampler = new Sampler(profile(all[name], {}), new Luck(7)).entity('x')
  const draws = Array.from({ length: 40_000 }, (_, work) => sampler.draw(FLUSH, parameter, work))
  draws.sort((a, b) => a - b)
  expect(draws[20_000] / 1000 / p50).toBeGreaterThan(0.95)
  expect(draws[20_000] / 1000 / p50).toBeLessThan(1.08)
  expect(draws[39_600] / 1000 / p99).toBeGreaterThan(0.85)
  expect(draws[39_600] / 1000 / p99).toBeLessThan(1.18)
})

test('every parameter says where it comes from', () => {
  for (const parameters of [...Object.values(hdfsProfiles), ...Object.values(storeProfiles)]) {
    for (const { doc, source, grade } of Object.values(parameters)) {
      expect(doc).not.toBe('')
      expect(source).not.toBe('')
      expect('ABCD').toContain(grade)
    }
  }
})
