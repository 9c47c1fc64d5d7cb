import { z } from 'zod'
import type { ExponentialSpec, HotspotSpec, KeysSpec, WorkloadSpec } from './scenario.js'

/** Which rows a phase asks for, in a file: the distributions of YCSB with its defaults. */
export function keysSchema() {
  return {
    keys: z
      .enum(['zipfian', 'uniform', 'latest', 'hotspot', 'exponential', 'sequential'])
      .optional()
      .describe('Which keys; latest: puts add rows, reads ask for the newest. Default: zipfian.'),
    hotspot: z
      .strictObject({
        data: z
          .number()
          .min(0)
          .max(1)
          .prefault(0.2)
          .describe('Share of rows that is hot (hotspotdatafraction).'),
        operations: z
          .number()
          .min(0)
          .max(1)
          .prefault(0.8)
          .describe('Share of operations on hot rows (hotspotopnfraction).'),
      })
      .optional()
      .describe('With keys: hotspot, the share of rows that is hot, and of operations on them.'),
    exponential: z
      .strictObject({
        percentile: z
          .number()
          .gt(0)
          .lt(100)
          .prefault(95)
          .describe('Percent of operations on the newest rows.'),
        fraction: z
          .number()
          .gt(0)
          .max(1000)
          .prefault(0.8571428571)
          .describe('Share of rows that these are (exponential.frac).'),
      })
      .optional()
      .describe('With keys: exponential, how many operations go to how many of the newest rows.'),
    insertOrder: z
      .enum(['hashed', 'ordered'])
      .prefault('hashed')
      .describe('ordered: rows added one after the other are neighbours. Not with zipfian.'),
    keyCount: z.int().min(1).max(1e10).prefault(1_000_000).describe('How many keys there are.'),
  }
}

interface WrittenKeys {
  readonly keys?: KeysSpec | undefined
  readonly hotspot?: HotspotSpec | undefined
  readonly exponential?: ExponentialSpec | undefined
  readonly insertOrder: 'hashed' | 'ordered'
}

type Keys = Pick<WorkloadSpec, 'keys' | 'hotspot' | 'exponential' | 'insertOrder'>

/** @param issue told what of a key contradicts another, and what would not */
export function readKeys(
  written: WrittenKeys,
  usual: KeysSpec,
  issue: (key: string, message: string, expected: string) => void,
): Keys {
  const { keys = usual, hotspot, exponential, insertOrder } = written
  if (hotspot !== undefined && keys !== 'hotspot') {
    issue('hotspot', `keys are ${keys}`, 'keys: hotspot with it')
  }
  if (exponential !== undefined && keys !== 'exponential') {
    issue('exponential', `keys are ${keys}`, 'keys: exponential with it')
  }
  const scattered = keys === 'zipfian' || keys === 'uniform'
  if (insertOrder === 'ordered' && scattered) {
    issue('insertOrder', `${keys} keys are scattered all the same`, 'no insertOrder')
  }
  return {
    keys,
    ...(keys === 'hotspot' && { hotspot: hotspot ?? { data: 0.2, operations: 0.8 } }),
    ...(keys === 'exponential' && {
      exponential: exponential ?? { percentile: 95, fraction: 0.8571428571 },
    }),
    ...(insertOrder === 'ordered' && { insertOrder }),
  }
}
