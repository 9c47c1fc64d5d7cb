import { DISASTER_CLASSES } from '../experiment/disaster-classes.js'
import type { RunResult, Series } from '../simulation/result.js'

/** Curves that lie nowhere further apart than this share of their peak are drawn once. */
const ALIKE = 0.01

/**
 * Groups of disaster classes whose RPO is the same over time in all `runs`, the loss of the cluster
 * first: every design must answer to it. Other classes that never take anything are left out.
 */
export function distinctClasses(runs: readonly RunResult[]): string[][] {
  const groups: string[][] = []
  for (const name of ['cluster-loss', ...MILDER]) {
    const series = rpoOf(name, runs)
    if (series.length === 0) continue
    if (groups.length > 0 && peak(series) === 0) continue
    const twin = groups.find(([first]) => areAlike(rpoOf(first, runs), series))
    if (twin === undefined) groups.push([name])
    else twin.push(name)
  }
  return groups
}

/** The further classes of a group, as lines below the first. */
export function also(names: readonly string[]): string[] {
  if (names.length <= 2) return names.map((name) => `= ${name}`)
  return [`= ${names[0]}`, `= ${names.length - 1} more`]
}

const MILDER = DISASTER_CLASSES.filter((name) => name !== 'cluster-loss')

function rpoOf(name: string, runs: readonly RunResult[]): Series[] {
  return runs.flatMap((run) =>
    run.series.filter(({ metric, labels }) => metric === 'rpoUs' && labels.class === name),
  )
}

function areAlike(one: readonly Series[], other: readonly Series[]): boolean {
  if (one.length !== other.length) return false
  const tolerance = ALIKE * Math.max(peak(one), peak(other))
  return one.every(({ values }, index) =>
    values.every((value, i) => Math.abs((value ?? 0) - (other[index].values[i] ?? 0)) <= tolerance),
  )
}

function peak(series: readonly Series[]): number {
  return series.reduce(
    (max, { values }) => values.reduce<number>((most, value) => Math.max(most, value ?? 0), max),
    0,
  )
}
