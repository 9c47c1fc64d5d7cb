import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Summary } from '../experiment/summary.js'
import type { ChartDefinition } from './chart.js'
import * as chartFunctions from './chart-configuration.js'
import { themes } from './chart-theme.js'
import { escapeHtml, scriptJson } from './escape-html.js'
import { sectionHtml } from './html-parts.js'
import { sectionsOf, themeButtons, verdictHtml, wordsSection } from './html-sections.js'
import { type PageWord, WordLinks } from './html-words.js'
import { packedChart } from './packed-chart.js'
import * as pageFunctions from './page-script.js'
import { PAGE_STYLE } from './page-style.js'

export interface ReportPage {
  summary: Summary
  scenario: ReportedScenario
  /** In the order in which the page shows them. */
  charts: readonly ChartDefinition[]
  /** Repeats the experiment. */
  command: string
  /** What names are explained with. */
  words: readonly PageWord[]
}

/** What a page says of the scenario beside the results: its own words. */
export interface ReportedScenario {
  readonly description: string
  /** What is to be learnt from it; may be empty. */
  readonly lesson: string
  readonly variants: readonly {
    readonly name: string
    /** What the variant sets, by path; nothing for the base. */
    readonly overrides: Readonly<Record<string, unknown>>
  }[]
  /** Properties that the model does not read. */
  readonly ignoredProperties: readonly string[]
}

/**
 * `report.html`: one file that needs neither network nor server. Its policy lets no script run
 * but the two in it, no style apply but the one in it, and nothing be fetched.
 */
export function reportHtml(given: ReportPage): string {
  // What the heat map of durability shows is a table here.
  const charts = given.charts.filter(({ id }) => id !== 'durability')
  const page = { ...given, charts }
  const { summary, scenario } = page
  const words = new WordLinks(page.words)
  const sections = sectionsOf(page, words).filter(({ body }) => body !== '')
  const top = verdictHtml(page, words)
  const all = [...sections, wordsSection(words)].filter(({ body }) => body !== '')
  const links = all.map(({ id, title }) => `<li><a href="#${id}">${escapeHtml(title)}</a></li>`)
  const name = escapeHtml(summary.scenario.name)
  const scripts = [chartLibrary(), pageScript()]
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(scripts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${name} - hbsim</title>
<link rel="icon" href="data:,">
<style>${PAGE_STYLE}</style>
</head>
<body>
<a class="skip" href="#verdict">To the verdict</a>
<header>
${themeButtons()}
<h1>${name}</h1>
<p class="description">${escapeHtml(scenario.description)}</p>
</header>
<main>
${top}
<nav class="contents" aria-label="Contents">
<h2>Contents</h2>
<ul>
${links.join('\n')}
</ul>
</nav>
${all.map(sectionHtml).join('\n')}
</main>
<footer>
<p>${escapeHtml(identity(summary))}</p>
</footer>
<script type="application/json" id="definitions">${scriptJson(charts.map(packedChart))}</script>
${scripts.map((script) => `<script>${script}</script>`).join('\n')}
</body>
</html>
`
}

function identity({ hbsim, scenario }: Summary): string {
  return (
    `hbsim ${hbsim}, scenario ${scenario.name} with hash ${scenario.hash}: ` +
    'the same input gives the same figures.'
  )
}

function chartLibrary(): string {
  const folder = dirname(createRequire(import.meta.url).resolve('chart.js'))
  const text = readFileSync(join(folder, 'chart.umd.min.js'), 'utf8')
  return text.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '')
}

/** The functions that configure the PNGs, as text. */
export function chartScript(): string {
  return Object.values(chartFunctions).map(String).join('\n')
}

/** The same with those of the page, and a call of the first. */
function pageScript(): string {
  const functions = Object.values(pageFunctions).map(String).join('\n')
  const { chartConfiguration, humanise } = chartFunctions
  const configure = `(chart, theme) => ${chartConfiguration.name}(chart, themes[theme])`
  const drawing = `Chart, configure: ${configure}, humanise: ${humanise.name}`
  const start = `${pageFunctions.startPage.name}({ ${drawing} })`
  const colours = `const themes = ${JSON.stringify(themes)}`
  return ["'use strict'", chartScript(), functions, colours, start].join('\n')
}

function policy(scripts: readonly string[]): string {
  return [
    "default-src 'none'",
    `script-src ${scripts.map(hashSource).join(' ')}`,
    `style-src ${hashSource(PAGE_STYLE)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}

function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
