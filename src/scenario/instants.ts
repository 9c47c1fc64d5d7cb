import type { DistributionSpec } from '../kernel/distribution.js'

/** The earliest instant that is certain to be possible; 0 where there is no lower bound. */
export function earliest(at: DistributionSpec): number {
  if (at.kind === 'constant') return at.value
  if (at.kind === 'uniform') return at.low
  if (at.kind === 'empirical') return Math.min(...at.values)
  return at.kind === 'mixture' ? Math.min(...at.parts.map(({ of }) => earliest(of))) : 0
}

/** The latest possible instant; infinite where there is no upper bound. */
export function latest(at: DistributionSpec): number {
  if (at.kind === 'constant') return at.value
  if (at.kind === 'uniform') return at.high
  if (at.kind === 'empirical') return Math.max(...at.values)
  if (at.kind === 'mixture') return Math.max(...at.parts.map(({ of }) => latest(of)))
  return Infinity
}
