import type { Summary } from '../experiment/summary.js'
import { CHART_WIDTH, type ChartDefinition } from './chart.js'
import { escapeHtml } from './escape-html.js'
import { besides, figureTable } from './figure-table.js'
import { folded, tableHtml } from './html-parts.js'
import type { WordLinks } from './html-words.js'

/** The charts of the page; it draws them itself, and each has its figures below it. */
export function chartsHtml(charts: readonly ChartDefinition[], words: WordLinks): string {
  return charts.map((chart) => figure(chart, words)).join('\n')
}

/** What stands in place of charts where scripts do not run. */
export function withoutScripts(charts: readonly ChartDefinition[], { scenario }: Summary): string {
  const names = charts.map(({ id }) => `${id}.png`).join(', ')
  const what = `Charts are drawn by a script of this page, and scripts are off: ${names} beside it`
  return `<noscript><p class="note">${escapeHtml(`${what} show ${scenario.name}`)}.</p></noscript>`
}

function figure(chart: ChartDefinition, words: WordLinks): string {
  const { id, title, height, subtitle, description } = chart
  const label = escapeHtml(`${title}. ${description}`)
  const size = `width="${CHART_WIDTH}" height="${height}"`
  const data = [
    tableHtml(`Figures of: ${title}`, figureTable(chart), words),
    tableHtml(`Rows of: ${title}`, besides(chart), words),
  ]
  return `<figure id="figure-${id}">
<h3>${escapeHtml(title)}</h3>
<div class="drawing" role="group" aria-label="${escapeHtml(title)}" tabindex="0">
<canvas id="chart-${id}" ${size} role="img" aria-label="${label}"></canvas></div>
<div class="legend" role="group" aria-label="Lines of: ${escapeHtml(title)}"></div>
<figcaption>${escapeHtml(description)} <span class="of">${escapeHtml(subtitle)}.</span></figcaption>
${folded('Its figures', data.join('\n'))}
</figure>`
}
