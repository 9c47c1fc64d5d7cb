const TRIES = 4096
const REPLICAS = 16

/**
 * What an attempt at an operation is called in draws: every call that a read of several calls makes
 * has numbers of its own, so that no call's luck depends on whether another one was made. The first
 * call to a primary is tried as 0, 1, 2, …, as is whatever makes one call only.
 *
 * @param call which call of the operation, from 0
 * @param replicaId of the replica that is asked
 * @returns the number of its first try
 */
export function firstTry(call: number, replicaId: number): number {
  return TRIES * (replicaId + REPLICAS * call)
}

/** How often the call was tried before. */
export function triesOf(attempt: number): number {
  return attempt % TRIES
}
