import { complain } from './reading.js'
import type { YcsbReader } from './ycsb-reader.js'

/** YCSB's proportions: weights that need not sum to 1 (DiscreteGenerator). */
export interface Shares {
  readonly read: number
  readonly update: number
  readonly insert: number
  readonly scan: number
  readonly readModifyWrite: number
}

export function sharesOf(reader: YcsbReader): Shares {
  const share = (name: string, initial: number) => reader.number(name, initial, 0, 1e6)
  return {
    read: share('readproportion', 0.95),
    update: share('updateproportion', 0.05),
    insert: share('insertproportion', 0),
    scan: share('scanproportion', 0),
    readModifyWrite: share('readmodifywriteproportion', 0),
  }
}

export function checkShares(reader: YcsbReader, shares: Shares): void {
  if (sum(shares) > 0) return
  const message = 'no operation has a proportion above 0'
  const expected = 'a sum above 0, of 1 as a rule'
  reader.complain('readproportion', complain('bad-workload', message, expected))
}

/** The mix of a phase; its shares sum to 1. */
export function mixOf(shares: Shares): Record<string, number> {
  const all = sum(shares)
  const { read, update, insert, scan, readModifyWrite } = shares
  const weights = { get: read, put: update + insert, scan, readModifyWrite }
  const used = Object.entries(weights).filter(([, weight]) => weight > 0)
  return Object.fromEntries(used.map(([key, weight]) => [key, weight / all]))
}

function sum(shares: Shares): number {
  return Object.values(shares).reduce((total, share) => total + share, 0)
}
