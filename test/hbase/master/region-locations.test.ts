import { expect, test } from 'vitest'
import { RegionLocations } from '../../../src/hbase/master/region-locations.js'

test('a region is in transition until it is opened, and again when it is closed', () => {
  const server = { alive: true }
  const locations = new RegionLocations<{ alive: boolean }>(3)
  expect(locations.serverOf(1)).toBe(null)
  locations.open(1, server)
  expect(locations.serverOf(1)).toBe(server)
  expect(locations.regionsOf(server)).toEqual([1])
  locations.close(1)
  expect(locations.serverOf(1)).toBe(null)
  expect(locations.regionsOf(server)).toEqual([])
})

test('nobody serves the regions of a dead server, and it is known that they were its', () => {
  const server = { alive: true }
  const locations = new RegionLocations<{ alive: boolean }>(2)
  locations.open(0, server)
  locations.open(1, server)
  server.alive = false
  expect(locations.serverOf(0)).toBe(null)
  expect(locations.regionsOf(server)).toEqual([0, 1])
})
