import { outcomeSentence } from '../experiment/outcome-sentence.js'
import { simplifications } from '../experiment/simplifications.js'
import { verdict } from '../experiment/verdict.js'
import { assumptionGroups } from './assumption-groups.js'
import { CLOSED_LOOP_NOTE, closedLoopTable } from './closed-loop-table.js'
import {
  COMPARISON_NOTE,
  comparisonTables,
  OUTCOME_NOTE,
  outcomeTable,
} from './comparison-table.js'
import { disasterTable } from './disaster-table.js'
import { escapeHtml } from './escape-html.js'
import type { ReportPage } from './html.js'
import { chartsHtml, withoutScripts } from './html-charts.js'
import { durabilityHtml } from './html-durability.js'
import {
  folded,
  hint,
  note,
  part,
  proseHtml,
  type Section,
  section,
  tableHtml,
} from './html-parts.js'
import { WordLinks } from './html-words.js'
import { conservationTable, invariantTable } from './law-table.js'
import { READ_NOTE, readTable } from './read-table.js'
import { drainTable, RECOVERY_NOTE, recoveryTable } from './recovery-table.js'
import { REGION_SERVER_NOTE, regionServerTable } from './region-server-table.js'
import { REPLICA_NOTE, replicaTable } from './replica-table.js'
import { runTable, seedTables } from './run-table.js'
import { scoreTable } from './score.js'
import { sensitivityNote, sensitivityTable } from './sensitivity-table.js'
import type { Table } from './table.js'
import {
  auditTable,
  detailTable,
  expectationTable,
  faultTable,
  replicationTable,
  roomTable,
  statisticsNote,
  variantTable,
} from './tables.js'

/** The verdict: in one word, in counts, in sentences; then what the scenario is to teach. */
export function verdictHtml({ summary, scenario }: ReportPage, words: WordLinks): string {
  const { word, text } = outcomeSentence(summary)
  const sentences = verdict(summary).map((sentence) => `<li>${proseHtml(sentence, words)}</li>`)
  const lesson = scenario.lesson === '' ? '' : `<p>${proseHtml(scenario.lesson, words)}</p>`
  return `<section id="verdict">
<h2>Verdict</h2>
<p class="outcome ${word.toLowerCase()}"><strong>${word}</strong> ${proseHtml(text, words)}</p>
<ul class="sentences">
${sentences.join('\n')}
</ul>
${folded('Checks by verdict', tableHtml('Checks by verdict', scoreTable(summary), words))}
${part('What the scenario is about', lesson)}
</section>`
}

/** Everything below the verdict, the most important first; some may be empty. */
export function sectionsOf(page: ReportPage, words: WordLinks): Section[] {
  const { summary } = page
  const table = (label: string, of: Table) => tableHtml(label, of, words)
  const noted = (label: string, of: Table, below: string) => {
    const html = table(label, of)
    return html + note(below, html)
  }
  return [
    section('variants', 'Variants', variantsHtml(page, words)),
    section('durability', 'If a disaster had struck', durabilityHtml(summary, words)),
    section(
      'disasters',
      'What disasters took',
      table('What disasters took', disasterTable(summary)),
    ),
    chartSection(page, words),
    comparisonSection(page, words),
    runsSection(page, words),
    section('expectations', 'Expectations', table('Expectations', expectationTable(summary))),
    section(
      'faults',
      'Faults',
      table('Faults', faultTable(summary)),
      part('Time to catch up', table('Time to catch up', drainTable(summary))),
    ),
    section(
      'recoveries',
      'Recoveries of region servers',
      noted('Recoveries of region servers', recoveryTable(summary), RECOVERY_NOTE),
    ),
    section('replicas', 'Region replicas', noted('Replicas', replicaTable(summary), REPLICA_NOTE)),
    section('reads', 'Reads', noted('Reads', readTable(summary), READ_NOTE)),
    section(
      'clients',
      'Closed-loop clients',
      noted('Closed-loop clients', closedLoopTable(summary), CLOSED_LOOP_NOTE),
    ),
    copySection(page, words),
    section(
      'servers',
      'Region servers',
      noted('Region servers', regionServerTable(summary), REGION_SERVER_NOTE),
    ),
    section('room', 'Room', table('Room', roomTable(summary))),
    section(
      'sensitivity',
      'Sensitivity to estimates',
      noted('Sensitivity', sensitivityTable(summary), sensitivityNote(summary)),
    ),
    assumptionSection(page, words),
    section(
      'laws',
      'Invariants and conservation laws',
      part('Invariants', table('Invariants', invariantTable(summary))),
      part('Conservation laws', table('Conservation laws', conservationTable(summary))),
    ),
    simplificationSection(page, words),
    ignoredSection(page),
    repeatSection(page),
  ]
}

export function themeButtons(): string {
  const button = (choice: string, isChosen: boolean) =>
    `<button type="button" data-choose="${choice}" aria-pressed="${isChosen}">${choice}</button>`
  const buttons = [button('auto', true), button('light', false), button('dark', false)]
  return `<div class="themes" role="group" aria-label="Colours" hidden>${buttons.join('')}</div>`
}

/** The words that the page has links to. */
export function wordsSection(words: WordLinks): Section {
  const used = words.used()
  // Their texts are not to add more of them, nor to lead to each other.
  const none = new WordLinks([])
  const entries = used.map(({ id, word, text, unit, more = {} }) => {
    const about = Object.entries(more).map(([title, of]) => `${title}: ${of}.`)
    const all = [text, ...about, ...(unit === undefined ? [] : [`Unit: ${unit}.`])].join(' ')
    return `<dt id="${id}">${escapeHtml(word)}</dt>\n<dd>${proseHtml(all, none)}</dd>`
  })
  const list = entries.length === 0 ? '' : `<dl>\n${entries.join('\n')}\n</dl>`
  return section('words', 'Words', list)
}

function variantsHtml({ summary, scenario }: ReportPage, words: WordLinks): string {
  const html = tableHtml('Variants', variantTable(summary), words)
  const rows = scenario.variants.map(({ name, overrides }) => {
    const changes = Object.entries(overrides)
    const text = changes.map(([path, value]) => `${path}: ${JSON.stringify(value)}`).join('\n')
    return [name, changes.length === 0 ? 'the scenario as it is' : text]
  })
  const changed = { head: ['variant', 'sets'], rows: rows.length > 1 ? rows : [] }
  return [
    html,
    note(statisticsNote(summary), html),
    part('What the variants change', tableHtml('What the variants change', changed, words)),
  ].join('\n')
}

function chartSection({ charts, summary }: ReportPage, words: WordLinks): Section {
  if (charts.length === 0) return section('charts', 'Charts')
  const buttons = 'Point at a line for its values; the buttons below a chart hide and show lines.'
  const scripts = withoutScripts(charts, summary)
  return section('charts', 'Charts', scripts, hint(buttons), chartsHtml(charts, words))
}

/** Differences beyond chance; then those that may be chance, folded; then edit by edit. */
function comparisonSection({ summary }: ReportPage, words: WordLinks): Section {
  const { differences, chance } = comparisonTables(summary)
  const beyond = tableHtml('Differences between twins', differences, words)
  const maybe = folded(
    `Differences that may be chance (${chance.rows.length})`,
    tableHtml('Differences that may be chance', chance, words),
    beyond === '',
  )
  const edits = tableHtml('Twins, edit by edit', outcomeTable(summary), words)
  return section(
    'comparison',
    'Comparison',
    part('Differences between twins', beyond + maybe + note(COMPARISON_NOTE, beyond + maybe)),
    part('Twins, edit by edit', edits + note(OUTCOME_NOTE, edits)),
  )
}

/** The metrics of the comparison seed by seed, those that the verdict rests on unfolded. */
function runsSection({ summary }: ReportPage, words: WordLinks): Section {
  const seeds = seedTables(summary).map(({ title, verdict: isVerdict, table }) =>
    folded(title, tableHtml(`${title}, by seed`, table, words), isVerdict),
  )
  const runs = tableHtml('Runs', runTable(summary), words)
  const all = folded('Every run, with the hash of its events', runs)
  return section('runs', 'Run by run', ...seeds, all)
}

/** What replication did, and what is amiss with the copies. */
function copySection({ summary }: ReportPage, words: WordLinks): Section {
  const table = (title: string, of: Table) => part(title, tableHtml(title, of, words))
  return section(
    'copies',
    'Replication, copies and cost',
    table('Gaps and duplicates', auditTable(summary)),
    table('Replication and cost', replicationTable(summary)),
    table('Recovery point objective', detailTable(summary)),
  )
}

function assumptionSection({ summary }: ReportPage, words: WordLinks): Section {
  const field =
    '<label hidden>Only parameters with <input type="search" id="filter" autocomplete="off"></label>'
  const groups = assumptionGroups(summary).map(({ id, title, note: about, table }) => {
    const html = tableHtml(`Assumptions: ${title}`, table, words)
    const content = html === '' ? '' : note(about) + html
    return folded(`${title} (${table.rows.length})`, content, id === 'estimates' || id === 'own')
  })
  const all = groups.some((group) => group !== '') ? [field, ...groups] : []
  return section('assumptions', 'Assumptions', ...all)
}

/** By subject; those of region replicas and of backups only where there are such. */
function simplificationSection({ summary: { runs } }: ReportPage, words: WordLinks): Section {
  const replicas = runs.some((run) => run.replicas !== undefined)
  const peers = runs.some((run) => Object.keys(run.peers).length > 0)
  const left = new Set([
    ...(replicas ? [] : ['region replicas']),
    ...(peers ? [] : ['designs', 'S3']),
  ])
  const subjects = Object.entries(simplifications).filter(([subject]) => !left.has(subject))
  const parts = subjects.map(([subject, all]) => {
    const rows = all.map(({ text, effect }) => [text, effect])
    const table = { head: ['the model', 'effect'], rows }
    return folded(`${subject} (${rows.length})`, tableHtml(`Simplified: ${subject}`, table, words))
  })
  return section('simplified', 'What is simplified', ...parts)
}

function ignoredSection({ scenario: { ignoredProperties } }: ReportPage): Section {
  const items = ignoredProperties.map((name) => `<li><code>${escapeHtml(name)}</code></li>`)
  const list = items.length === 0 ? '' : `<ul>\n${items.join('\n')}\n</ul>`
  const about = 'Set by the scenario or a site file, and not modelled: they change nothing here.'
  return section('ignored', 'Properties without effect', note(about, list), list)
}

function repeatSection({ command }: ReportPage): Section {
  const code = `<pre><code id="command">${escapeHtml(command)}</code></pre>`
  const copy =
    '<p class="copy"><button type="button" data-copy="command" hidden>Copy</button> ' +
    '<span role="status"></span></p>'
  return section('repeat', 'Repeat it', code, copy)
}
