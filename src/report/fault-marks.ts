import type { RunResult } from '../simulation/result.js'

/**
 * A fault, or the recovery of a server, on a chart's time axis: a shaded window, or a vertical line
 * where both ends are equal.
 */
export interface FaultMark {
  label: string
  fromUs: number
  toUs: number
  recovery: boolean
  /** Row of the label above the plot, 0 at the bottom; null if there is no room for it. */
  row: number | null
}

/** Rows of labels above a plot; what does not fit is unlabelled there and listed in the page. */
export const LABEL_ROWS = 4

/**
 * The faults and recoveries of all `runs`, each once: twins share them. One that never ends is an instant of
 * disaster, a line. `widthOf` estimates a label's width as simulated time on the axis.
 */
export function faultMarks(
  runs: readonly RunResult[],
  endUs: number,
  widthOf: (label: string) => number,
): FaultMark[] {
  const windows = [...faultsOf(runs), ...recoveriesOf(runs, endUs)]
    .filter(({ fromUs }) => fromUs <= endUs)
    .sort((a, b) => a.fromUs - b.fromUs)
  const occupied: number[] = []
  return windows.map((window) => {
    const toUs = Math.min(window.toUs, endUs)
    const width = widthOf(window.label)
    const middle = (window.fromUs + toUs) / 2
    const left = Math.max(0, Math.min(middle - width / 2, endUs - width))
    const row = Array.from({ length: LABEL_ROWS }, (_, i) => i).find(
      (each) => (occupied[each] ?? 0) <= left,
    )
    if (row !== undefined) occupied[row] = left + width
    return { ...window, toUs, row: row ?? null }
  })
}

type Window = Omit<FaultMark, 'row'>

function faultsOf(runs: readonly RunResult[]): Window[] {
  const distinct = new Map<string, Window>()
  for (const { label, atUs, untilUs } of runs.flatMap((run) => run.faults)) {
    const window = { label, fromUs: atUs, toUs: untilUs ?? atUs, recovery: false }
    distinct.set(JSON.stringify([label, atUs, untilUs]), window)
  }
  return [...distinct.values()]
}

/** From a server's death to the end of the longest of its recoveries; twins differ in that. */
function recoveriesOf(runs: readonly RunResult[], endUs: number): Window[] {
  const distinct = new Map<string, Window>()
  for (const { server, diedUs, phases } of runs.flatMap((run) => run.recoveries)) {
    const key = JSON.stringify([server, diedUs])
    const ends = phases.map(({ untilUs }) => untilUs ?? endUs)
    const toUs = Math.max(diedUs, distinct.get(key)?.toUs ?? 0, ...ends)
    distinct.set(key, { label: `recovery of ${server}`, fromUs: diedUs, toUs, recovery: true })
  }
  return [...distinct.values()]
}
