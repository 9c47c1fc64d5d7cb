import { expect, test } from 'vitest'
import { summaryMarkdown } from '../../src/report/summary-md.js'
import { summaryOf } from './experiment.js'
import { run } from './fixture.js'

test('a ticket gets the verdict, a column for each variant and the command', () => {
  const summary = summaryOf([run('option-1', 1), run('direct', 1)])
  const text = summaryMarkdown(summary, 'hbsim run backup-options')
  expect(text).toMatch(
    /^## backup-options\n\n\*\*HELD\*\*: every invariant.*\n\n- When the cluster/,
  )
  expect(text).toContain('|  | option-1 | direct |\n| --- | --- | --- |\n')
  expect(text).toContain('| lost edits | 49,000 | 210 |')
  expect(text).toMatch(/```sh\nhbsim run backup-options\n```\n$/)
})

test('a hostile name neither leaves its cell nor becomes markup', () => {
  const summary = summaryOf([run('a|b', 1), run('<img src=x>', 1), run('[x](y)\n# z', 1)])
  const text = summaryMarkdown(summary, 'hbsim run x')
  expect(text).toContain('| a\\|b | &lt;img src=x> | \\[x\\](y) \\# z |')
})

test('the lines of a cell stay in it, and a broken claim is among them', () => {
  const results = [run('option-1', 1), run('direct', 1)]
  results[0].peers.backup.brokenClaims = { 'region-server-crash': { firstUs: 1, maxEdits: 7 } }
  const text = summaryMarkdown(summaryOf(results), 'hbsim run x')
  expect(text).toContain(
    '| region-server-crash | nothing<br>CLAIM BROKEN: 7 edits | nothing<br>claimed |',
  )
})

test('a command with a fence in it does not end the code', () => {
  const text = summaryMarkdown(summaryOf([run('a', 1)]), "hbsim run '```'")
  expect(text).toMatch(/````sh\nhbsim run '```'\n````\n$/)
})

test('expectations and what a disaster costs stand open, the rest is folded', () => {
  const summary = summaryOf([run('option-1', 1), run('direct', 1)])
  const that = 'peers.backup.lag | x < 1 s'
  summary.runs[0].expectations.push({ that, verdict: 'violated', value: null })
  const text = summaryMarkdown(summary, 'hbsim run x')
  const [open, more] = text.split('<details><summary>More figures</summary>\n\n')
  expect(open).toContain('**VIOLATED**: 1 of 1 expectation')
  expect(open).toContain('| peers.backup.lag \\| x &lt; 1 s | option-1 | violated | - |')
  expect([...open.matchAll(/^### (.*)$/gm)].map(([, title]) => title)).toEqual([
    'Expectations',
    'Variants',
    'If a disaster had struck',
    'What disasters took',
  ])
  expect(more).toMatch(/^### Twins[\s\S]*\n\n<\/details>\n\nRepeat it with hbsim/)
})

test('a name of several lines or with backticks neither begins a heading nor becomes markup', () => {
  const summary = summaryOf([run('a\n\n# b', 1), run('`<b>`<img src=x>', 1)])
  const text = summaryMarkdown(summary, 'hbsim run x')
  expect(text).not.toMatch(/^# b/m)
  expect(text.replace(/`[^`\n]+`/g, '')).not.toMatch(/<(?:img|b)\b/)
})
