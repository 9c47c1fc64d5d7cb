import type { DistributionSpec } from '../kernel/distribution.js'
import type { Parameter, Quantity } from '../storage/parameter.js'

/** A parameter's value in the scenario's own language. */
export function describeParameter({ quantity, value }: Parameter): string {
  if (typeof value === 'number') return quantity === 'price' ? `$${value}` : `${value}`
  return describeDistribution(value, quantity)
}

function describeDistribution(spec: DistributionSpec, quantity: Quantity): string {
  const text = (value: number) => describeQuantity(value, quantity)
  switch (spec.kind) {
    case 'constant':
      return text(spec.value)
    case 'uniform':
      return `uniform(${text(spec.low)}, ${text(spec.high)})`
    case 'exponential':
      return `exponential(${text(spec.mean)})`
    case 'lognormal':
      return `lognormal(${text(spec.median)}, ${spec.sigma})`
    case 'empirical':
      return `empirical([${spec.values.map(text).join(', ')}])`
    case 'mixture':
      return spec.parts
        .map(({ weight, of }, i) => {
          const part = describeDistribution(of, quantity)
          return i === 0 ? part : `${weight} * ${part}`
        })
        .join(' + ')
  }
}

const UNITS: Readonly<Partial<Record<Quantity, readonly [string, number][]>>> = {
  duration: [
    ['h', 3_600_000_000],
    ['min', 60_000_000],
    ['s', 1_000_000],
    ['ms', 1000],
  ],
  size: [
    ['GiB', 1_073_741_824],
    ['MiB', 1_048_576],
    ['KiB', 1024],
  ],
  rate: [
    ['GB/s', 1e9],
    ['MB/s', 1e6],
    ['kB/s', 1000],
  ],
}

const BASE_UNIT: Readonly<Partial<Record<Quantity, string>>> = {
  duration: 'us',
  size: 'B',
  rate: 'B/s',
}

/** The value in the largest unit that shows it in few digits. */
function describeQuantity(value: number, quantity: Quantity): string {
  const base = BASE_UNIT[quantity]
  if (base === undefined) return `${value}`
  for (const [unit, size] of UNITS[quantity] ?? []) {
    if (value >= size && Number.isInteger((value / size) * 1000)) return `${value / size} ${unit}`
  }
  return `${value} ${base}`
}
