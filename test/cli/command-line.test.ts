import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import picocolors from 'picocolors'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { commandLine } from '../../src/cli/command-line.js'
import type { Shell } from '../../src/cli/shell.js'
import type { Job } from '../../src/experiment/run-all.js'
import type { RunResult } from '../../src/simulation/result.js'
import { run } from '../report/fixture.js'

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

/** Obeys `words` with simulations that take no time. */
async function obey(words: string[], simulated: (job: Job) => RunResult = fixtureRun) {
  let out = ''
  let err = ''
  let jobs = 0
  const shell: Shell = {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    width: 100,
    colours: picocolors.createColors(false),
    live: false,
    openPool: () => ({
      concurrency: 1,
      execute: async (job) => {
        jobs++
        return simulated(job)
      },
      close: async () => {},
    }),
    onInterrupt: (callback) => {
      interruptNow = callback
      return () => {}
    },
  }
  const code = await commandLine(words, shell)
  return { code, out, err, jobs }
}

let interruptNow = () => {}

function fixtureRun({ variant, seed }: Job): RunResult {
  return run(variant, seed)
}

function out(): string {
  return join(folder, 'out')
}

test('compare runs five seeds of each variant, and ends with the command that repeats it', async () => {
  const { code, out: text, err, jobs } = await obey(['compare', scenario, '--out', out()])
  expect([code, err, jobs]).toEqual([0, '', 10])
  const lines = text.trimEnd().split('\n')
  expect(lines[0]).toMatch(/^When the cluster is lost/)
  expect(lines[lines.length - 1]).toBe(
    `npx hbsim compare ${scenario} --seed 11 --seeds 5 --out ${out()}`,
  )
  expect(readdirSync(out()).sort()).toEqual([
    '.hbsim',
    'backlog.png',
    'lag.png',
    'report.html',
    'rpo.png',
    'series.csv',
    'summary.json',
    'summary.md',
  ])
})

test('run runs one seed of each variant', async () => {
  const seeds: number[] = []
  await obey(['run', scenario, '--out', out(), '--quiet'], (job) => {
    seeds.push(job.seed)
    return fixtureRun(job)
  })
  expect(seeds).toEqual([11, 11])
})

test('--json prints the very bytes of summary.json', async () => {
  const { out: text } = await obey(['run', scenario, '--out', out(), '--json'])
  expect(text).toBe(readFileSync(join(out(), 'summary.json'), 'utf8'))
})

test('--quiet leaves verdict and command', async () => {
  const { out: text } = await obey(['run', scenario, '--out', out(), '--quiet'])
  expect(text).toMatch(/^When the cluster is lost/)
  expect(text).not.toContain('Written to')
})

test('a violated expectation is exit 1, with the results written all the same', async () => {
  const set = ['--set', 'expect[0].that=peers.backup.disasters[0].lostEdits < 1000']
  const { code, out: text } = await obey(['run', scenario, '--out', out(), ...set])
  expect(code).toBe(1)
  expect(text).toContain('violated: peers.backup.disasters[0].lostEdits < 1000, with option-1')
  expect(readdirSync(out())).toContain('summary.json')
})

test('an interrupted comparison keeps the runs that were finished', async () => {
  const { code, err } = await obey(['compare', scenario, '--out', out()], (job) => {
    if (job.seed === 12) interruptNow()
    return fixtureRun(job)
  })
  expect(code).toBe(130)
  expect(err).toBe('interrupted: the results are of 3 of 10 runs\n')
  const summary = JSON.parse(readFileSync(join(out(), 'summary.json'), 'utf8'))
  expect(summary.runs).toHaveLength(3)
})

test('a run that breaks is our bug: exit 70, with the way back to it', async () => {
  const { code, err } = await obey(['run', scenario, '--out', out()], () => {
    throw new Error('the ledger does not add up')
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
  [[], 'name a command: run, compare, validate, schema, list'],
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
