import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  checkFolder,
  claimFolder,
  UnusableFolder,
  writeFolder,
} from '../../src/report/output-folder.js'

let base = ''
let out = ''
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'hbsim-test-'))
  out = join(base, 'out')
})
afterEach(() => rmSync(base, { recursive: true }))

function file(name: string, ...content: string[]) {
  return { name, content }
}

function textOf(name: string): string {
  return readFileSync(join(out, name), 'utf8')
}

test('a folder is made, with its parents, and its files are named in .hbsim', () => {
  out = join(base, 'a', 'b', 'out')
  writeFolder(out, [file('summary.json', '{', '}'), file('rpo.png', 'x')])
  expect(textOf('summary.json')).toBe('{}')
  expect(textOf('.hbsim')).toBe('summary.json\nrpo.png\n')
  expect(readdirSync(out).sort()).toEqual(['.hbsim', 'rpo.png', 'summary.json'])
})

test('a second report replaces the first, also files that it does not have itself', () => {
  writeFolder(out, [file('summary.json', 'old'), file('backlog.png', 'old')])
  writeFolder(out, [file('summary.json', 'new')])
  expect(textOf('summary.json')).toBe('new')
  expect(existsSync(join(out, 'backlog.png'))).toBe(false)
})

test("a stranger's file in our folder stays", () => {
  writeFolder(out, [file('summary.json', 'old')])
  writeFileSync(join(out, 'notes.txt'), 'mine')
  writeFolder(out, [file('summary.json', 'new')])
  expect(textOf('notes.txt')).toBe('mine')
})

test("a stranger's file in the place of a new one is refused, and nothing is changed", () => {
  writeFolder(out, [file('summary.json', 'old')])
  writeFileSync(join(out, 'rpo.png'), 'mine')
  const files = [file('summary.json', 'new'), file('rpo.png', 'new')]
  expect(() => writeFolder(out, files)).toThrow(/rpo\.png is not ours to replace/)
  expect(textOf('summary.json')).toBe('old')
  expect(textOf('rpo.png')).toBe('mine')
})

test('a folder with something in it that is not ours is refused before any work', () => {
  mkdirSync(out)
  writeFileSync(join(out, 'thesis.doc'), 'mine')
  expect(() => claimFolder(out)).toThrow(UnusableFolder)
  expect(() => writeFolder(out, [file('a.txt', 'x')])).toThrow(UnusableFolder)
  expect(readdirSync(out)).toEqual(['thesis.doc'])
})

test('an empty folder is claimed and can be written to later', () => {
  mkdirSync(out)
  claimFolder(out)
  writeFolder(out, [file('summary.json', 'x')])
  expect(textOf('summary.json')).toBe('x')
})

test('a file where the folder should be is refused', () => {
  writeFileSync(out, 'mine')
  expect(() => claimFolder(out)).toThrow(/not a folder/)
  expect(() => claimFolder(join(out, 'below'))).toThrow(UnusableFolder)
})

test('a path that no folder can be made at is refused, not tried for ever', () => {
  expect(() => claimFolder('/proc/hbsim/out')).toThrow(UnusableFolder)
})

test('a symbolic link in the place of a file is replaced, not followed', () => {
  const victim = join(base, 'victim')
  writeFileSync(victim, 'precious')
  writeFolder(out, [file('summary.json', 'old')])
  rmSync(join(out, 'summary.json'))
  symlinkSync(victim, join(out, 'summary.json'))
  symlinkSync(victim, join(out, '.hbsim-part-summary.json'))
  writeFolder(out, [file('summary.json', 'new')])
  expect(readFileSync(victim, 'utf8')).toBe('precious')
  expect(textOf('summary.json')).toBe('new')
})

test('a dangling link that is not ours is refused', () => {
  writeFolder(out, [file('summary.json', 'old')])
  symlinkSync(join(base, 'nowhere'), join(out, 'rpo.png'))
  expect(() => writeFolder(out, [file('rpo.png', 'x')])).toThrow(UnusableFolder)
  expect(existsSync(join(base, 'nowhere'))).toBe(false)
})

test('a .hbsim that names files elsewhere is not believed', () => {
  const victim = join(base, 'victim')
  writeFileSync(victim, 'precious')
  mkdirSync(out)
  for (const name of ['../victim', victim, '..']) {
    writeFileSync(join(out, '.hbsim'), `${name}\n`)
    expect(() => writeFolder(out, [file('a.txt', 'x')])).toThrow(/never wrote/)
  }
  expect(readFileSync(victim, 'utf8')).toBe('precious')
})

test('a .hbsim that is itself a link is not believed', () => {
  mkdirSync(out)
  writeFileSync(join(base, 'list'), 'a.txt\n')
  symlinkSync(join(base, 'list'), join(out, '.hbsim'))
  expect(() => claimFolder(out)).toThrow(UnusableFolder)
})

test('a folder in the place of one of our files is not ours', () => {
  writeFolder(out, [file('rpo.png', 'old')])
  rmSync(join(out, 'rpo.png'))
  mkdirSync(join(out, 'rpo.png'))
  expect(() => writeFolder(out, [file('rpo.png', 'x')])).toThrow(/rpo\.png is not ours to replace/)
})

test('what a killed writer has left is cleared away', () => {
  mkdirSync(out)
  writeFileSync(join(out, '.hbsim-part-summary.json'), 'half')
  claimFolder(out)
  expect(readdirSync(out)).toEqual(['.hbsim'])
})

test('looking at a folder changes nothing', () => {
  checkFolder(out)
  expect(existsSync(out)).toBe(false)
  mkdirSync(out)
  writeFileSync(join(out, 'thesis.doc'), 'mine')
  expect(() => checkFolder(out)).toThrow(/is not empty and has no \.hbsim/)
})
