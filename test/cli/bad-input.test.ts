import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fixtureRun, obey } from './obey.js'

const GOOD = `name: good
duration: 1 min
stores: { s3: { profile: s3-standard } }
tables: { usertable: { regions: 3 } }
workload:
  - { table: usertable, rate: 10/s, valueSize: 1 KiB }
peers:
  backup: { endpoint: direct, store: s3 }
`

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hbsim-test-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function put(content: string | Uint8Array, name = 'bad.yaml'): string {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

/**
 * What `hbsim run` says of a file; with the folder's own name left out. It must be bad input: exit 2,
 * nothing on stdout, no simulation, no folder for results, no stack trace.
 */
async function refusal(file: string, ...words: string[]): Promise<string> {
  const out = join(folder, 'results')
  const { code, out: text, err, jobs } = await obey(['run', file, '--out', out, ...words])
  expect([code, text, jobs]).toEqual([2, '', 0])
  expect(err).not.toContain('    at ')
  expect(err.length).toBeLessThan(10_000)
  expect(readdirSync(folder)).not.toContain('results')
  return err.replaceAll(`${folder}/`, '').trimEnd()
}

/** The same of a text, without its excerpt: position and message. */
async function about(text: string | Uint8Array, ...words: string[]): Promise<string[]> {
  const said = await refusal(put(text), ...words)
  return said.split('\n').filter((line) => /^(hbsim: |\S+:\d+:\d+ )/.test(line))
}

const changed = (from: string | RegExp, to: string) => GOOD.replace(from, to)
const range = (length: number, text: (i: number) => string, between: string) =>
  Array.from({ length }, (_, i) => text(i)).join(between)

test('the good one is good', async () => {
  const { code, err } = await obey(['validate', put(GOOD)])
  expect([code, err]).toEqual([0, ''])
})

test('with --json, too, stdout stays empty and stderr says what is wrong', async () => {
  expect(await about(changed('1 min', '60'), '--json')).toEqual(['bad.yaml:2:11  60 has no unit'])
  expect(await refusal(folder, '--json')).toContain('it is a folder')
  expect(await refusal(put(GOOD), '--json', '--seeds', '0')).toContain('--seeds is "0"')
})

describe('a file that cannot be read', () => {
  test('is not there', async () => {
    put(GOOD, 'outage.yaml')
    expect(await refusal(join(folder, 'outtage.yaml'))).toBe(
      'hbsim: there is no file "outtage.yaml" and no shipped scenario of that name; ' +
        'did you mean "outage.yaml"?',
    )
  })

  test('is none', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')])
    symlinkSync('nowhere', join(folder, 'dangling'))
    mkdirSync(join(folder, 'sub'))
    truncateSync(put('', 'huge.yaml'), 200 * 1024 * 1024)
    const reasons = {
      sub: 'it is a folder',
      pipe: 'it is no regular file',
      dangling: 'a link to no file',
      'huge.yaml': '200 MiB; at most 1 MiB is read',
    }
    for (const [name, reason] of Object.entries(reasons)) {
      expect(await refusal(join(folder, name))).toBe(`hbsim: cannot read "${name}": ${reason}`)
    }
  })

  test('is memory of the process', async () => {
    expect(await refusal('/proc/self/mem')).toBe(
      'hbsim: cannot read "/proc/self/mem": the system reports an input/output error',
    )
  })
})

describe('a file that is no text', () => {
  test.each([
    ['not UTF-8', Buffer.from('name: caf\xe9\n', 'latin1'), 'it is not UTF-8 text'],
    ['UTF-16', Buffer.from(`\ufeff${GOOD}`, 'utf16le'), 'it is UTF-16 text; save it as UTF-8'],
    ['UTF-16 without a mark', Buffer.from(GOOD, 'utf16le'), 'it is no text: byte 2 is NUL'],
    ['NUL bytes', `${GOOD}\0`, `it is no text: byte ${GOOD.length + 1} is NUL`],
  ])('%s', async (_, bytes, reason) => {
    expect(await about(bytes)).toEqual([`hbsim: cannot read "bad.yaml": ${reason}`])
  })
})

describe('a text that is no scenario', () => {
  test.each([
    ['nothing', '', ['bad.yaml:1:1  nothing is not a scenario']],
    ['blanks', ' \n\n', ['bad.yaml:1:1  nothing is not a scenario']],
    ['a word', 'hello', ['bad.yaml:1:1  "hello" is not a scenario']],
    ['two documents', `${GOOD}---\n${GOOD}`, ['bad.yaml:9:1  a second document begins']],
    [
      'a tab',
      changed('  backup', '\tbackup'),
      ['bad.yaml:8:1  a tab indents this line: YAML wants blanks'],
    ],
    ['an open quote', changed('good', '"good'), ['bad.yaml:9:1  Missing closing quote']],
    [
      'an open bracket',
      changed('s3 }\n', 's3\n'),
      ['bad.yaml:9:1  Flow map in block collection must be sufficiently indented and end with a }'],
    ],
  ])('%s', async (_, text, messages) => {
    expect((await about(text)).slice(0, messages.length)).toEqual(messages)
  })
})

describe('a text made to do harm', () => {
  const ten = (item: string) => `[${range(10, () => item, ',')}]`
  const keys = range(40_000, (i) => `k${i}: 1`, ', ')
  const inLines = (indent: string) => range(40_000, (i) => `${indent}k${i}: 1`, '\n')
  test.each([
    ['10,000 brackets', '['.repeat(10_000), /:1:66 {2}nested too deeply$/],
    ['10,000 dashes', '- '.repeat(10_000), /nested too deeply$/],
    ['a circle of aliases', 'name: &x [*x]', /:1:11 {2}this contains itself$/],
    [
      'aliases that multiply',
      `a0: &a0 x\n${range(9, (i) => `a${i + 1}: &a${i + 1} ${ten(`*a${i}`)}`, '\n')}`,
      /this makes too many values$/,
    ],
    ['40,000 keys in braces', `{${keys}}`, /too many words and signs$/],
    ['40,000 keys in lines', inLines(''), /too many words and signs$/],
    ['40,000 keys further in', `a:\n  b:\n${inLines('    ')}`, /too many words and signs$/],
    ['40,000 keys as a key', `? {${keys}}\n: x`, /too many words and signs$/],
    ['40,000 keys in a list', `- - {${keys}}`, /too many words and signs$/],
    [
      '40,000 keys with question marks',
      range(40_000, (i) => `? k${i}\n: 1`, '\n'),
      /too many words and signs$/,
    ],
    [
      '40,000 keys with comments',
      range(40_000, (i) => `# ${i}\nk${i}: 1`, '\n'),
      /too many words and signs$/,
    ],
    [
      '40,000 texts of several lines',
      range(40_000, (i) => `k${i}: |\n  a\n  b`, '\n'),
      /too many words and signs$/,
    ],
    ['the same key 40,000 times', range(40_000, () => 'a: 1', '\n'), /too many words and signs$/],
    [
      '10,000 keys without values',
      `{${range(10_000, (i) => `k${i}`, ', ')}}`,
      /a map of 10000 keys$/,
    ],
    [
      '1,000 cut distributions',
      `${GOOD}faults: [${range(1000, () => '{ at: uniform(1 s, 2 s), kind: cluster-loss }', ', ')}]`,
      /ends at its comma$/,
    ],
  ])('%s', async (_, text, message) => {
    expect((await about(text))[0]).toMatch(message)
  })

  test('keys that reach into prototypes, in the file, in a variant and in --set', async () => {
    expect(await about(`${GOOD}__proto__: { polluted: 1 }\n`)).toEqual([
      'bad.yaml:9:1  "__proto__" cannot be a key',
    ])
    expect(await about(`${GOOD}site: { constructor: 1 }\n`)).toEqual([
      'bad.yaml:9:9  "constructor" cannot be a key',
    ])
    expect(await about(`${GOOD}variants: { v: { peers.__proto__.polluted: 1 } }\n`)).toEqual([
      'bad.yaml:9:18  "__proto__" cannot be a key',
    ])
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      expect(await about(GOOD, '--set', `${key}.polluted=1`)).toEqual([
        `--set:1:1  "${key}" cannot be a key`,
      ])
    }
    expect(Object.prototype).not.toHaveProperty('polluted')
  })
})

describe('a value that is none', () => {
  test.each([
    [
      'of the wrong type',
      'regions: 3',
      'regions: many',
      ['bad.yaml:4:33  "many" is of the wrong type'],
    ],
    [
      'under a key that is not known',
      'duration',
      'durations',
      ['bad.yaml:1:1  "duration" is missing', 'bad.yaml:2:1  unknown key "durations"'],
    ],
    ['without its unit', '1 min', '60', ['bad.yaml:2:11  60 has no unit']],
    [
      'with the unit of something else',
      '1 min',
      '1 MiB',
      ['bad.yaml:2:11  "1 MiB" is a size, not a duration'],
    ],
    [
      'with a unit that is none',
      '1 min',
      '1 minute',
      ['bad.yaml:2:11  "minute" is no unit of a duration'],
    ],
    ['negative', '1 min', '-1 min', ['bad.yaml:2:11  "-1 min" is not a duration']],
    ['zero', '10/s', '0/s', ['bad.yaml:6:31  "0/s" is out of range']],
    ['not a number', '10/s', '.nan', ['bad.yaml:6:31  NaN has no unit']],
    [
      'of a profile that is not there',
      's3-standard',
      's3-standart',
      ['bad.yaml:3:26  "s3-standart" is not a value of stores.s3.profile'],
    ],
  ])('%s', async (_, from, to, messages) => {
    expect(await about(changed(from, to))).toEqual(messages)
  })
})

describe('a name of nothing', () => {
  test.each([
    [
      'a store, of a peer',
      changed('store: s3', 'store: s4'),
      'bad.yaml:8:38  there is no store "s4"',
    ],
    [
      'a table, of a workload',
      changed('table: usertable', 'table: usertabel'),
      'bad.yaml:6:14  there is no table "usertabel"',
    ],
    [
      'a server, of a fault',
      `${GOOD}faults: [{ at: 1 s, kind: kill-region-server, server: rs9 }]\n`,
      'bad.yaml:9:55  there is no region server "rs9"',
    ],
    [
      'a DataNode, of a fault',
      `${GOOD}faults: [{ at: 1 s, kind: kill-data-node, dataNode: dn9 }]\n`,
      'bad.yaml:9:53  there is no DataNode "dn9"',
    ],
    [
      'a variant, of an expectation',
      `${GOOD}expect: [{ that: events > 0, variants: [v] }]\n`,
      'bad.yaml:9:41  there is no variant "v"',
    ],
    [
      'a figure',
      `${GOOD}expect: [{ that: peers.bakcup.storedEdits > 0 }]\n`,
      'bad.yaml:9:18  peers will have no "bakcup"',
    ],
  ])('%s', async (_, text, message) => {
    expect(await about(text)).toEqual([message])
  })
})

test('values that contradict each other', async () => {
  expect(await about(`${GOOD}warmup: 2 min\n`)).toEqual([
    'bad.yaml:9:9  nothing is left to measure',
  ])
  expect(await about(`${GOOD}faults: [{ at: 2 min, kind: cluster-loss }]\n`)).toEqual([
    'bad.yaml:9:16  the workload is over before this fault',
  ])
})

describe('a site file', () => {
  const bad = async (text: string) =>
    refusal(put(GOOD, 'good.yaml'), '--site', put(text, 'site.xml'))

  test('that is no XML, or has a document type', async () => {
    expect(await bad('hello')).toMatch(/^site\.xml:1:1 /)
    expect(await bad('<!DOCTYPE x [<!ENTITY a "b">]><configuration/>')).toMatch(/^site\.xml:1:1 /)
  })

  test('that is not there, or huge', async () => {
    expect(await refusal(put(GOOD), '--site', join(folder, 'nowhere.xml'))).toBe(
      'hbsim: cannot read "nowhere.xml": no such file',
    )
    truncateSync(put('', 'huge.xml'), 200 * 1024 * 1024)
    expect(await refusal(put(GOOD), '--site', join(folder, 'huge.xml'))).toBe(
      'hbsim: cannot read "huge.xml": 200 MiB; at most 1 MiB is read',
    )
  })
})

describe('an option with a value that it cannot have', () => {
  test.each([
    [['--seeds', '0'], '--seeds is "0"; expected a whole number from 1 to 1000'],
    [['--seeds', '1e9'], '--seeds is "1e9"; expected a whole number from 1 to 1000'],
    [['--seeds', '1000000000'], '--seeds is "1000000000"; expected a whole number from 1 to 1000'],
    [['--seed=-1'], '--seed is "-1"; expected a whole number from 0 to 9007199254739991'],
    [['--seed', '-1'], '--seed is "-1"; expected a whole number from 0 to 9007199254739991'],
    [['--site', ''], '--site is empty'],
  ])('%j', async (words, message) => {
    expect(await refusal(put(GOOD), ...words)).toBe(`hbsim: ${message}`)
  })

  test('an output folder without a name', async () => {
    const { code, out, err } = await obey(['run', put(GOOD), '--out', ''])
    expect([code, out, err]).toEqual([2, '', 'hbsim: --out is empty\n'])
  })
})

describe('an output folder', () => {
  const into = async (out: string) => {
    const { code, out: text, err, jobs } = await obey(['run', put(GOOD), '--out', out])
    expect([code, text, jobs]).toEqual([2, '', 0])
    return err.replaceAll(`${folder}/`, '').trimEnd()
  }
  const at = (name: string) => join(folder, name)

  test('that cannot be made', async () => {
    put('', 'file')
    symlinkSync('nowhere', at('dangling'))
    expect(await into(at('file'))).toBe(
      'hbsim: cannot write to file: a part of the path is not a folder',
    )
    expect(await into(at('file/below'))).toBe(
      'hbsim: cannot write to file/below: a part of the path is not a folder',
    )
    expect(await into(at('dangling'))).toBe(
      'hbsim: cannot write to dangling: no such folder can be made',
    )
    expect(await into(at('x'.repeat(300)))).toContain('the name is too long')
    expect(await into('/proc/hbsim')).toBe(
      'hbsim: cannot write to /proc/hbsim: no such folder can be made',
    )
  })

  test("that holds somebody's files, also behind a link", async () => {
    mkdirSync(at('theirs'))
    put('precious', 'theirs/thesis.doc')
    symlinkSync('theirs', at('link'))
    for (const name of ['theirs', 'link']) {
      expect(await into(at(name))).toBe(
        `hbsim: ${name} is not empty and has no .hbsim that would make it ours; name another folder`,
      )
    }
    expect(readdirSync(at('theirs'))).toEqual(['thesis.doc'])
  })

  test('whose marker is damaged', async () => {
    mkdirSync(at('out'))
    put('../precious\n', 'out/.hbsim')
    expect(await into(at('out'))).toBe(
      'hbsim: out/.hbsim names "../precious", which hbsim never wrote',
    )
    put('x'.repeat(100_000), 'out/.hbsim')
    expect(await into(at('out'))).toBe('hbsim: out/.hbsim is not a list of files that hbsim wrote')
  })
})

test('a full disk after the last run: the verdict is printed all the same', async () => {
  const out = join(folder, 'out')
  const {
    code,
    out: text,
    err,
  } = await obey(['run', put(GOOD), '--out', out, '--quiet'], {
    // What the disk refuses is played by a folder that somebody puts in the way meanwhile.
    simulated: (job) => {
      rmSync(out, { recursive: true })
      writeFileSync(out, '')
      return fixtureRun(job)
    },
  })
  expect(code).toBe(2)
  expect(text).toMatch(/^HELD: /)
  expect(err).toContain('hbsim: cannot write to ')
})
