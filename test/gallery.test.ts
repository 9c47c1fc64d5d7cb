import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadFile } from '../src/cli/load-file.js'
import { compare } from '../src/experiment/compare.js'
import { runAll } from '../src/experiment/run-all.js'
import { type Summary, summarize } from '../src/experiment/summary.js'
import { summaryJson } from '../src/report/report-files.js'
import { simulate } from '../src/simulation/simulate.js'

interface Entry {
  scenario: string
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

/**
 * A change that moves these bytes moves results: `npm run gallery`, and say why in the commit. Of
 * comparisons the runs of the first seed stand for those of the others.
 */
test.each(entries)(
  'the summary of $scenario is the committed one, byte for byte',
  async ({ scenario }) => {
    const loaded = loadFile(scenario)
    const first = loaded.variants[0]?.scenario.seed ?? 1
    const runs = await runAll({
      loaded,
      seeds: [first],
      execute: async (job) => simulate(job.scenario, job.seed, job.variant),
      concurrency: 1,
    })
    const comparison = runs.length > 1 ? compare(runs) : null
    const summary = summarize(loaded, runs, comparison, version)
    const committed: Summary = JSON.parse(read(`../reports/gallery/${scenario}/summary.json`))
    const ofFirst = committed.runs.filter(({ seed }) => seed === first)
    const isWhole = ofFirst.length === committed.runs.length
    const asCommitted = { ...committed, runs: ofFirst }
    const asRun = isWhole ? summary : { ...summary, comparison: committed.comparison }
    expect(summaryJson(asRun) === summaryJson(asCommitted)).toBe(true)
  },
)
