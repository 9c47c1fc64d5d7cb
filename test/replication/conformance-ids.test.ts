import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const TESTS = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Cases RB1 to RB58 of the replication reference that no test has, and why. */
const missing: Record<string, string> = {
  RB19: 'time-outs of the cluster-to-cluster endpoint, which is outside the model',
  RB26: 'serial replication is outside the model',
  RB35: 'bulk load waits: references of HFiles',
  RB42: 'bulk load and restore wait',
  RB44: 'bulk load and restore wait',
  RB45: 'bulk load waits: copies of HFiles',
  RB46: 'backups and restores wait: incremental backup',
  RB47: 'backups and restores wait: point-in-time restore',
  RB48: 'backups and restores wait: cleanup',
  RB49: 'backups and restores wait: cleanup',
  RB50: 'backups and restores wait: incremental backup',
  RB51: 'backups and restores wait: replay of WALs',
  RB52: 'backups and restores wait: replay of WALs',
  RB58: 'backups and restores wait: point-in-time restore',
}

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
