/** What a call asks of the region server; the server's own markers go the way of writes, too. */
export const CallKind = {
  put: 0,
  get: 1,
  /** Gets of one client for rows of one server, in one call. */
  multiget: 2,
  /** One call of a scanner. */
  scan: 3,
  /** Increment, append, checkAndMutate: reads its row and writes it under an exclusive lock. */
  atomic: 4,
  /** Entries of a primary for a secondary replica; no client waits for it. */
  replay: 5,
  marker: 6,
  /** No call: an edit of ASYNC_WAL in the hands of the WAL, while its call goes on without it. */
  unawaited: 7,
} as const

export type CallKind = (typeof CallKind)[keyof typeof CallKind]

/** The call only reads. */
export function isRead(kind: number): boolean {
  return kind >= CallKind.get && kind <= CallKind.scan
}

/** The row of a call that takes no row lock. */
export const NO_KEY = -1
