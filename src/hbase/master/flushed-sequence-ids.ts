/**
 * What the master knows of flushes, from the servers' reports (ServerManager's
 * `flushedSequenceIdByRegion` and `storeFlushedSequenceIdsByRegion`): edits up to these ids are in
 * HFiles and need not be recovered. It lags behind the servers by up to a report's interval.
 */
export class FlushedSequenceIds {
  readonly #ids = new Map<number, number[]>()

  /** A server's report of one region, an id per family. A smaller id than known is ignored. */
  report(region: number, ids: readonly number[]): void {
    const known = this.#ids.get(region)
    const latest = ids.map((id, family) => Math.max(id, known?.[family] ?? 0))
    this.#ids.set(region, latest)
  }

  of(region: number, family: number): number {
    return this.#ids.get(region)?.[family] ?? 0
  }
}
