/** Simulated microseconds that a run has reached: its worker writes them, the terminal reads them. */
export type RunClock = Float64Array<SharedArrayBuffer>

/** The clock of a run that has not begun. */
export function newRunClock(): RunClock {
  return new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT))
}
