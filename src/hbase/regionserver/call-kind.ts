/** What a call asks of the region server; the server's own markers go the way of writes, too. */
export const CallKind = {
  put: 0,
  get: 1,
  /** Increment, append, checkAndMutate: reads its row and writes it under an exclusive lock. */
  atomic: 2,
  marker: 3,
} as const

export type CallKind = (typeof CallKind)[keyof typeof CallKind]

/** The row of a call that takes no row lock. */
export const NO_KEY = -1
