import { type PeerFigure, peerFigure, peersOf } from '../experiment/metric.js'
import { type OverSeeds, ofEachVariant } from '../experiment/over-seeds.js'
import { formatCount, formatUsd } from '../experiment/quantities.js'
import { pedigree, spread } from '../experiment/wording.js'
import type { PeerResult, RunResult } from '../simulation/result.js'
import {
  boxEntry,
  type ChartBox,
  type ChartDefinition,
  type ChartLine,
  type Fill,
} from './chart.js'
import { columnsAxis, countAxis, usdAxis } from './ticks.js'
import { wrapName } from './wrap-name.js'

/** Parts of a bar alternate between light and dark, and so can be told apart in grey. */
const COSTS: readonly Part[] = [
  costPart('storage', { colour: 'sky', pale: true }, (cost) => cost.storage),
  costPart('requests', { colour: 'blue' }, (cost) => cost.requests),
  costPart('pending uploads', { colour: 'vermillion' }, (cost) => cost.pendingUploads),
]

const REQUEST_FILLS: readonly Fill[] = [
  { colour: 'green' },
  { colour: 'orange', pale: true },
  { colour: 'purple' },
  { colour: 'green', pale: true },
  { colour: 'vermillion' },
  { colour: 'purple', pale: true },
  { colour: 'blue' },
  { colour: 'grey', pale: true },
]

/** One addend of a bar. */
interface Part {
  label: string
  fill: Fill
  figure: PeerFigure
}

/** A bar: what a variant's peer comes to. */
interface Column {
  variant: string
  peer: string
  title: string
}

/**
 * What a month of each variant would cost, and the requests it sent, both by kind: means of the
 * seeds, with the interval of the whole. Null where nothing is paid for.
 */
export function costChart(
  scenarioName: string,
  results: readonly RunResult[],
): ChartDefinition | null {
  const columns = columnsOf(results)
  const totals = columns.map((column) =>
    over(results, column, (peer) => peer.costUsdPerMonth?.total),
  )
  if (totals.every((total) => total === null || total.range[1] === 0)) return null
  const operations = [
    ...new Set(
      columns.flatMap(({ peer }) =>
        results.flatMap((run) => Object.keys(run.peers[peer]?.requests ?? {})),
      ),
    ),
  ]
  const requests = operations.map((name, index): Part => {
    const fill = REQUEST_FILLS[index % REQUEST_FILLS.length]
    return { label: name, fill, figure: (peer) => peer.requests[name] }
  })
  const sums = columns.map((column) => over(results, column, allRequests))
  const costs = stacks(results, columns, COSTS, 0, (value) => formatUsd(value))
  const counts = stacks(results, columns, requests, 1, (value) => formatCount(Math.round(value)))
  const drawn = totals.flatMap((total) => total ?? [])
  const names = columns.map(({ title }, index) => {
    const total = totals[index]
    const name = wrapName(title, Math.floor(110 / columns.length))
    return total === null ? name : `${name}\n${formatUsd(total.center)}`
  })
  return {
    kind: 'boxes',
    id: 'cost',
    title: 'Cost of the store per month, and requests of the run',
    subtitle: `${scenarioName}; ${pedigree(drawn).replace('in brackets', 'as whiskers')}`,
    description:
      'Dollars a month, scaled up from the fault-free part of the run, for what is stored, for ' +
      'requests, and for parts of uploads that nobody completed; below, the requests of the whole ' +
      'run by operation. Whiskers are the interval of the sum.',
    height: 720,
    x: columnsAxis('', names),
    panels: [
      usdAxis('Cost per month', [0, ...drawn.map(highest)], 'linear'),
      countAxis('Requests', Math.max(1, ...sums.map((sum) => (sum === null ? 0 : highest(sum))))),
    ],
    lines: [...whiskers(totals, 0, 'total cost'), ...whiskers(sums, 1, 'all requests')],
    boxes: [...costs.boxes, ...counts.boxes],
    legend: [
      ...costs.parts.map(({ label, fill }) => boxEntry(`cost of ${label}`, fill)),
      ...counts.parts.map(({ label, fill }) => boxEntry(label, fill)),
    ],
    faults: [],
    labelRows: 0,
  }
}

/** Whatever has a peer that is paid for, in order of variants. */
function columnsOf(results: readonly RunResult[]): Column[] {
  const peers = peersOf(results)
  const variants = [...new Set(results.map(({ variant }) => variant))]
  return variants.flatMap((variant) =>
    peers
      .map((peer) => ({ variant, peer, title: peers.length > 1 ? `${variant}: ${peer}` : variant }))
      .filter((column) => over(results, column, ({ costUsdPerMonth }) => costUsdPerMonth?.total)),
  )
}

function over(results: readonly RunResult[], { variant, peer }: Column, figure: PeerFigure) {
  const metric = {
    ...({ name: '', title: '', unit: 'usd', center: 'mean', verdict: false } as const),
    of: peerFigure(peer, figure),
  }
  return ofEachVariant(results, metric).find((each) => each.variant === variant) ?? null
}

/** Boxes of the parts above each other, and the parts of which there is anything. */
function stacks(
  results: readonly RunResult[],
  columns: readonly Column[],
  parts: readonly Part[],
  panel: number,
  format: (value: number) => string,
): { boxes: ChartBox[]; parts: Part[] } {
  const used = new Set<Part>()
  const boxes = columns.flatMap((column, index) => {
    let low = 0
    return parts.flatMap((part): ChartBox[] => {
      const value = over(results, column, part.figure)
      if (value === null || value.center === 0) return []
      used.add(part)
      const place = { panel, from: index + 0.22, to: index + 0.78, low, high: low + value.center }
      low = place.high
      const text = format(value.center)
      const note = `${column.title}: ${part.label} ${text}${range(value, format)}`
      return [{ ...place, fill: part.fill, text: [text], note }]
    })
  })
  return { boxes, parts: parts.filter((part) => used.has(part)) }
}

function range(value: OverSeeds, format: (value: number) => string): string {
  if (spread(value) === '') return ''
  const [low, high] = value.interval95 ?? value.range
  return ` (${format(low)} to ${format(high)})`
}

/** The interval of each sum, where the seeds differ. */
function whiskers(sums: readonly (OverSeeds | null)[], panel: number, label: string): ChartLine[] {
  return sums.flatMap((sum, index): ChartLine[] => {
    if (sum === null || sum.range[0] === sum.range[1]) return []
    const points = (sum.interval95 ?? sum.range).map((y) => ({ x: index + 0.68, y }))
    const style = { colour: 'ink', dash: [], width: 2 } as const
    return [{ label, panel, style: { ...style, dash: [] }, shape: 'whisker', points }]
  })
}

function highest({ center, interval95, range: [, most] }: OverSeeds): number {
  return Math.max(center, interval95?.[1] ?? most)
}

function allRequests({ requests }: PeerResult): number {
  return Object.values(requests).reduce((sum, count) => sum + count, 0)
}

type Cost = NonNullable<PeerResult['costUsdPerMonth']>

function costPart(label: string, fill: Fill, of: (cost: Cost) => number): Part {
  return { label, fill, figure: ({ costUsdPerMonth: cost }) => cost && of(cost) }
}
