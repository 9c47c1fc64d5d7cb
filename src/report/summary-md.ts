import { outcomeSentence } from '../experiment/outcome-sentence.js'
import type { Summary } from '../experiment/summary.js'
import { verdict } from '../experiment/verdict.js'
import { CLOSED_LOOP_NOTE, closedLoopTable } from './closed-loop-table.js'
import { OUTCOME_NOTE, outcomeTable } from './comparison-table.js'
import { disasterTable } from './disaster-table.js'
import { DURABILITY_NOTE, durabilityTable } from './durability-table.js'
import { READ_NOTE, readTable } from './read-table.js'
import { drainTable, RECOVERY_NOTE, recoveryTable } from './recovery-table.js'
import { REGION_SERVER_NOTE, regionServerTable } from './region-server-table.js'
import { REPLICA_NOTE, replicaTable } from './replica-table.js'
import { sensitivityNote, sensitivityTable } from './sensitivity-table.js'
import type { Table } from './table.js'
import { auditTable, expectationTable, roomTable, statisticsNote, variantTable } from './tables.js'

/**
 * `summary.md`: what a ticket needs to know. The verdict comes first; what is rarely asked for is
 * folded. `command` repeats the experiment.
 */
export function summaryMarkdown(summary: Summary, command: string): string {
  const { word, text } = outcomeSentence(summary)
  const parts = [
    `## ${escapeCell(summary.scenario.name)}`,
    `**${word}**: ${escapeText(text)}`,
    verdict(summary)
      .map((sentence) => `- ${escapeText(sentence)}`)
      .join('\n'),
    ...section('Expectations', expectationTable(summary)),
    ...section('Variants', variantTable(summary), statisticsNote(summary)),
    ...section('If a disaster had struck', durabilityTable(summary), DURABILITY_NOTE),
    ...section('What disasters took', disasterTable(summary)),
    ...section('Sensitivity to estimates', sensitivityTable(summary), sensitivityNote(summary)),
    ...folded('More figures', [
      ...section('Twins, edit by edit', outcomeTable(summary), OUTCOME_NOTE),
      ...section('Region replicas', replicaTable(summary), REPLICA_NOTE),
      ...section('Reads', readTable(summary), READ_NOTE),
      ...section('Closed-loop clients', closedLoopTable(summary), CLOSED_LOOP_NOTE),
      ...section('Gaps and duplicates', auditTable(summary)),
      ...section('Time to catch up after a fault', drainTable(summary)),
      ...section('Region servers', regionServerTable(summary), REGION_SERVER_NOTE),
      ...section('Recoveries of region servers', recoveryTable(summary), RECOVERY_NOTE),
      ...section('Room', roomTable(summary)),
    ]),
    `Repeat it with hbsim ${summary.hbsim}, scenario ${summary.scenario.hash.slice(0, 16)}:`,
    fenced(command),
  ]
  return `${parts.join('\n\n')}\n`
}

/** Parts that are read after a click, where Markdown is shown with HTML; all of it elsewhere. */
function folded(title: string, parts: readonly string[]): string[] {
  if (parts.length === 0) return []
  return [`<details><summary>${title}</summary>`, ...parts, '</details>']
}

/** A table under its title; nothing at all if it has no rows. */
function section(title: string, table: Table, ...below: string[]): string[] {
  return table.rows.length === 0
    ? []
    : [`### ${title}`, markdownTable(table), ...below.map(escapeText)]
}

function markdownTable({ head, rows }: Table): string {
  const lines = [
    head.map(escapeCell),
    head.map(() => '---'),
    ...rows.map((row) => row.map(escapeLines)),
  ]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** A cell with its lines, none of whose text ends the cell or becomes markup. */
function escapeLines(text: string): string {
  return text.split('\n').map(escapeCell).join('<br>')
}

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
    .replace(/[\r\n]+/g, ' ')
    .split(/(`[^`]*`)/)
    .map((part) => (/^`[^`]+`$/.test(part) ? part : escapeCell(part)))
    .join('')
}

function fenced(command: string): string {
  const longest = Math.max(2, ...(command.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}sh\n${command}\n${fence}`
}
