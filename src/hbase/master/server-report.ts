import type { Protocol } from '../../kernel/process.js'

export interface ServerReportOptions {
  /** `hbase.regionserver.msginterval` and the phase of the first report. */
  readonly intervalUs: number
  readonly phaseUs: number
  /** Regions that the server has open. */
  regions(): readonly number[]
  /** Per family, the id up to which all edits are in HFiles (HRegion.setCompleteSequenceId). */
  flushedSequenceIds(region: number): readonly number[]
  /** ServerManager.regionServerReport; false: YouAreDeadException. */
  report(flushed: ReadonlyMap<number, readonly number[]>): boolean
  /** The server was declared dead and has to end itself. */
  onYouAreDead(): void
}

/**
 * The main loop of a region server (HRegionServer.tryRegionServerReport), to be spawned on its host.
 * One that stood still reports as soon as it goes on, its next report being overdue.
 *
 * Simplification: a report takes no time.
 */
export function* reportToMaster(options: ServerReportOptions): Protocol {
  yield options.phaseUs
  for (;;) {
    const flushed = new Map<number, readonly number[]>()
    for (const region of options.regions()) flushed.set(region, options.flushedSequenceIds(region))
    if (!options.report(flushed)) {
      options.onYouAreDead()
      return
    }
    yield options.intervalUs
  }
}
