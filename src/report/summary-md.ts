import type { Summary } from '../experiment/summary.js'
import { verdict } from '../experiment/verdict.js'
import { expectationTable, statisticsNote, type Table, variantTable } from './tables.js'

/** `summary.md`: verdict and tables for a ticket. `command` repeats the experiment. */
export function summaryMarkdown(summary: Summary, command: string): string {
  const expectations = expectationTable(summary)
  const parts = [
    `## ${escapeCell(summary.scenario.name)}`,
    verdict(summary)
      .map((sentence) => `- ${escapeText(sentence)}`)
      .join('\n'),
    markdownTable(variantTable(summary)),
    statisticsNote(summary),
    ...(expectations.rows.length === 0 ? [] : [markdownTable(expectations)]),
    `Repeat it with hbsim ${summary.hbsim}:`,
    fenced(command),
  ]
  return `${parts.join('\n\n')}\n`
}

function markdownTable({ head, rows }: Table): string {
  const lines = [
    head.map(escapeCell),
    head.map(() => '---'),
    ...rows.map((row) => row.map(escapeCell)),
  ]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** Text inside a table: nothing in it may end the cell or become markup. */
function escapeCell(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\`*_[\]|#~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
}

/** A sentence whose names are in backticks already; those are code and need no escapes. */
function escapeText(sentence: string): string {
  return sentence
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : escapeCell(part)))
    .join('')
}

function fenced(command: string): string {
  const longest = Math.max(2, ...(command.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}sh\n${command}\n${fence}`
}
