import type { Protocol } from '../../kernel/process.js'
import type { Signal } from '../../kernel/signal.js'
import { IOException } from '../../storage/io-exception.js'
import type { WriteObserver, WritePathOptions } from './write-path-options.js'

/** 2^52 + 2^51 + 2^50: puts to hbase:meta come behind all works of markers. */
const META_WORK = 7881299347898368
const REGION_NAMES = 65_536

/** What the `n`-th change of a region's state is called in draws, apart from all operations. */
export function metaWork(regionName: number, n: number): number {
  return META_WORK + n * REGION_NAMES + regionName
}

/** The operation is a put to hbase:meta, which is not a client's. */
export function isMetaWork(operation: number): boolean {
  return operation >= META_WORK
}

export interface MetaPutsOptions
  extends Pick<WritePathOptions, 'scheduler' | 'metaRegion' | 'onDisturbed'> {
  /** Notified when somebody who waits has to look again. */
  readonly changed: Signal
  serves(region: number): boolean
  /** A call is sent at this instant. */
  offer(region: number, bytes: number, operation: number): void
}

const NOT_SERVING = 'NotServingRegionException: hbase:meta'

/** A put without an answer, or with the one that is on its way. */
interface MetaPut {
  answeredUs: number
  refused: boolean
}

/**
 * The master's puts to hbase:meta on the server that carries it (RegionStateStore): calls like those
 * of clients, with handlers of their own, whose answer the master waits for.
 */
export class MetaPuts {
  readonly #options: MetaPutsOptions
  readonly #waiting = new Map<number, MetaPut>()

  constructor(options: MetaPutsOptions) {
    this.#options = options
  }

  /** Puts that wait for their answer. */
  get waiting(): number {
    return this.#waiting.size
  }

  /**
   * Ends when the answer has come.
   *
   * @param operation of `metaWork`
   * @throws IOException hbase:meta is not open here
   */
  *put(bytes: number, operation: number): Protocol {
    const { metaRegion = -1, scheduler, changed, offer, onDisturbed } = this.#options
    if (!this.#options.serves(metaRegion)) throw new IOException('closed', NOT_SERVING)
    const put: MetaPut = { answeredUs: Number.POSITIVE_INFINITY, refused: false }
    this.#waiting.set(operation, put)
    offer(metaRegion, bytes, operation)
    onDisturbed()
    while (put.answeredUs === Number.POSITIVE_INFINITY) yield changed
    this.#waiting.delete(operation)
    if (put.answeredUs > scheduler.now) yield put.answeredUs - scheduler.now
    if (put.refused) throw new IOException('closed', NOT_SERVING)
  }

  answered(operation: number, acknowledgedUs: number): void {
    this.#answer(operation, acknowledgedUs, false)
  }

  /** What `observer` hears of clients' calls is not told of these. */
  apartFrom(observer: WriteObserver): WriteObserver {
    const refuse = (operation: number) => {
      this.#answer(operation, this.#options.scheduler.now, true)
    }
    return {
      ...observer,
      failed: (sentUs, operation, ...call) => {
        if (isMetaWork(operation)) refuse(operation)
        else observer.failed(sentUs, operation, ...call)
      },
      notServing: (call) => {
        if (isMetaWork(call.operation)) refuse(call.operation)
        else observer.notServing(call)
      },
    }
  }

  #answer(operation: number, answeredUs: number, refused: boolean): void {
    const put = this.#waiting.get(operation)
    if (put === undefined) return
    put.answeredUs = answeredUs
    put.refused = refused
    this.#options.changed.notifyAll()
  }
}
