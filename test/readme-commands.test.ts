import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { shippedScenarios } from '../src/cli/shipped-scenarios.js'
import { exitCode, outcomeOf } from '../src/experiment/exit-code.js'
import type { Job } from '../src/experiment/run-all.js'
import type { RunResult } from '../src/simulation/result.js'
import { simulate } from '../src/simulation/simulate.js'
import { type Obeyed, obey } from './cli/obey.js'
import { argumentsOf, commandsOf, readme } from './readme/commands.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const before = process.cwd()
const place = mkdtempSync(join(tmpdir(), 'hbsim-readme-'))

/** Runs that several commands share are made once: the same job has the same result. */
const results = new Map<string, RunResult>()

// As in a fresh clone, but that results go elsewhere.
beforeAll(() => {
  cpSync(join(root, 'scenarios'), join(place, 'scenarios'), { recursive: true })
  process.chdir(place)
})
afterAll(() => {
  process.chdir(before)
  rmSync(place, { recursive: true })
  results.clear()
})

function simulated(job: Job): RunResult {
  const { scenario, seed, variant, trace = false } = job
  const key = JSON.stringify([scenario, seed, variant, trace])
  const result = results.get(key) ?? simulate(scenario, seed, variant, { trace })
  results.set(key, result)
  return result
}

const obeyed = (words: readonly string[]) => obey(words, { simulated })

const REPORT = ['report.html', 'summary.md', 'summary.json', 'series.csv', 'distributions.csv']

function json(...path: string[]) {
  return JSON.parse(readFileSync(join(...path), 'utf8'))
}

/** What a report must have, whatever it is about. */
function expectReport(folder: string, charts: readonly string[]): void {
  for (const file of [...REPORT, ...charts]) expect(existsSync(join(folder, file)), file).toBe(true)
  expect(readFileSync(join(folder, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/i)
}

type Check = (obeyed: Obeyed) => void

/** A report in the folder and a verdict that holds. */
const held =
  (folder: string, charts: readonly string[], more: Check = () => {}): Check =>
  (obeyed) => {
    expect(obeyed.out).toMatch(/^HELD: /)
    expectReport(folder, charts)
    more(obeyed)
  }
const prints =
  (...parts: (string | RegExp)[]): Check =>
  ({ out, jobs }) => {
    for (const part of parts) expect(out).toMatch(part)
    expect(jobs).toBe(0)
  }

/** Commands that are run as they stand. All promise exit code 0. */
const run: Record<string, Check> = {
  'npx hbsim run quickstart': held('reports/quickstart', ['rpo.png', 'backlog.png'], ({ out }) => {
    expect(out).toMatch(/\n- Why: .*\n/)
    // "The last line repeats the run."
    expect(out.trimEnd()).toMatch(/\nnpx hbsim run quickstart --seed 1 --seeds 1$/)
  }),
  'npx hbsim run quickstart --set peers.backup.flushInterval="15 s" --out reports/quarter': held(
    'reports/quarter',
    ['rpo.png'],
  ),
  'npx hbsim run quickstart --site scenarios/inputs/core-site.xml --site scenarios/inputs/hdfs-site.xml --site scenarios/inputs/hbase-site.xml --out reports/ours':
    held('reports/ours', ['rpo.png'], ({ out }) => {
      expect(out).toContain('scenarios/inputs/hbase-site.xml')
    }),
  'npx hbsim compare quickstart --seeds 8': held('reports/quickstart', ['rpo.png'], ({ out }) => {
    const { runs, comparison } = json('reports/quickstart/summary.json')
    expect(runs).toHaveLength(2 * 8)
    // "Intervals and paired differences."
    expect(comparison).toBeTruthy()
    expect(out).toMatch(/\d…\d/)
  }),
  'npx hbsim run quickstart --trace --out reports/traced': held(
    'reports/traced',
    ['rpo.png'],
    () => {
      const { traceEvents } = json('reports/traced/trace.json')
      // "Arrows from cause to effect": where a flow starts, and where it ends.
      const phases = new Set(traceEvents.map(({ ph }: { ph: string }) => ph))
      expect([...phases]).toEqual(expect.arrayContaining(['s', 'f']))
      const events = readFileSync('reports/traced/events.ndjson', 'utf8').trimEnd().split('\n')
      expect(events.length).toBeGreaterThan(1_000)
      for (const event of events) expect(JSON.parse(event)).toBeTypeOf('object')
    },
  ),
  'npx hbsim run your-cluster --dry-run': prints(/^Nothing is run/, 'hbase-site.xml'),
  'npx hbsim run what-hbase-built --dry-run': prints(/^Nothing is run/, 'scenario'),
  'npx hbsim validate your-cluster': prints(/^ok {2}your-cluster/, 'Not modelled'),
  'npx hbsim validate scenarios/quickstart.yaml': prints(/^ok {2}scenarios\/quickstart.yaml/),
  'npx hbsim explain RPO cluster-loss staged-copy': prints('RPO', 'cluster-loss', 'staged-copy'),
  'npx hbsim explain hbase.wal.hsync': prints(/hbase\.wal\.hsync/),
  'npx hbsim explain simplifications': prints(/handlers do not compete/),
  'npx hbsim explain faults': prints('store-outage', 'kill-region-server', 'cluster-loss'),
  'npx hbsim list': prints(...shippedScenarios()),
  'npx hbsim schema': ({ out }) => {
    expect(JSON.parse(out).properties).toHaveProperty('peers')
  },
  'npx hbsim completion bash': prints(/complete .*hbsim/),
  'npx hbsim help compare': prints('--seeds', /Examples:/),
}

/** What a long command's row promises to look at, as a chart of its report. */
const long: Record<string, string[]> = {
  'npx hbsim compare backup-options': ['durability'],
  'npx hbsim compare what-hbase-built': ['cost-rpo'],
  'npx hbsim run s3-outage': ['rpo', 'backlog'],
  'npx hbsim run server-crash-recovery': ['recovery'],
  'npx hbsim run refresher-vs-wal': ['replicas', 'replica-visibility'],
  'npx hbsim run hdfs-loss': ['rpo'],
  'npx hbsim run your-cluster': ['rpo'],
}

/** Run with a twentieth of the writes: 130 runs in full take a minute. */
const thinned: Record<string, string> = {
  'npx hbsim run quickstart --sensitivity': 'reports/quickstart',
  'npx hbsim run quickstart --sensitivity --out reports/guesses': 'reports/guesses',
}

/** Commands of npm; what their scripts say is checked below. */
const npm = [
  'npm install && npm start',
  'npm install && npm test',
  'npm run gallery',
  'npm run bench',
  'npm run bench -- --hour',
]

test('every command of the README is checked here, and no other', () => {
  const templates = ['npx hbsim compare <name>']
  const checked = [run, long, thinned].flatMap(Object.keys)
  expect(commandsOf(readme).sort()).toEqual([...checked, ...npm, ...templates].sort())
})

test.each(Object.entries(run))('%s', async (command, check) => {
  const result = await obeyed(argumentsOf(command))
  expect(result.err).toBe('')
  expect(result.code).toBe(0)
  check(result)
})

test.each(Object.entries(thinned))('%s', async (command, folder) => {
  const words = [...argumentsOf(command), '--set', 'workload[0].rate=5/s']
  const { code, out } = await obeyed(words)
  expect(code).toBe(0)
  expect(out).toMatch(/^HELD: /)
  expectReport(folder, ['sensitivity.png'])
  expect(json(folder, 'summary.json').sensitivity.parameters.length).toBeGreaterThan(10)
})

// The gallery's test makes these runs anew and compares what they say, byte for byte.
test.each(Object.entries(long))('%s', async (command, charts) => {
  const [verb = '', scenario = ''] = argumentsOf(command)
  const { code, out } = await obeyed([verb, scenario, '--dry-run'])
  expect(code).toBe(0)
  expect(out).toMatch(/^Nothing is run/)
  const gallery: unknown[] = json(root, 'test/gallery.json')
  expect(gallery).toContainEqual(expect.objectContaining({ scenario, command: verb }))
  const summary = json(root, 'reports/gallery', scenario, 'summary.json')
  expect(
    exitCode({ ...outcomeOf(summary), interrupted: false, internal: false, badInput: false }),
  ).toBe(0)
  for (const chart of charts) {
    expect(existsSync(join(root, 'reports/gallery', scenario, `${chart}.png`)), chart).toBe(true)
  }
})

test.each(shippedScenarios())('npx hbsim compare %s: the runs of five seeds', async (name) => {
  const { code, out } = await obeyed(['compare', name, '--dry-run'])
  expect(code).toBe(0)
  expect(out).toMatch(/5 seeds/)
})

test('npm install builds the command, npm start compares as the README says, npm test tests', async () => {
  const { scripts, bin } = json(root, 'package.json')
  expect(scripts.prepare).toBe('npm run build')
  expect(bin.hbsim).toBe('dist/cli/main.js')
  const [node, main, ...words] = scripts.start.split(' ')
  expect([node, main]).toEqual(['node', bin.hbsim])
  expect(words).toEqual(['compare', 'scenarios/backup-options.yaml', '--seeds', '8'])
  const { code, out } = await obeyed([...words, '--dry-run'])
  expect(code).toBe(0)
  expect(out).toMatch(/4 variants, 8 seeds/)
  expect(out).toContain('reports/backup-options')
  expect(scripts.test).toMatch(/vitest run$/)
  expect(scripts.gallery).toMatch(/node test\/gallery\.mjs$/)
  expect(scripts.bench).toMatch(/node test\/bench\/main\.mjs$/)
  expect(readFileSync(join(root, 'test/bench/main.mjs'), 'utf8')).toContain("'--hour'")
})
