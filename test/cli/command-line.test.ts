import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { COMMAND_TABLE } from '../../src/cli/command-table.js'
import { fixtureRun, obey } from './obey.js'

const SCENARIO = `name: two-designs
description: One beside the other.
seed: 11
duration: 30 min
stores: { backup: { profile: s3-standard } }
tables: { usertable: { regions: 3 } }
workload:
  - { table: usertable, mix: { put: 1.0 }, rate: 300/s, valueSize: 10 KiB, keys: zipfian }
peers:
  backup: { endpoint: staged-copy, store: backup }
variants:
  option-1: {}
  direct: { peers.backup.endpoint: direct }
expect:
  - { that: 'peers.backup.disasters[0].lostEdits < 100000' }
`

let folder = ''
let scenario = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hbsim-test-'))
  scenario = join(folder, 'two-designs.yaml')
  writeFileSync(scenario, SCENARIO)
})
afterEach(() => rmSync(folder, { recursive: true }))

function out(): string {
  return join(folder, 'out')
}

test('compare runs five seeds of each variant, and ends with the command that repeats it', async () => {
  const { code, out: text, err, jobs } = await obey(['compare', scenario, '--out', out()])
  expect([code, err, jobs]).toEqual([0, '', 10])
  const lines = text.trimEnd().split('\n')
  expect(lines[0]).toBe('HELD: the expectation, and every invariant.')
  expect(lines[2]).toMatch(/^When the cluster is lost/)
  expect(lines[lines.length - 1]).toBe(
    `npx hbsim compare ${scenario} --seed 11 --seeds 5 --out ${out()}`,
  )
  const files = ['report.html', 'summary.md', 'summary.json', 'series.csv', 'rpo.png']
  expect(readdirSync(out())).toEqual(expect.arrayContaining(['.hbsim', ...files]))
})

test('run runs one seed of each variant', async () => {
  const seeds: number[] = []
  await obey(['run', scenario, '--out', out(), '--quiet'], {
    simulated: (job) => {
      seeds.push(job.seed)
      return fixtureRun(job)
    },
  })
  expect(seeds).toEqual([11, 11])
})

test('--json prints the very bytes of summary.json', async () => {
  const { out: text } = await obey(['run', scenario, '--out', out(), '--json'])
  expect(text).toBe(readFileSync(join(out(), 'summary.json'), 'utf8'))
})

test('--quiet leaves verdict and command', async () => {
  const { out: text } = await obey(['run', scenario, '--out', out(), '--quiet'])
  expect(text).toMatch(/^HELD: .*\n\nWhen the cluster is lost/)
  expect(text).not.toContain('Written to')
})

test('a violated expectation is exit 1, with the results written all the same', async () => {
  const set = ['--set', 'expect[0].that=peers.backup.disasters[0].lostEdits < 1000']
  const { code, out: text } = await obey(['run', scenario, '--out', out(), ...set])
  expect(code).toBe(1)
  expect(text).toMatch(/^VIOLATED: 1 of 1 expectation\.\n/)
  expect(text).toContain('violated: peers.backup.disasters[0].lostEdits < 1000, with option-1')
  expect(readdirSync(out())).toContain('summary.json')
})

test('an interrupted comparison keeps the runs that were finished', async () => {
  const { code, err } = await obey(['compare', scenario, '--out', out()], {
    simulated: (job, interrupt) => {
      if (job.seed === 12) interrupt()
      return fixtureRun(job)
    },
  })
  expect(code).toBe(130)
  expect(err).toBe(
    'interrupted: the results are of 3 of 10 runs; charts are in report.html alone\n',
  )
  const summary = JSON.parse(readFileSync(join(out(), 'summary.json'), 'utf8'))
  expect(summary.runs).toHaveLength(3)
})

test('a run that breaks is our bug: exit 70, with the way back to it', async () => {
  const { code, err } = await obey(['run', scenario, '--out', out()], {
    simulated: () => {
      throw new Error('the ledger does not add up')
    },
  })
  expect(code).toBe(70)
  expect(err).toContain('this is a bug of hbsim')
  expect(err).toContain('Error: the ledger does not add up\n    at ')
  expect(err).toContain(`hbsim run ${scenario}`)
})

test('results are not written over something else, and no time is lost on trying', async () => {
  const { code, err, jobs } = await obey(['run', scenario, '--out', folder])
  expect([code, jobs]).toEqual([2, 0])
  expect(err).toContain('is not empty')
})

test('a mistake in a scenario names its line and is no stack trace', async () => {
  writeFileSync(scenario, SCENARIO.replace('tables:', 'tabels:'))
  const { code, err } = await obey(['run', scenario, '--out', out()])
  expect(code).toBe(2)
  expect(err).toContain(`${scenario}:6:1`)
  expect(err).toContain('did you mean "tables"?')
  expect(err).not.toContain('    at ')
})

test.each([
  [[], 'name a command: run, compare, validate, list, '],
  [['compre', 'x'], 'there is no command "compre"; did you mean "compare"?'],
  [['run'], 'name a scenario file'],
  [['run', 'x', 'y'], '"y" is one argument too many'],
  [['run', 'x', '--sed', '1'], 'there is no option --sed; did you mean "--seed"?'],
  [['run', 'x', '-q'], 'there is no option -q'],
  [['run', 'x', '--seed'], 'Not enough arguments following: seed'],
  [['run', 'x', '--seed', '1', '--seed', '2'], '--seed is given more than once'],
  [['run', 'no-such-file.yaml'], 'there is no file "no-such-file.yaml"'],
  [['sweep', 'x'], 'there is no command "sweep"'],
])('a wrong command line is exit 2 and one line: %j', async (words, message) => {
  const { code, out: text, err } = await obey(words)
  expect([code, text]).toEqual([2, ''])
  expect(err).toContain(message)
  expect(err.trimEnd().split('\n')).toHaveLength(1)
})

test('validate speaks of every file, and one bad one makes it exit 2', async () => {
  const bad = join(folder, 'bad.yaml')
  writeFileSync(bad, 'name: [')
  const { code, out: text, err } = await obey(['validate', bad, scenario])
  expect(code).toBe(2)
  expect(text).toBe(`ok  ${scenario}  2 variants, 1 expectation\n`)
  expect(err).toContain(`${bad}:1:`)
  expect((await obey(['validate', scenario])).code).toBe(0)
})

test('schema prints JSON Schema of scenario files', async () => {
  const { code, out: text } = await obey(['schema'])
  expect(code).toBe(0)
  expect(Object.keys(JSON.parse(text).properties)).toContain('workload')
})

test('list names every shipped scenario with its description', async () => {
  const { code, out: text } = await obey(['list'])
  expect(code).toBe(0)
  expect(text).toMatch(/^backup-options\n {2}\S/m)
})

test('help and version are results', async () => {
  expect(await obey(['--help'])).toMatchObject({ code: 0, err: '' })
  expect((await obey(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  expect((await obey(['compare', '--help'])).out).toContain('--seeds')
})

test('help says what exit codes mean, and has examples of every command', async () => {
  const { out: text } = await obey(['--help'])
  for (const code of [0, 1, 2, 3, 70, 130])
    expect(text).toMatch(new RegExp(`^ {2}${code} +\\S`, 'm'))
  for (const command of ['run', 'compare', 'validate', 'explain', 'completion']) {
    const { code, out: help } = await obey(['help', command])
    expect([command, code]).toEqual([command, 0])
    expect(help).toMatch(new RegExp(`Examples:\\n.*hbsim ${command}`))
    expect((await obey([command, '--help'])).out).toBe(help)
  }
})

test('help lists the commands and options that completion knows', async () => {
  const namesIn = (text: string, pattern: RegExp) =>
    [...text.matchAll(pattern)].map(([, name]) => name).sort()
  const { out: text } = await obey(['--help'])
  expect(namesIn(text, /^ {2}hbsim (\w+) .* {2}/gm).filter((name) => name !== 'help')).toEqual(
    expect.arrayContaining(Object.keys(COMMAND_TABLE)),
  )
  for (const [command, { options }] of Object.entries(COMMAND_TABLE)) {
    const { out: help } = await obey([command, '--help'])
    const known = [...Object.keys(options), 'help', 'version'].sort()
    expect(namesIn(help, /^ {2}--([a-z-]+)/gm)).toEqual(known)
  }
})

test('colours mark what is said in words, too', async () => {
  const words = ['run', scenario, '--out', out(), '--quiet']
  const plain = await obey(words)
  const coloured = await obey(words, { coloured: true })
  expect(plain.out).not.toContain('\u001b')
  expect(coloured.out).toContain('\u001b[32m')
  expect(stripVTControlCharacters(coloured.out)).toBe(plain.out)
})

test('before a long experiment, whoever watches is told how much there is to do', async () => {
  const { err } = await obey(['compare', scenario, '--out', out()], { live: true })
  expect(err).toBe(
    '10 runs (2 variants, 5 seeds) of 30 min of simulated time each; about 5,400,000 edits in all.\n',
  )
  const short = await obey(['run', scenario, '--out', out()], { live: true })
  expect(short.err).toBe('')
})
