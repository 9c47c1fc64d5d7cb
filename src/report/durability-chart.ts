import { variantsOf } from '../experiment/over-seeds.js'
import type { RunResult } from '../simulation/result.js'
import { boxEntry, CHART_WIDTH, type ChartBox, type ChartDefinition } from './chart.js'
import { type Exposure, type ExposureRow, exposures } from './durability-table.js'
import { ALARM } from './table.js'
import { columnsAxis, rowsAxis } from './ticks.js'
import { wrapName } from './wrap-name.js'

const ROW_HEIGHT = 64

const TEXT_SIZE = 13
const LEAST_TEXT_SIZE = 9

/** Widths of letters, in units of the size of the text. */
const GLYPH = 0.58
const CAPITAL = 0.64

/** Where the scale of losses begins, and where it ends: a tenth of a second, a day. */
const LEAST_US = 100_000
const MOST_US = 86_400_000_000

const EXAMPLES: readonly [string, number][] = [
  ['nothing', 0],
  ['1 s', 1_000_000],
  ['1 min', 60_000_000],
  ['1 h', 3_600_000_000],
  ['1 d or more', MOST_US],
]

/**
 * The durability table as a heat map: a row for each class of disaster, a column for each variant;
 * the darker a cell, the more it would have lost at the worst instant. Null without a peer.
 */
export function durabilityChart(
  scenarioName: string,
  results: readonly RunResult[],
): ChartDefinition | null {
  const rows = exposures({ runs: results })
  if (rows.length === 0) return null
  const variants = variantsOf(results)
  const shown = variants.filter((_, index) => rows.some(({ cells }) => cells[index] !== null))
  const seeds = new Set(results.map(({ seed }) => seed)).size
  const titles = rows.map(({ title }) => title)
  const width = columnWidth(titles, shown.length)
  const drawn = (worded: boolean) =>
    rows.flatMap((row, index) =>
      shown.flatMap((variant, column): ChartBox[] => {
        const exposure = row.cells[variants.indexOf(variant)]
        if (exposure === null) return []
        return [cell(row, variant, exposure, column, rows.length - 1 - index, worded)]
      }),
    )
  const worded = drawn(true)
  const room = Math.max(...worded.flatMap(({ text }) => text.map(({ length }) => length)))
  const hasWords = GLYPH * TEXT_SIZE * room + 8 <= width
  const boxes = hasWords ? worded : drawn(false)
  const names = shown.map((variant) => wrapName(variant, Math.floor(105 / shown.length)))
  return {
    kind: 'boxes',
    id: 'durability',
    title: 'What a disaster would have cost, had it struck at any instant',
    subtitle:
      `${scenarioName}, ${seeds === 1 ? 'one run' : `${seeds} runs`} of each variant; coloured by ` +
      `the worst instant${hasWords ? '' : ', below it the median'}${boxes.some(({ framed }) => framed) ? '; framed: lost in spite of a claim' : ''}`,
    description:
      'Age of the oldest acknowledged edit that a disaster of the row would have taken from the ' +
      'design of the column: at the worst instant, and at the median one. The stronger the colour, the worse.',
    height: 190 + ROW_HEIGHT * rows.length + 18 * mostLines(names),
    x: columnsAxis('', names),
    panels: [rowsAxis('', titles)],
    lines: [],
    boxes,
    boxTextSize: textSize(width),
    legend: EXAMPLES.map(([label, us]) => boxEntry(label, { heat: heatOf(us) })),
    faults: [],
    labelRows: 0,
  }
}

function cell(
  { title }: ExposureRow,
  variant: string,
  { worstUs, lines, claim, broken }: Exposure,
  column: number,
  row: number,
  worded: boolean,
): ChartBox {
  const [median, worst] = lines
  // Without anything to lose there is one line alone, which says so.
  const named = worst === undefined ? [median] : [worst, median]
  const figures = worded ? named : named.map((line) => line.replace(/^(worst|median) /, ''))
  const claimed = broken ? [ALARM] : claim === 'claimed' ? ['(claimed)'] : []
  return {
    panel: 0,
    from: column,
    to: column + 1,
    low: row,
    high: row + 1,
    fill: { heat: heatOf(worstUs) },
    text: [...figures, ...claimed],
    framed: broken,
    note: [`${variant}, ${title}`, ...lines, claim].join('\n'),
  }
}

/** About how wide a column is, in CSS pixels. */
function columnWidth(titles: readonly string[], columns: number): number {
  return (CHART_WIDTH - 65 - 8 * Math.max(...titles.map(({ length }) => length))) / columns
}

/** At which the longest of what has to be said fits into a column, if it can still be read. */
function textSize(width: number): number {
  const fitting = Math.floor((width - 10) / (CAPITAL * ALARM.length))
  return Math.max(LEAST_TEXT_SIZE, Math.min(TEXT_SIZE, fitting))
}

/** From nothing (0) to a day or more (1); what is there at all is seen to be there. */
function heatOf(us: number): number {
  if (us === 0) return 0
  const share = Math.log(us / LEAST_US) / Math.log(MOST_US / LEAST_US)
  return 0.1 + 0.9 * Math.max(0, Math.min(1, share))
}

function mostLines(names: readonly string[]): number {
  return Math.max(...names.map((name) => name.split('\n').length))
}
