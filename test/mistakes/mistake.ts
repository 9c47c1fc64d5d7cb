import type { RunResult } from '../../src/simulation/result.js'
import { simulateConstantWorld } from '../simulation/constant-world.js'

/** A bug that somebody could write, a scenario in which it does harm, and who finds it out. */
export interface Mistake {
  readonly name: string
  /** The invariant that it violates. */
  readonly caughtBy: string
  /** Workload, peers, faults and operations. */
  readonly scenario: string
  /** `path=value` each, for what the constant world has otherwise. */
  readonly world?: readonly string[]
  /** Replaces right methods by wrong ones. */
  readonly make?: (code: Code) => void
  /** A mistake that a scenario itself can make, as `path=value`. */
  readonly set?: readonly string[]
}

/** What the simulator throws in place of a result. */
export const INTERNAL_ERROR = 'InternalError'

export const CLAIM = 'confirmed edits of backup survive what backup claims'
export const LOST = 'no edit of backup is lost without a disaster'
export const MISSING = 'no wanted edit is missing from backup after quiescence'
export const DUPLICATE = 'every duplicate of backup has a cause'
export const ONE_OWNER = 'no queue of backup has two owners at once'
export const PROMISE = 'no acknowledged edit is lost to the cluster against the promise of HBase'
export const BUFFER = 'the buffer of every server is given back'
export const CONSERVED = 'operations, entries and queues are conserved'
export const KEPT = 'every acknowledged edit is in memory, in an HFile or in a WAL to be replayed'
export const MEMORY = 'memstores come to the bytes of the edits in them'
export const ORDER =
  'edits of a region come in the order of their sequence ids, before the snapshot that has them'
export const ARCHIVE = 'no WAL is archived while memory alone has some of its edits'
export const ONE_SERVER = 'a region is open on one server at most'

const QUICK_RECOVERY = [
  'site["zookeeper.session.timeout"]=2000',
  'site["replication.sleep.before.failover"]=100',
]

export function simulateRight({ scenario, world = [] }: Mistake): RunResult {
  return simulateConstantWorld(scenario, ...QUICK_RECOVERY, ...world)
}

/** @throws InternalError if a rule of the simulator itself is broken */
export function simulateMistake({ make, set = [], ...mistake }: Mistake): RunResult {
  const code = new Code()
  make?.(code)
  try {
    return simulateRight({ ...mistake, world: [...(mistake.world ?? []), ...set] })
  } finally {
    code.restore()
  }
}

type Arguments<M> = M extends (...args: infer A) => unknown ? A : never
type Result<M> = M extends (...args: never[]) => infer R ? R : never

/** Methods that are replaced for the time of one run. */
export class Code {
  readonly #restorations: (() => void)[] = []

  /** `wrong` stands in for a method of all instances; `right` is the method itself. */
  replace<T extends object, K extends keyof T>(
    prototype: T,
    name: K,
    wrong: (
      self: T,
      right: (...args: Arguments<T[K]>) => Result<T[K]>,
      ...args: Arguments<T[K]>
    ) => Result<T[K]>,
  ): void {
    const original = prototype[name]
    const method = original as (...args: Arguments<T[K]>) => Result<T[K]>
    const mistaken = function (this: T, ...args: Arguments<T[K]>) {
      return wrong(this, (...given) => method.apply(this, given), ...args)
    }
    prototype[name] = mistaken as T[K]
    this.#restorations.push(() => {
      prototype[name] = original
    })
  }

  restore(): void {
    for (const restoration of this.#restorations.splice(0).reverse()) restoration()
  }
}

/** 20 puts of 1,000 B a second for 20 s. */
export const PUTS = `
duration: 20 s
workload: [ { table: usertable, rate: 20/s, arrivals: periodic, valueSize: 1000 B } ]
`

export const TWO_SERVERS = 'cluster.regionServers=2'
/** The only region is on rs2. */
export const RS2_DIES = 'faults: [ { at: 10020 ms, kind: kill-region-server, server: rs2 } ]'
/** From 5 s to 10 s. */
export const OUTAGE =
  'faults: [ { at: 5 s, for: 5 s, kind: store-outage, store: backup, as: refuse } ]'
