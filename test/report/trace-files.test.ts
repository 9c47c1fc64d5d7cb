import { expect, test } from 'vitest'
import { reportFiles, summaryJson } from '../../src/report/report-files.js'
import { cutSentence, tracedRuns } from '../../src/report/traced-run.js'
import { summaryOf } from './experiment.js'
import { run } from './fixture.js'
import { OUTAGE_AND_REQUESTS, tracedRun } from './trace-fixture.js'

const traced = tracedRun(OUTAGE_AND_REQUESTS)
const results = [{ ...run('option-1', 1), trace: traced.trace }, run('option-1', 2)]

test('a run that was traced leaves trace.json and events.ndjson as well', () => {
  const summary = summaryOf(results)
  const scenario = { description: 'd', lesson: '', variants: [], ignoredProperties: [] }
  const files = reportFiles({ summary, results, scenario, pictures: true, command: 'hbsim run x' })
  expect(files.slice(-2).map(({ name }) => name)).toEqual(['trace.json', 'events.ndjson'])
})

test('summary.json says nothing of it', () => {
  const plain = results.map(({ trace: _, ...result }) => result)
  expect(summaryJson(summaryOf(results))).toBe(summaryJson(summaryOf(plain)))
})

test('runs of other seeds have no trace, and a whole one has nothing to confess', () => {
  const runs = tracedRuns(results)
  expect(runs.map(({ variant, seed }) => [variant, seed])).toEqual([['option-1', 1]])
  expect(runs.map(cutSentence)).toEqual([null])
})
