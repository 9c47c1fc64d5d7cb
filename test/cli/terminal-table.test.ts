import { expect, test } from 'vitest'
import { terminalTable } from '../../src/cli/terminal-table.js'

const TABLE = {
  head: ['', 'option-1', 'option-2', 'direct'],
  rows: [['lost edits', '49,000 (1…2)', '12', '210']],
}

test('columns that do not fit follow below, beside the first', () => {
  const text = terminalTable(TABLE, 40)
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(40)
  expect(text.match(/lost edits/g)).toHaveLength(2)
  for (const name of TABLE.head.slice(1)) expect(text).toContain(name)
})

test('a table that fits is one', () => {
  expect(terminalTable(TABLE, 100).match(/lost edits/g)).toHaveLength(1)
})

test('one column is shown however narrow the terminal is', () => {
  expect(terminalTable(TABLE, 1).match(/lost edits/g)).toHaveLength(3)
})

test('a spread stands below its figure, and no cell drives the terminal', () => {
  const row = ['lost\u001b[2J', '49,000 (1…2)', '12', '210']
  const text = terminalTable({ ...TABLE, rows: [row] }, 100)
  expect(text).toMatch(/49,000 +│/)
  expect(text).not.toContain('\u001b')
})
