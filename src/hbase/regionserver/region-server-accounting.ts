import type { WritePathOptions } from './write-path-options.js'

const NEVER = Number.POSITIVE_INFINITY

type Options = Pick<
  WritePathOptions,
  'memstores' | 'memstoreLimits' | 'onFlushWanted' | 'onMemstorePressure'
>

/**
 * HBase's RegionServerAccounting: the heap bytes of all memstores open on a server, and who is to
 * be told when they reach a limit. It knows what writes are under way, so that nobody need look at
 * the lazy write path while they cannot make a region outgrow its flush size.
 */
export class RegionServerAccounting {
  readonly #options: Options
  #memstoreBytes = 0
  /** Heap bytes of writes that are known and not yet applied, by region and in all. */
  readonly #comingBytes: Float64Array
  #allComingBytes = 0
  /** No memstore of the region outgrows the flush size before. */
  readonly #watchUs: Float64Array
  readonly #watched: number[] = []
  #pressureWatchUs = NEVER
  #pressureTold = false
  readonly #lower: number

  constructor(options: Options) {
    this.#options = options
    this.#lower = options.memstoreLimits.lower
    this.#comingBytes = new Float64Array(options.memstores.regions)
    this.#watchUs = new Float64Array(options.memstores.regions).fill(NEVER)
  }

  get memstoreBytes(): number {
    return this.#memstoreBytes
  }

  /** MemStoreFlusher.isAboveHighWaterMark: writes wait. */
  get isAboveHighWaterMark(): boolean {
    return this.#memstoreBytes >= this.#options.memstoreLimits.upper
  }

  /** The region's memstore, as full as it is, belongs to the server. */
  regionOpened(region: number): void {
    this.#memstoreBytes += this.#options.memstores.heapBytes(region)
  }

  /** A write is sent at `sentUs`. */
  offered(region: number, bytes: number, sentUs: number): void {
    const { memstores } = this.#options
    const heapBytes = memstores.heapOf(region, bytes)
    const comingBytes = (this.#comingBytes[region] as number) + heapBytes
    this.#comingBytes[region] = comingBytes
    this.#allComingBytes += heapBytes
    const mayOutgrow = memstores.heapBytes(region) + comingBytes > memstores.flushSize
    if (mayOutgrow || this.#mayReachLower) this.#watch(region, sentUs)
  }

  /** A write has failed for good or goes elsewhere. */
  withdrawn(region: number, bytes: number): void {
    const heapBytes = this.#options.memstores.heapOf(region, bytes)
    this.#comingBytes[region] = (this.#comingBytes[region] as number) - heapBytes
    this.#allComingBytes -= heapBytes
  }

  /** A replay is sent that may bring so many heap bytes. */
  replayOffered(heapBytes: number, sentUs: number): void {
    this.#allComingBytes += heapBytes
    if (this.#mayReachLower) this.#pressureWatchUs = Math.min(this.#pressureWatchUs, sentUs)
  }

  /** It is done, or will not be. */
  replayEnded(heapBytes: number): void {
    this.#allComingBytes -= heapBytes
  }

  /** A secondary replica has grown. */
  grown(heapBytes: number): void {
    this.#memstoreBytes += heapBytes
    if (!this.#pressureTold && this.#memstoreBytes >= this.#lower) this.#tellPressure()
  }

  /** A write is in the memstore. */
  applied(region: number, bytes: number): void {
    const { memstores } = this.#options
    const heapBytes = memstores.heapOf(region, bytes)
    this.#comingBytes[region] = (this.#comingBytes[region] as number) - heapBytes
    this.#allComingBytes -= heapBytes
    this.#memstoreBytes += heapBytes
    if (memstores.heapBytes(region) > memstores.flushSize) this.requestFlush(region)
    if (!this.#pressureTold && this.#memstoreBytes >= this.#lower) this.#tellPressure()
  }

  requestFlush(region: number): void {
    if (this.#options.memstores.requestFlush(region)) this.#options.onFlushWanted(region)
  }

  freed(bytes: number, nowUs: number): void {
    this.#memstoreBytes -= bytes
    this.#pressureTold = false
    if (this.#memstoreBytes >= this.#lower) this.#tellPressure()
    for (let region = 0; region < this.#comingBytes.length; region++) {
      if ((this.#comingBytes[region] as number) > 0) this.#watch(region, nowUs)
    }
  }

  /**
   * A time before which nobody need look so that all is told in time.
   *
   * @param nextApplyUs no write is applied before; one that is refused may be told of sooner
   */
  nextCauseUs(advancedUs: number, nextStepUs: number, nextApplyUs: number): number {
    const { memstores, memstoreLimits } = this.#options
    let causeUs = this.#mayReachLower ? this.#pressureWatchUs : NEVER
    let tellUs = nextApplyUs
    this.#pressureWatchUs = causeUs
    for (let i = this.#watched.length - 1; i >= 0; i--) {
      const region = this.#watched[i] as number
      if (this.#mayOutgrow(region)) {
        causeUs = Math.min(causeUs, this.#watchUs[region] as number)
        if (memstores.heapBytes(region) > memstoreLimits.region) tellUs = nextStepUs
      } else {
        this.#watched.splice(i, 1)
        this.#watchUs[region] = NEVER
      }
    }
    return causeUs > advancedUs ? causeUs : tellUs
  }

  get #mayReachLower(): boolean {
    return this.#memstoreBytes + this.#allComingBytes >= this.#lower && !this.#pressureTold
  }

  #mayOutgrow(region: number): boolean {
    const { memstores } = this.#options
    const bytes = memstores.heapBytes(region) + (this.#comingBytes[region] as number)
    return bytes > memstores.flushSize && !memstores.flushRequested(region)
  }

  #watch(region: number, sinceUs: number): void {
    if (this.#mayReachLower) this.#pressureWatchUs = Math.min(this.#pressureWatchUs, sinceUs)
    if (!this.#mayOutgrow(region)) return
    const watchUs = this.#watchUs[region] as number
    if (watchUs === NEVER) this.#watched.push(region)
    this.#watchUs[region] = Math.min(watchUs, sinceUs)
  }

  #tellPressure(): void {
    this.#pressureTold = true
    this.#options.onMemstorePressure()
  }
}
