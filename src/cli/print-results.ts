import { outcomeSentence } from '../experiment/outcome-sentence.js'
import type { Summary } from '../experiment/summary.js'
import { verdict } from '../experiment/verdict.js'
import { closedLoopTable } from '../report/closed-loop-table.js'
import { shortDisasterTable } from '../report/disaster-table.js'
import { shortDurabilityTable } from '../report/durability-table.js'
import { shortRegionServerTable } from '../report/region-server-table.js'
import { shortReplicaTable } from '../report/replica-table.js'
import { shortSensitivityTable } from '../report/sensitivity-table.js'
import { expectationTable, statisticsNote, variantTable } from '../report/tables.js'
import { printable } from '../scenario/source-text.js'
import type { Shell } from './shell.js'
import { terminalTable } from './terminal-table.js'
import { linesOf, wrap } from './wrap.js'

export interface Results {
  summary: Summary
  folder: string
  /** None if they could not be written. */
  files: readonly string[]
  /** What to tell about the input, e.g. what it sets without effect. */
  notes: readonly string[]
  command: string
}

/** Outcome and verdict first, details after; the last line is the command that repeats it. */
export function printResults(results: Results, quiet: boolean, shell: Shell): void {
  const { summary, folder, files, notes, command } = results
  const parts = [outcomeText(summary, shell), verdictText(summary, shell)]
  if (!quiet) {
    const tables = [
      variantTable(summary),
      shortDurabilityTable(summary),
      shortDisasterTable(summary),
      shortReplicaTable(summary),
      closedLoopTable(summary),
      shortRegionServerTable(summary),
      shortSensitivityTable(summary),
    ]
    for (const table of tables) {
      if (table.rows.length > 0) parts.push(terminalTable(table, shell.width))
    }
    parts.push(wrap(statisticsNote(summary), shell.width, ''))
    if (summary.runs.some((run) => run.expectations.length > 0)) {
      parts.push(expectationsText(summary, shell))
    }
    if (notes.length > 0) parts.push(linesOf(notes, shell.width))
    if (files.length > 0) {
      parts.push(wrap(`Written to ${printable(folder)}: ${files.join(', ')}`, shell.width, '  '))
    }
  }
  shell.out(`${parts.join('\n\n')}\n\n${command}\n`)
}

const COLOURS = { HELD: 'green', VIOLATED: 'red', UNDECIDED: 'yellow' } as const

function outcomeText(summary: Summary, { width, colours }: Shell): string {
  const { word, text } = outcomeSentence(summary)
  const rest = wrap(`${word}: ${text}`, width, '').slice(word.length)
  return colours.bold(colours[COLOURS[word]](word)) + rest
}

function verdictText(summary: Summary, { width, colours }: Shell): string {
  const [first, ...rest] = verdict(summary).map((sentence) => printable(sentence))
  return [
    colours.bold(wrap(first, width, '')),
    ...rest.map((sentence) => wrap(`- ${sentence}`, width, '  ')),
  ].join('\n')
}

function expectationsText(summary: Summary, { width, colours }: Shell): string {
  const lines = expectationTable(summary).rows.map(([that, variant, outcome, value]) => {
    const line = `${outcome}: ${printable(that)}, with ${printable(variant)} (${value})`
    const text = wrap(line, width - 2, '    ')
    if (outcome.startsWith('violated')) return `  ${colours.red(text)}`
    return `  ${outcome.startsWith('undecided') ? colours.yellow(text) : text}`
  })
  return ['Expected:', ...lines].join('\n')
}
