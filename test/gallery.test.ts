import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadFile } from '../src/cli/load-file.js'
import { compare } from '../src/experiment/compare.js'
import { runAll, seedsFrom } from '../src/experiment/run-all.js'
import { summarize } from '../src/experiment/summary.js'
import { summaryJson } from '../src/report/report-files.js'
import { simulate } from '../src/simulation/simulate.js'

interface Entry {
  scenario: string
  command: string
  seeds: number
}

const entries: Entry[] = JSON.parse(read('./gallery.json'))
const version: string = JSON.parse(read('../package.json')).version

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8')
}

test('every shipped scenario is in the gallery', () => {
  const files = readdirSync(new URL('../scenarios', import.meta.url))
  const shipped = files.filter((file) => file.endsWith('.yaml'))
  expect(entries.map(({ scenario }) => `${scenario}.yaml`).sort()).toEqual(shipped.sort())
})

/** A change that moves these bytes moves results: `npm run gallery`, and say why in the commit. */
test.each(entries)(
  'the summary of $scenario is the committed one, byte for byte',
  async (entry) => {
    const { scenario, seeds } = entry
    const loaded = loadFile(scenario)
    const first = loaded.variants[0]?.scenario.seed ?? 1
    const runs = await runAll({
      loaded,
      seeds: seedsFrom(first, seeds),
      execute: async (job) => simulate(job.scenario, job.seed, job.variant),
      concurrency: 1,
    })
    const comparison = runs.length > 1 ? compare(runs) : null
    const summary = summaryJson(summarize(loaded, runs, comparison, version))
    expect(summary === read(`../reports/gallery/${scenario}/summary.json`)).toBe(true)
  },
)
