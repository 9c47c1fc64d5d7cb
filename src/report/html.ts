import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Summary } from '../experiment/summary.js'
import { verdict } from '../experiment/verdict.js'
import { CHART_WIDTH, type ChartDefinition } from './chart.js'
import * as chartFunctions from './chart-configuration.js'
import { COMPARISON_NOTE, comparisonTable, OUTCOME_NOTE, outcomeTable } from './comparison-table.js'
import { disasterTable } from './disaster-table.js'
import { DURABILITY_NOTE, durabilityTable } from './durability-table.js'
import { escapeHtml, scriptJson } from './escape-html.js'
import { PAGE_STYLE } from './page-style.js'
import { READ_NOTE, readTable } from './read-table.js'
import { drainTable, RECOVERY_NOTE, recoveryTable } from './recovery-table.js'
import { REGION_SERVER_NOTE, regionServerTable } from './region-server-table.js'
import { REPLICA_NOTE, replicaTable } from './replica-table.js'
import { ALARM, type Table } from './table.js'
import {
  assumptionTable,
  auditTable,
  detailTable,
  expectationTable,
  faultTable,
  replicationTable,
  roomTable,
  statisticsNote,
  variantTable,
} from './tables.js'

export interface ReportPage {
  summary: Summary
  /** The scenario's own words. */
  description: string
  charts: readonly { definition: ChartDefinition; png: Uint8Array }[]
  /** Repeats the experiment. */
  command: string
}

/**
 * `report.html`: one file that needs neither network nor server. Its policy lets no script run
 * but the two in it, and nothing be fetched.
 */
export function reportHtml({ summary, description, charts, command }: ReportPage): string {
  const scripts = [chartLibrary(), drawingScript()]
  const { name } = summary.scenario
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(scripts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(name)} - hbsim</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(name)}</h1>
<p class="description">${escapeHtml(description)}</p>
<ul class="verdict">
${verdict(summary).map(sentence).join('\n')}
</ul>
${section('Variants', variantTable(summary), statisticsNote(summary))}
${section('If a disaster had struck', durabilityTable(summary), DURABILITY_NOTE)}
${section('What disasters took', disasterTable(summary))}
${section('Twins, edit by edit', outcomeTable(summary), OUTCOME_NOTE)}
${charts.map(figure).join('\n')}
${section('Expectations', expectationTable(summary))}
${section('Region replicas', replicaTable(summary), REPLICA_NOTE)}
${section('Reads', readTable(summary), READ_NOTE)}
${section('Gaps and duplicates', auditTable(summary))}
${section('Faults', faultTable(summary))}
${section('Time to catch up after a fault', drainTable(summary))}
${section('Region servers', regionServerTable(summary), REGION_SERVER_NOTE)}
${section('Recoveries of region servers', recoveryTable(summary), RECOVERY_NOTE)}
${section('Room', roomTable(summary))}
${section('Replication and cost', replicationTable(summary))}
${section('Recovery point objective', detailTable(summary))}
${section('Differences between twins', comparisonTable(summary), COMPARISON_NOTE)}
${section('Assumptions', assumptionTable(summary))}
<section>
<h2>Repeat it</h2>
<pre>${escapeHtml(command)}</pre>${note(identity(summary))}
</section>
</main>
<script type="application/json" id="charts">${scriptJson(charts.map((chart) => chart.definition))}</script>
${scripts.map((script) => `<script>${script}</script>`).join('\n')}
</body>
</html>
`
}

function sentence(text: string): string {
  const parts = text.split(/`([^`]*)`/)
  const html = parts.map((part, index) =>
    index % 2 === 1 ? `<code>${escapeHtml(part)}</code>` : escapeHtml(part),
  )
  return `<li>${html.join('')}</li>`
}

/** A table under its title; nothing at all if it has no rows. */
function section(title: string, table: Table, below = ''): string {
  if (table.rows.length === 0) return ''
  const content = htmlTable(table) + (below === '' ? '' : note(below))
  return `<section>\n<h2>${title}</h2>\n${content}\n</section>`
}

function note(text: string): string {
  return `\n<p class="note">${escapeHtml(text)}</p>`
}

function htmlTable({ head, rows }: Table): string {
  const headCells = head.map((cell) => `<th scope="col">${escapeHtml(cell)}</th>`).join('')
  const body = rows.map(([first, ...rest]) => {
    const cells = rest.map((cell) => `<td>${lines(cell)}</td>`).join('')
    return `<tr><th scope="row">${lines(first)}</th>${cells}</tr>`
  })
  return `<div class="wide"><table>
<thead><tr>${headCells}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table></div>`
}

function lines(cell: string): string {
  const marked = cell.split('\n').map((line) => {
    const text = escapeHtml(line)
    return line.startsWith(ALARM) ? `<strong>${text}</strong>` : text
  })
  return marked.join('<br>')
}

function figure({ definition, png }: ReportPage['charts'][number]): string {
  const { id, title, height } = definition
  const size = `width="${CHART_WIDTH}" height="${height}"`
  const picture = `data:image/png;base64,${Buffer.from(png).toString('base64')}`
  return `<figure>
<canvas id="chart-${id}" ${size} role="img" aria-label="${escapeHtml(title)}"></canvas>
<noscript><img src="${picture}" ${size} alt="${escapeHtml(title)}"></noscript>
</figure>`
}

function identity({ hbsim, scenario }: Summary): string {
  return `hbsim ${hbsim}, scenario ${scenario.hash}: the same input gives the same figures.`
}

function chartLibrary(): string {
  const folder = dirname(createRequire(import.meta.url).resolve('chart.js'))
  const text = readFileSync(join(folder, 'chart.umd.min.js'), 'utf8')
  return text.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '')
}

/** The functions that configure the PNGs, as text, and a line that draws with them. */
export function drawingScript(): string {
  const functions = Object.values(chartFunctions).map(String)
  return `${functions.join('\n')}
for (const chart of JSON.parse(document.getElementById('charts').textContent)) {
  new Chart(document.getElementById('chart-' + chart.id), chartConfiguration(chart))
}`
}

function policy(scripts: readonly string[]): string {
  return [
    "default-src 'none'",
    `script-src ${scripts.map(hashSource).join(' ')}`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}

function hashSource(script: string): string {
  return `'sha256-${createHash('sha256').update(script).digest('base64')}'`
}
