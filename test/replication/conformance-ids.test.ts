import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { missing } from './missing-cases.js'

const TESTS = join(dirname(fileURLToPath(import.meta.url)), '..')

function sources(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return entries
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
}

test('every case of the replication reference is a test named by its id, or is missing for a reason', () => {
  const all = Array.from({ length: 58 }, (_, i) => `RB${i + 1}`)
  // As a test's or a group's name begins, e.g. test('RB1: …').
  const named = sources(TESTS).flatMap((text) => text.match(/(?<=['"`])RB\d+(?=: )/g) ?? [])
  const found = new Set(named)
  expect(all.filter((id) => !found.has(id))).toEqual(Object.keys(missing))
  expect([...found].filter((id) => !all.includes(id))).toEqual([])
  expect(found.size).toBeGreaterThanOrEqual(40)
})
