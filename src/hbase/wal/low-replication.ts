/**
 * Whether a WAL whose pipeline has lost DataNodes is rolled (FSHLog.doCheckLogLowReplication): so
 * many times in all, then no more until a WAL that is in use has enough of them again.
 */
export class LowReplication {
  #rolls = 0
  #enabled = true

  /**
   * @param tolerable `hbase.regionserver.hlog.tolerable.lowreplication`
   * @param rollLimit `hbase.regionserver.hlog.lowreplication.rolllimit`
   */
  constructor(
    private readonly tolerable: number,
    private readonly rollLimit: number,
  ) {}

  /** A check of a pipeline of so many DataNodes would change something. */
  concerns(replicas: number): boolean {
    return this.#enabled && replicas !== 0 && replicas < this.tolerable
  }

  /**
   * @param replicas DataNodes of the pipeline; 0 before there is one
   * @param entries of the WAL: one that has hardly any tells nothing about the cluster
   */
  rollNeeded(replicas: number, entries: number): boolean {
    if (replicas >= this.tolerable) {
      if (entries > 1) this.#enabled = true
      return false
    }
    if (!this.concerns(replicas)) return false
    if (this.#rolls++ < this.rollLimit) return true
    this.#rolls = 0
    this.#enabled = false
    return false
  }
}
