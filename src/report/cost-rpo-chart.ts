import { type Metric, metricsOf, peersOf } from '../experiment/metric.js'
import { type OverSeeds, overSeedsOf, valuesBySeed, variantsOf } from '../experiment/over-seeds.js'
import type { RunResult } from '../simulation/result.js'
import {
  type ChartDefinition,
  type ChartLine,
  firstOfEachVariant,
  legendEntry,
  onAxis,
} from './chart.js'
import { labelsOf } from './line-labels.js'
import { type LineStyle, lineStyle } from './line-style.js'
import { type Axis, durationAxis, logDurationAxis, usdAxis } from './ticks.js'

/** Beyond this ratio of the largest to the smallest value an axis is logarithmic. */
const FAR_APART = 30

/** Of a mark around another one, and how much wider it is for each within, in CSS pixels. */
const RADIUS = 7
const RING = 5

/** Shares of an axis less than this apart, two points are taken for one. */
const NEAR = 0.012

/** One design: its cost and its RPO over the seeds. */
interface Design {
  label: string
  cost: OverSeeds
  rpo: OverSeeds
  seeds: { x: number; y: number }[]
}

/**
 * What safety costs: a point for each run, at its cost per month and the 99th percentile of its RPO
 * under the loss of the cluster, and for each variant both intervals. Null for fewer than two designs.
 */
export function costRpoChart(
  scenarioName: string,
  results: readonly RunResult[],
): ChartDefinition | null {
  const designs = designsOf(results)
  if (designs.length < 2) return null
  const costs = designs.flatMap(({ cost }) => [cost.center, ...ends(cost), ...cost.range])
  const rpos = designs.flatMap(({ rpo }) => [rpo.center, ...ends(rpo), ...rpo.range])
  const x = usdAxis(
    'Cost of the store per month',
    costs,
    areFarApart(costs) ? 'logarithmic' : 'linear',
  )
  const panel = rpoAxis(rpos)
  const labels = labelsOf(firstOfEachVariant(results))
  const covered = designs.map((design, index) =>
    covering(design, designs.slice(index + 1), x, panel),
  )
  const looks = designs.map(({ label }, index): LineStyle => {
    const style = lineStyle(Math.max(0, labels.indexOf(label)))
    return covered[index] === 0 ? style : { ...style, ring: RADIUS + RING * covered[index] }
  })
  return {
    kind: 'points',
    id: 'cost-rpo',
    title: 'What safety costs: recovery point objective against cost',
    subtitle:
      `${scenarioName}; a point for each seed, crosses are ${intervals(designs)}` +
      (covered.some((count) => count > 0) ? '; marks within marks are at one place' : ''),
    description:
      'Each point is one run: how much its store costs a month, and how old the oldest edit is that ' +
      'the loss of the cluster takes, at the 99th percentile of time. Down and left is better.',
    height: 620,
    x,
    panels: [panel],
    lines: designs
      .flatMap((design, index) => linesOf(design, looks[index]))
      .map((line) => onAxis(line, panel)),
    boxes: [],
    legend: designs.map(({ label }, index) => legendEntry(label, looks[index], 'points')),
    faults: [],
    labelRows: 0,
  }
}

/** How many of the `others`, which are drawn later, lie where `design` does. */
function covering(design: Design, others: readonly Design[], x: Axis, y: Axis): number {
  const isNear = (axis: Axis, one: number, other: number) =>
    Math.abs(share(axis, one) - share(axis, other)) < NEAR
  return others.filter(
    ({ cost, rpo }) =>
      isNear(x, design.cost.center, cost.center) && isNear(y, design.rpo.center, rpo.center),
  ).length
}

/** Where a value lies on an axis, from 0 to 1. */
function share({ scale, min, max }: Axis, value: number): number {
  const place = (at: number) => (scale === 'linear' ? at : Math.log(Math.max(at, min)))
  return (place(value) - place(min)) / (place(max) - place(min))
}

function designsOf(results: readonly RunResult[]): Design[] {
  const peers = peersOf(results)
  const metrics = metricsOf(results)
  const named = (name: string) => metrics.find((metric) => metric.name === name)
  return variantsOf(results).flatMap((variant) =>
    peers.flatMap((peer): Design[] => {
      const costOf = named(`peers.${peer}.costUsdPerMonth.total`)
      const rpoOf = named(`peers.${peer}.rpo["cluster-loss"].p99Us`)
      const cost = costOf && overSeedsOf(results, variant, costOf)
      const rpo = rpoOf && overSeedsOf(results, variant, rpoOf)
      if (!costOf || !rpoOf || !cost || !rpo) return []
      const label = peers.length > 1 ? `${variant}: ${peer}` : variant
      return [{ label, cost, rpo, seeds: pairs(results, variant, costOf, rpoOf) }]
    }),
  )
}

function pairs(results: readonly RunResult[], variant: string, costOf: Metric, rpoOf: Metric) {
  const rpos = valuesBySeed(results, variant, rpoOf)
  return [...valuesBySeed(results, variant, costOf)].flatMap(([seed, x]) => {
    const y = rpos.get(seed)
    return y === undefined ? [] : [{ x, y }]
  })
}

function linesOf({ label, cost, rpo, seeds }: Design, style: LineStyle): ChartLine[] {
  const whisker = (points: ChartLine['points']): ChartLine => {
    return { label, panel: 0, style, shape: 'whisker', points }
  }
  const varies = ({ range: [low, high] }: OverSeeds) => low !== high
  return [
    { label, panel: 0, style, shape: 'points', points: seeds },
    ...(varies(cost) ? [whisker(ends(cost).map((x) => ({ x, y: rpo.center })))] : []),
    ...(varies(rpo) ? [whisker(ends(rpo).map((y) => ({ x: cost.center, y })))] : []),
  ]
}

function ends({ interval95, range }: OverSeeds): [number, number] {
  return interval95 ?? range
}

function intervals(designs: readonly Design[]): string {
  const known = designs.every(
    ({ cost, rpo }) => cost.interval95 !== null && rpo.interval95 !== null,
  )
  return known ? '95 % intervals of the mean' : 'ranges'
}

function rpoAxis(values: readonly number[]): Axis {
  const title = 'RPO p99, cluster-loss'
  const most = Math.max(...values)
  if (!areFarApart(values)) return durationAxis(title, 1.02 * most)
  const least = Math.min(...values.filter((value) => value > 0))
  return logDurationAxis(`${title}\n(log scale)`, Math.max(least, most / 1_000_000), most)
}

function areFarApart(values: readonly number[]): boolean {
  const positive = values.filter((value) => value > 0)
  return positive.length > 0 && Math.max(...positive) > FAR_APART * Math.min(...positive)
}
