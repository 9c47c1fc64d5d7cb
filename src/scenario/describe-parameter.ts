import type { Parameter, Quantity } from '../storage/parameter.js'
import { formatDistribution } from './distribution-text.js'
import type { Dimension } from './units.js'

const DIMENSIONS: Readonly<Record<Quantity, Dimension>> = {
  duration: 'duration',
  size: 'size',
  rate: 'byteRate',
  factor: 'number',
  count: 'number',
  probability: 'number',
  price: 'number',
}

/** A parameter's value as a scenario would write it. */
export function describeParameter({ quantity, value }: Parameter): string {
  if (typeof value === 'number') return `${value}`
  return formatDistribution(value, DIMENSIONS[quantity])
}
