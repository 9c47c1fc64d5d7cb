import { metricsOf } from '../experiment/metric.js'
import { formatQuantity } from '../experiment/quantities.js'
import type { Change, Move, VariedParameter } from '../experiment/sensitivity.js'
import { shareOf } from '../experiment/sensitivity-changes.js'
import { describeChange, SCALED } from '../experiment/sensitivity-sentences.js'
import type { Summary } from '../experiment/summary.js'
import { list } from '../experiment/wording.js'
import { NOTHING, type Table } from './table.js'

/** Figures of one estimate that a report shows. */
const MOST_FIGURES = 3

/** Estimates that the terminal shows, if no more change a verdict. */
const MOST_SHOWN = 6

const NOTE =
  'Each estimate is halved and doubled by itself, with all else and all luck as it was; shown ' +
  `are up to ${MOST_FIGURES} figures that move most. A verdict changes if an expectation or an ` +
  'invariant comes out differently, a claim is newly broken or kept, edits are lost where none ' +
  'were, or two variants change places.'

/** A row for each figure that an estimate moves; what moves nothing is in the note. */
export function sensitivityTable(summary: Summary): Table {
  const rows = movingOf(summary).flatMap((each) => {
    const [first, ...others] = figureCells(summary, each, MOST_FIGURES)
    const changes = each.changed.map((change) => changeText(summary, change))
    return [
      [nameCell(each), valueCell(each), ...first, changes.join('\n') || 'none'],
      ...others.map((cells) => [nameCell(each), valueCell(each), ...cells, '']),
    ]
  })
  return {
    head: ['estimate', 'value', 'figure', 'halved', 'estimated', 'doubled', 'verdicts changed'],
    rows,
  }
}

/** The same for the terminal: the largest moves, and how many verdicts change. */
export function shortSensitivityTable(summary: Summary): Table {
  const all = movingOf(summary)
  const changing = all.filter(({ changed }) => changed.length > 0)
  return {
    head: ['estimate', 'moves most', 'halved', 'estimated', 'doubled', 'verdicts'],
    rows: all.slice(0, Math.max(MOST_SHOWN, changing.length)).map((each) => {
      const changes = each.changed.length === 0 ? NOTHING : `${each.changed.length}`
      return [nameCell(each), ...figureCells(summary, each, 1)[0], changes]
    }),
  }
}

/** What is to be said below the table; empty where estimates were not varied. */
export function sensitivityNote(summary: Summary): string {
  const { sensitivity } = summary
  if (sensitivity === undefined) return ''
  const unmoved = sensitivity.parameters.filter((each) => !isMoving(each))
  if (unmoved.length === 0) return NOTE
  return `${NOTE} Nothing that shows moves with ${list(unmoved.map(({ parameter }) => parameter))}.`
}

function movingOf({ sensitivity }: Summary): VariedParameter[] {
  return (sensitivity?.parameters ?? []).filter(isMoving)
}

function isMoving({ rows, changed }: VariedParameter): boolean {
  return changed.length > 0 || rows.some(shows)
}

/** Whether a figure moves so far that it reads differently. */
function shows(row: Move): boolean {
  return [row.low, row.high].some((figure) => textOf(row, figure) !== textOf(row, row.base))
}

function textOf({ unit }: Move, figure: number | null): string {
  return figure === null ? 'none' : formatQuantity(figure, unit)
}

function nameCell({ parameter, variants }: VariedParameter): string {
  return variants === undefined ? parameter : `${parameter}\nof ${list(variants)}`
}

function valueCell({ base, low, high, cut }: VariedParameter): string {
  const ends = (cut ?? []).map((side) => {
    return `${SCALED[side]}: ${side === 'low' ? low : high}, the end of its range`
  })
  return [base, ...ends].join('\n')
}

/** Name, halved, as estimated and doubled of the `most` figures that move most; dashes if none. */
function figureCells(
  summary: Summary,
  { rows }: VariedParameter,
  most: number,
): [string[], ...string[][]] {
  const share = ({ base, low, high }: Move) => Math.max(shareOf(base, low), shareOf(base, high))
  const moved = rows.filter(shows).sort((a, b) => share(b) - share(a))
  const [first, ...others] = moved.slice(0, most).map((row) => {
    const { variant, metric, low, base, high, unit, seeds } = row
    const title = metricsOf(summary.runs).find(({ name }) => name === metric)?.title ?? metric
    const range =
      seeds === undefined
        ? ''
        : `\n(${seeds.map((figure) => formatQuantity(figure, unit)).join('…')} over seeds)`
    const estimated = textOf(row, base) + range
    return [`${title} of ${variant}`, textOf(row, low), estimated, textOf(row, high)]
  })
  return [first ?? [NOTHING, NOTHING, NOTHING, NOTHING], ...others]
}

function changeText(summary: Summary, change: Change): string {
  return `${SCALED[change.at]}: ${describeChange(summary, change)}`.replaceAll('`', '')
}
