import { expect, test } from 'vitest'
import { summaryMarkdown } from '../../src/report/summary-md.js'
import { summaryOf } from './experiment.js'
import { run } from './fixture.js'

test('a ticket gets the verdict, a column for each variant and the command', () => {
  const summary = summaryOf([run('option-1', 1), run('direct', 1)])
  const text = summaryMarkdown(summary, 'hbsim run backup-options')
  expect(text).toMatch(/^## backup-options\n\n- /)
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
