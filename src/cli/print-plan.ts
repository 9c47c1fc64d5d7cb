import { formatCount, formatDuration } from '../experiment/quantities.js'
import { count, span } from '../experiment/wording.js'
import type { Table } from '../report/table.js'
import { canonicalJson } from '../scenario/canonical-json.js'
import { printable } from '../scenario/source-text.js'
import { AS_ANSWERED, type Plan, runsText } from './plan.js'
import type { Shell } from './shell.js'
import { terminalTable } from './terminal-table.js'
import { linesOf, wrap } from './wrap.js'

/** What `--dry-run` prints: the runs, what differs between variants, and what the scenario sets. */
export function printPlan(plan: Plan, shell: Shell): void {
  const { width, colours } = shell
  const { values, notes, expectations } = plan
  const set = values.filter(({ source }) => isSet(source))
  const parts = [
    colours.bold(wrap(`Nothing is run. This would be ${runsText(plan)}.`, width, '')),
    terminalTable(variantTable(plan), width),
  ]
  if (plan.variants.some(({ overrides }) => Object.keys(overrides).length > 0)) {
    parts.push(`What differs between variants:\n${terminalTable(differenceTable(plan), width)}`)
  }
  if (set.length > 0) parts.push(`What is set:\n${terminalTable(valueTable(set), width)}`)
  parts.push(wrap(defaultsText(values.length - set.length, set.length > 0), width, '  '))
  if (notes.length > 0) parts.push(linesOf(notes, width))
  parts.push(wrap(`Expected: ${count(expectations.length, 'expectation')}.`, width, '  '))
  parts.push(wrap(`Results would go to ${printable(plan.folder)}.`, width, '  '))
  shell.out(`${parts.join('\n\n')}\n`)
}

/** The same as data: with every run and every value. */
export function planJson(plan: Plan): string {
  const { seeds, variants, ...rest } = plan
  const runs = variants.flatMap(({ name }) => seeds.map((seed) => ({ variant: name, seed })))
  return `${canonicalJson({ ...rest, runs, variants }, 2)}\n`
}

function variantTable({ variants, seeds }: Plan): Table {
  const rows = variants.map(({ name, durationUs, warmupUs, drainUs, operations, edits }) => [
    name,
    span(`${seeds[0]}`, `${seeds[seeds.length - 1]}`),
    formatDuration(durationUs),
    formatDuration(warmupUs),
    formatDuration(drainUs),
    operations === null ? AS_ANSWERED : `about ${formatCount(operations)}`,
    edits === null ? 'not known' : `about ${formatCount(edits)}`,
  ])
  const head = ['variant', 'seeds', 'duration', 'warm-up', 'drain, at most']
  return { head: [...head, 'operations a run', 'edits a run'], rows }
}

function differenceTable({ variants }: Plan): Table {
  const paths = [...new Set(variants.flatMap(({ overrides }) => Object.keys(overrides)))]
  const rows = paths.map((path) => [
    path,
    ...variants.map(({ overrides }) =>
      Object.hasOwn(overrides, path) ? valueText(overrides[path]) : 'as written',
    ),
  ])
  return { head: ['', ...variants.map(({ name }) => name)], rows }
}

function valueTable(values: Plan['values']): Table {
  const rows = values.map(({ parameter, value, source, variants }) => [
    parameter,
    value,
    source.replace(/^site \((.+)\)$/, '$1').replace(/^site$/, "the scenario's site"),
    variants === undefined ? 'all' : variants.join(', '),
  ])
  return { head: ['parameter or property', 'value', 'from', 'variants'], rows }
}

/** Everything else has a publication, HBase's code or an estimate for its source. */
function isSet(source: string): boolean {
  return /^(site|scenario)\b/.test(source)
}

function defaultsText(number: number, others: boolean): string {
  const which = `${formatCount(number)} ${others ? 'other ' : ''}parameters and properties`
  return `${which} have their defaults; --dry-run --json lists them with their sources.`
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : canonicalJson(value)
}
