import * as nodeFiles from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  claimFolder,
  type FileOperations,
  UnusableFolder,
  writeFolder,
} from '../../src/report/output-folder.js'

/** What needs room on the disk. */
const NEED_ROOM = ['mkdirSync', 'openSync', 'writeSync', 'fsyncSync', 'renameSync'] as const
type NeedsRoom = (typeof NEED_ROOM)[number]

/** Waiting for a real disk would only take time. */
const QUICK: FileOperations = { ...nodeFiles, fsyncSync: () => {} }

/** A disk that has no room for the `n`-th operation, and for what follows if it stays full. */
function fullDisk(n: number, staysFull: boolean) {
  let done = 0
  const failed: NeedsRoom[] = []
  const files: FileOperations = { ...QUICK }
  for (const name of NEED_ROOM) {
    Reflect.set(files, name, (...given: unknown[]) => {
      done++
      // Renaming back takes no room: a disk that stays full refuses only what is new.
      if (done === n || (staysFull && done > n && name !== 'renameSync')) {
        failed.push(name)
        throw Object.assign(new Error(`ENOSPC: no space left on device, ${name}`), {
          code: 'ENOSPC',
        })
      }
      return Reflect.apply(QUICK[name], QUICK, given)
    })
  }
  return { files, failed }
}

const OLD = { 'summary.json': 'old', 'rpo.png': 'old', 'lag.png': 'old' }
const NEW = { 'summary.json': 'new', 'rpo.png': 'new', 'report.html': 'new' }

function asFiles(report: Record<string, string>) {
  // In two pieces, so that a file can end half-written.
  return Object.entries(report).map(([name, text]) => ({ name, content: [text[0], text.slice(1)] }))
}

function write(report: Record<string, string>, files: FileOperations = QUICK): void {
  claimFolder(out, files)
  writeFolder(out, asFiles(report), files)
}

function shown(): Record<string, string> {
  const names = nodeFiles.existsSync(out) ? nodeFiles.readdirSync(out) : []
  const visible = names.filter((name) => name !== '.hbsim')
  return Object.fromEntries(
    visible.map((name) => [name, nodeFiles.readFileSync(join(out, name), 'utf8')]),
  )
}

let base = ''
let out = ''
beforeEach(() => {
  base = nodeFiles.mkdtempSync(join(tmpdir(), 'hbsim-test-'))
  out = join(base, 'out')
})
afterEach(() => nodeFiles.rmSync(base, { recursive: true }))

describe.each([
  ['for a moment', false],
  ['for good', true],
])('a disk that is full %s', (_, staysFull) => {
  test.each([
    ['the first report', {}],
    ['a second report', OLD],
  ])('at any write, open, fsync or rename of %s leaves one report whole, or none', (_, before) => {
    const refused = new Set<string>()
    for (let n = 1; ; n++) {
      nodeFiles.rmSync(out, { recursive: true, force: true })
      if (Object.keys(before).length > 0) write(before)
      const { files, failed } = fullDisk(n, staysFull)
      let error: unknown = null
      try {
        write(NEW, files)
      } catch (thrown) {
        error = thrown
      }
      if (failed.length === 0) break
      refused.add(failed[0])
      expect(error).toBeInstanceOf(UnusableFolder)
      expect(error).toMatchObject({ message: `cannot write to ${out}: no space left` })
      expect([before, NEW]).toContainEqual(shown())

      write(NEW)
      expect(shown()).toEqual(NEW)
    }
    expect([...refused].sort()).toEqual([...NEED_ROOM].sort())
  })
})
