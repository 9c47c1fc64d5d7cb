import type { FaultWindow, RunResult } from '../simulation/result.js'

/** A fault on a chart's time axis: a shaded window, or a vertical line where both ends are equal. */
export interface FaultMark {
  label: string
  fromUs: number
  toUs: number
  /** Row of the label above the plot, 0 at the bottom; null if there is no room for it. */
  row: number | null
}

/** Rows of labels above a plot; what does not fit is unlabelled there and listed in the page. */
export const LABEL_ROWS = 3

/**
 * The faults of all `runs`, each once: twins share them. One that never ends is an instant of
 * disaster, a line. `widthOf` estimates a label's width as simulated time on the axis.
 */
export function faultMarks(
  runs: readonly RunResult[],
  endUs: number,
  widthOf: (label: string) => number,
): FaultMark[] {
  const distinct = new Map<string, FaultWindow>()
  for (const fault of runs.flatMap((run) => run.faults)) {
    if (fault.atUs > endUs) continue
    distinct.set(JSON.stringify([fault.label, fault.atUs, fault.untilUs]), fault)
  }
  const faults = [...distinct.values()].sort((a, b) => a.atUs - b.atUs)
  const occupied: number[] = []
  return faults.map((fault) => {
    const toUs = Math.min(fault.untilUs ?? fault.atUs, endUs)
    const width = widthOf(fault.label)
    const middle = (fault.atUs + toUs) / 2
    const left = Math.max(0, Math.min(middle - width / 2, endUs - width))
    const row = Array.from({ length: LABEL_ROWS }, (_, i) => i).find(
      (each) => (occupied[each] ?? 0) <= left,
    )
    if (row !== undefined) occupied[row] = left + width
    return { label: fault.label, fromUs: fault.atUs, toUs, row: row ?? null }
  })
}
