import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const TESTS = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Cases R1 to R64 of the reference of region servers and replicas that no test has, and why. */
const missing: Record<string, string> = {
  R53: 'coprocessors are outside the model, and nothing else fails a put between memstore and answer',
}

function sources(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return entries
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
}

test('every case of the region-server reference is a test named by its id, or is missing for a reason', () => {
  const all = Array.from({ length: 64 }, (_, i) => `R${i + 1}`)
  // As a test's or a group's name begins, e.g. test('R1: …').
  const named = sources(TESTS).flatMap((text) => text.match(/(?<=['"`])R\d+(?=: )/g) ?? [])
  const found = new Set(named)
  expect(all.filter((id) => !found.has(id))).toEqual(Object.keys(missing))
  expect([...found].filter((id) => !all.includes(id))).toEqual([])
  expect(found.size).toBeGreaterThanOrEqual(55)
})
