import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { deadFileProblems } from './tidy/dead-files.js'
import { FLOORS, importProblems } from './tidy/floors.js'
import { leftoverProblems } from './tidy/leftovers.js'
import { purityProblems } from './tidy/purity.js'
import { lengthProblems } from './tidy/shape.js'
import { type Problem, type SourceFile, sourceFile } from './tidy/source-file.js'
import { machineProblems } from './tidy/text.js'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const NOT_OURS = new Set(['.git', 'node_modules', 'dist', 'reports'])
const IS_TEXT = /\.(?:cc|css|html|js|json|md|mjs|ts|tsx|xml|yaml)$|\/run$|\/\.[a-z]+$/
const IS_SOURCE = /^(?:src|test)\/.*\.tsx?$|^vitest\.config\.ts$/

const texts = filesBelow(ROOT).map((path) => ({
  path,
  text: readFileSync(join(ROOT, path), 'utf8'),
}))
const sources = texts
  .filter(({ path }) => IS_SOURCE.test(path))
  .map(({ path, text }) => sourceFile(path, text))

describe('the repository', () => {
  test('is read, all of it', () => {
    expect(sources.map(({ path }) => path)).toContain('src/kernel/scheduler.ts')
    const some = ['.ci/run', '.gitignore', 'package-lock.json', 'scenarios/quickstart.yaml']
    expect(texts.map(({ path }) => path)).toEqual(expect.arrayContaining(some))
  })

  test('imports point down the floors', () => {
    expect(sources.flatMap(importProblems)).toEqual([])
  })

  test('floors 0 to 6 call nothing that differs between machines', () => {
    expect(sources.flatMap(purityProblems)).toEqual([])
  })

  test('files and functions are short', () => {
    expect(sources.flatMap(lengthProblems)).toEqual([])
  })

  test('nothing is left over', () => {
    expect(sources.flatMap(leftoverProblems)).toEqual([])
  })

  test('every file is needed', () => {
    expect(deadFileProblems(sources)).toEqual([])
  })

  test('nothing is tied to one machine', () => {
    expect(texts.flatMap(({ path, text }) => machineProblems(path, text))).toEqual([])
  })

  test('the folders are those of the design', () => {
    const top = foldersOf('.').filter((name) => !name.startsWith('.'))
    expect(
      top.filter(
        (name) => !['dist', 'node_modules', 'reports', 'scenarios', 'src', 'test'].includes(name),
      ),
    ).toEqual([])
    expect(foldersOf('src').filter((name) => !FLOORS.has(name))).toEqual([])
  })
})

type Rule = (file: SourceFile) => Problem[]

/** A problem that a rule must find in a file of one line, or null for a file that is in order. */
type Case = [rule: Rule, path: string, text: string, found: string | null]

const core = 'src/measure/a.ts'
const machineProblemsIn: Rule = ({ path, text }) => machineProblems(path, text)
const split = (...parts: string[]) => parts.join('')

const cases: Case[] = [
  [importProblems, core, "import { a } from '../kernel/b.js'", null],
  [importProblems, core, "import { a } from './b.js'", null],
  [importProblems, core, "import type { A } from '../scenario/b.js'", 'higher floor'],
  [importProblems, core, "export * from '../cli/b.js'", 'higher floor'],
  [importProblems, core, "const a = import('../cli/b.js')", 'higher floor'],
  [importProblems, core, "let a: import('../cli/b.js').A", 'higher floor'],
  [importProblems, 'src/cli/a.ts', "new URL('../../test/b.js', import.meta.url)", 'on no floor'],
  [importProblems, 'src/replication/endpoints/a.ts', "import '../../hbase/b.js'", null],
  [importProblems, 'src/hbase/a.ts', "import '../replication/b.js'", 'higher floor'],
  [importProblems, 'src/cli/a.ts', "import '../index.js'", 'the public door'],
  [importProblems, 'src/index.ts', "import './experiment/b.js'", null],
  [importProblems, 'src/index.ts', "import './report/b.js'", 'higher floor'],
  [importProblems, core, "import '../tools/b.js'", 'on no floor'],
  [importProblems, core, "import 'node:fs'", 'know no Node'],
  [importProblems, core, "import 'worker_threads'", 'know no Node'],
  [importProblems, core, "import 'simple-statistics'", 'known to be pure'],
  [importProblems, core, "import { sha256 } from '@noble/hashes/sha2.js'", null],
  [importProblems, 'src/report/a.ts', "import 'node:fs'", null],
  ...['log(2)', 'exp(2)', 'pow(2, 3)', 'sin(1)', 'hypot(1, 2)', 'log1p(1)', 'random()'].map(
    (call): Case => [purityProblems, core, `const a = Math.${call}`, `Math.${call.split('(')[0]}`],
  ),
  [purityProblems, core, 'const a = Math.sqrt(2) + Math.floor(Math.PI)', null],
  [purityProblems, core, "const a = Math['log'](2)", 'Math may differ'],
  [purityProblems, core, 'const { log } = Math', 'Math may differ'],
  [purityProblems, core, 'const a = b ** 0.5', '**'],
  [purityProblems, core, 'a **= 2', '**='],
  ...'Date Intl performance process document window setTimeout console globalThis'
    .split(' ')
    .map((host): Case => [purityProblems, core, `const a = ${host}`, `${host}: `]),
  [purityProblems, core, 'const a = new Date()', 'Date: '],
  [purityProblems, core, 'const a = { now: Date.now }', 'Date: '],
  [purityProblems, core, 'const a = { performance }', 'performance: '],
  [purityProblems, core, 'const a = { window: b.document, process: 1 }', null],
  [purityProblems, core, 'const run = (process: Process) => process.kill()', null],
  [purityProblems, core, '// In a process, the window of Math.log at a Date.', null],
  [purityProblems, core, 'const a = n.toLocaleString()', 'toLocaleString'],
  [purityProblems, core, 'a.sort((x, y) => x.localeCompare(y))', 'localeCompare'],
  [purityProblems, core, 'let calls = 0', 'holds no state'],
  [purityProblems, core, 'function f() { let calls = 0 }', null],
  [purityProblems, 'src/index.ts', 'const a = Date.now()', 'Date: '],
  [purityProblems, 'src/report/a.ts', 'const a = Math.log(Date.now())', null],
  [lengthProblems, core, '\n'.repeat(400), null],
  [lengthProblems, core, '\n'.repeat(401), 'has 401 lines'],
  [lengthProblems, core, `function f() {${'\n'.repeat(69)}}`, null],
  [lengthProblems, core, `function f() {${'\n'.repeat(70)}}`, 'function of 71 lines'],
  [lengthProblems, core, `const f = () => {${'\n'.repeat(70)}}`, 'function of 71 lines'],
  [leftoverProblems, core, split('// TO', 'DO later'), 'do it'],
  [leftoverProblems, core, split('// FIX', 'ME'), 'do it'],
  [leftoverProblems, core, split("throw new Error('not imple", "mented')"), 'do it'],
  [leftoverProblems, core, split('const Place', 'holder = 1'), 'do it'],
  [leftoverProblems, core, 'debugger', 'debugger'],
  [leftoverProblems, core, 'console.log(1)', 'console.log'],
  [leftoverProblems, 'test/a.test.ts', 'console.log(1)', 'console.log'],
  [leftoverProblems, 'src/cli/a.ts', 'console.log(1)', null],
  [leftoverProblems, 'test/a.test.ts', "test.only('a', () => {})", 'test.only'],
  [leftoverProblems, 'test/a.test.ts', "describe.skip('a', () => {})", 'describe.skip'],
  [leftoverProblems, 'test/a.test.ts', "test.each([1]).only('a', () => {})", '.only'],
  [leftoverProblems, 'test/a.test.ts', "it.skipIf(b)('a', () => {})", 'it.skipIf'],
  [leftoverProblems, 'test/a.test.ts', "test('a', () => items.skip(1))", null],
  [machineProblemsIn, 'README.md', split('https://registry.', 'example.org/a'), 'package registry'],
  [machineProblemsIn, 'README.md', split('see /wo', 'rk/main'), 'one machine'],
  [machineProblemsIn, 'README.md', split("'/tm", "p/a'"), 'one machine'],
  [machineProblemsIn, 'README.md', 'src/work/a, ../tmp/b and https://hbase.apache.org/home/', null],
]

describe('the rules', () => {
  for (const [rule, path, text, found] of cases) {
    const snippet = JSON.stringify(text).replace(/(\\n){2,}/, '\\n…')
    test(`${rule.name} ${found === null ? 'accepts' : 'rejects'} ${snippet} in ${path}`, () => {
      const problems = rule(sourceFile(path, text))
      if (found === null) expect(problems).toEqual([])
      else {
        expect(problems).toHaveLength(1)
        expect(problems[0]).toMatch(new RegExp(`^${path}:1: `))
        expect(problems[0]).toContain(found)
      }
    })
  }

  test('a problem names the line', () => {
    const file = sourceFile(core, 'const a = 1\n\nconst b = Math.log(a)\n')
    expect(purityProblems(file)).toEqual([
      'src/measure/a.ts:3: Math.log may differ in the last bit: use kernel/exact-math',
    ])
  })

  test('a file that only its own test imports is dead', () => {
    const files = [
      sourceFile('src/index.ts', "export { a } from './kernel/used.js'"),
      sourceFile('src/kernel/used.ts', 'export const a = 1'),
      sourceFile('src/kernel/unused.ts', 'export const b = 1'),
      sourceFile('test/kernel/unused.test.ts', "import { b } from '../../src/kernel/unused.js'"),
      sourceFile('test/helper.ts', "import './kernel/unused.test.js'"),
    ]
    expect(deadFileProblems(files)).toEqual([
      'src/kernel/unused.ts:1: no door leads to it: use it or remove it',
      'test/helper.ts:1: no door leads to it: use it or remove it',
    ])
  })
})

function foldersOf(folder: string): string[] {
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}

/** Paths of all text files that are ours, sorted, with slashes. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !NOT_OURS.has(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return filesBelow(path)
      const ours = relative(ROOT, path).split(sep).join('/')
      return IS_TEXT.test(`/${ours}`) ? [ours] : []
    })
    .sort()
}
