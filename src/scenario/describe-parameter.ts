import type { Parameter, Quantity } from '../storage/parameter.js'
import { formatDistribution } from './distribution-text.js'
import type { Dimension } from './units.js'

const DIMENSIONS = {
  duration: 'duration',
  size: 'size',
  rate: 'byteRate',
  factor: 'number',
  count: 'number',
  probability: 'number',
  price: 'number',
} as const satisfies Record<Quantity, Dimension>

/** The dimension in which a scenario writes a quantity. */
export function dimensionOf<Q extends Quantity>(quantity: Q): (typeof DIMENSIONS)[Q] {
  return DIMENSIONS[quantity]
}

/** A parameter's value as a scenario would write it. */
export function describeParameter({ quantity, value }: Parameter): string {
  if (typeof value === 'number') return `${value}`
  return formatDistribution(value, dimensionOf(quantity))
}
