import { Histogram } from './histogram.js'
import type { ReadsResult } from './replica-result.js'
import type { VersionHistory } from './version-history.js'

/** A read at the instant at which a replica reads, answered later. */
export interface ReplicaRead {
  readonly client: number
  readonly key: number
  /** 0 is the primary. */
  readonly replicaId: number
  readonly sentUs: number
}

/** What a read returned, known when the replica reads; told when the client has the answer. */
export interface ReadOutcome extends ReplicaRead {
  /** 0 if the key has no version that is known. */
  readonly sequenceId: number
  /** Sent less the acknowledgement of the newest version by then; null of a read that is fresh. */
  readonly staleAgeUs: number | null
}

/**
 * What a read of a key returns from a replica that has the versions `isReadable` now, and whether
 * that is older than what was acknowledged when the read was sent.
 */
export function readOutcome(
  versions: VersionHistory,
  read: ReplicaRead,
  isReadable: (sequenceId: number) => boolean,
): ReadOutcome {
  const sequenceId = versions.newestReadable(read.key, isReadable)
  const expected = versions.newestAt(read.key, read.sentUs)
  const isFresh = expected === null || sequenceId >= expected.sequenceId
  return { ...read, sequenceId, staleAgeUs: isFresh ? null : read.sentUs - expected.acknowledgedUs }
}

/** Counts the answered reads of one table, by the replica that answered. */
export class ReplicaReads {
  readonly #counts: ReadCounts[]
  readonly #sessions = new Sessions()

  constructor(replication: number) {
    this.#counts = Array.from({ length: replication }, () => new ReadCounts())
  }

  /** The client has the answer; of hedged reads the first alone. */
  answered(outcome: ReadOutcome): void {
    const counts = this.#counts[outcome.replicaId]
    counts.reads++
    if (outcome.staleAgeUs !== null) counts.staleAgeUs.record(outcome.staleAgeUs)
    if (this.#sessions.goesBack(outcome)) counts.backInTime++
  }

  result(replicaId: number): ReadsResult {
    const { reads, staleAgeUs, backInTime } = this.#counts[replicaId]
    return {
      reads,
      isStale: replicaId === 0 ? 0 : reads,
      stale: staleAgeUs.count,
      staleAgeUs: {
        p50: staleAgeUs.quantile(0.5),
        p99: staleAgeUs.quantile(0.99),
        max: staleAgeUs.max,
      },
      backInTime,
    }
  }
}

class ReadCounts {
  reads = 0
  backInTime = 0
  readonly staleAgeUs = new Histogram()
}

const SESSIONS = 65536

/**
 * The newest version that each client has seen of the keys it read lately. Every pair has one of
 * 65,536 places and yields it to any other that comes there: rarely a step back goes unnoticed.
 */
class Sessions {
  readonly #clients = new Float64Array(SESSIONS).fill(-1)
  readonly #keys = new Float64Array(SESSIONS)
  readonly #sequenceIds = new Float64Array(SESSIONS)

  /** Whether the client had read a newer version of the key. */
  goesBack({ client, key, sequenceId }: ReadOutcome): boolean {
    const at = placeOf(client, key)
    if (this.#clients[at] !== client || this.#keys[at] !== key) {
      this.#clients[at] = client
      this.#keys[at] = key
      this.#sequenceIds[at] = sequenceId
      return false
    }
    if (sequenceId < this.#sequenceIds[at]) return true
    this.#sequenceIds[at] = sequenceId
    return false
  }
}

function placeOf(client: number, key: number): number {
  const high = Math.floor(key / 4294967296)
  const hash = Math.imul(client ^ Math.imul(key ^ high, 0x7feb352d), 0x846ca68b)
  return (hash ^ (hash >>> 16)) & (SESSIONS - 1)
}
