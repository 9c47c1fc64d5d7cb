import { expect, test } from 'vitest'
import { reportFiles, summaryJson } from '../../src/report/report-files.js'
import { summaryOf } from './experiment.js'
import { run } from './fixture.js'

const results = [run('option-1', 1), run('direct', 1)]

function files(pictures = true) {
  const summary = summaryOf(results)
  const scenario = { description: 'd', lesson: '', variants: [], ignoredProperties: [] }
  return reportFiles({ summary, results, scenario, pictures, command: 'hbsim run x' })
}

test('an experiment leaves a page, tables, figures, series and charts', () => {
  expect(files().map(({ name }) => name)).toEqual([
    'report.html',
    'summary.md',
    'summary.json',
    'series.csv',
    'distributions.csv',
    'rpo.png',
    'durability.png',
    'backlog.png',
    'lag.png',
    'cost.png',
    'cost-rpo.png',
  ])
})

test('who does not want to wait has all but the pictures', () => {
  const names = files(false).map(({ name }) => name)
  expect(names).toEqual([
    'report.html',
    'summary.md',
    'summary.json',
    'series.csv',
    'distributions.csv',
  ])
})

test('the same experiment leaves the same bytes', () => {
  const bytes = () =>
    files().map(({ content }) => Buffer.concat([...content].map((piece) => Buffer.from(piece))))
  const [first, second] = [bytes(), bytes()]
  expect(first.every((one, index) => one.equals(second[index]))).toBe(true)
})

test('summary.json has sorted keys and none of the series', () => {
  const json = summaryJson(summaryOf(results))
  expect(Object.keys(JSON.parse(json))).toEqual([
    'assumptions',
    'comparison',
    'hbsim',
    'runs',
    'scenario',
    'schema',
  ])
  expect(json).not.toContain('timesUs')
  expect(json.endsWith('}\n')).toBe(true)
})
