/** What a metric counts; decides how it is rounded and written. */
export type Unit = 'us' | 'bytes' | 'edits' | 'objects' | 'usd' | 'share'

/** `value` of `unit` for people, e.g. `5 min 2 s`; the same text in every locale. */
export function formatQuantity(value: number, unit: Unit): string {
  if (unit === 'us') return formatDuration(value)
  if (unit === 'bytes') return formatBytes(value)
  if (unit === 'usd') return formatUsd(value)
  if (unit === 'share') return formatShare(value)
  return formatCount(value)
}

/** Microseconds in the one or two largest fitting units: `850 µs`, `1.25 s`, `5 min 2 s`. */
export function formatDuration(us: number): string {
  if (us < 0) return `-${formatDuration(-us)}`
  if (us < 999.5) return `${significant(us)} µs`
  if (us < 999_500) return `${significant(us / 1_000)} ms`
  if (us < 59_950_000) return `${significant(us / 1_000_000)} s`
  const seconds = Math.round(us / 1_000_000)
  if (seconds < 3_600) return twoUnits(Math.floor(seconds / 60), 'min', seconds % 60, 's')
  const minutes = Math.round(us / 60_000_000)
  if (minutes < 1_440) return twoUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  const hours = Math.round(us / 3_600_000_000)
  return twoUnits(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

/** Bytes in binary units: `512 B`, `1.5 MiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 0) return `-${formatBytes(-bytes)}`
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']
  let rest = bytes
  let unit = 0
  while (rest >= 1023.5 && unit < units.length - 1) {
    rest /= 1024
    unit++
  }
  return `${significant(rest)} ${units[unit]}`
}

/** A number of things with thousands separated: `18,310`; small fractions keep two digits. */
export function formatCount(count: number): string {
  if (count < 0) return `-${formatCount(-count)}`
  if (count < 100) return significant(count)
  return Math.round(count)
    .toFixed(0)
    .replace(/\B(?=(\d{3})+$)/g, ',')
}

/** US dollars, to the cent below a hundred: `$3.07`, `$1,250`. */
export function formatUsd(dollars: number): string {
  if (dollars < 0) return `-${formatUsd(-dollars)}`
  return dollars < 99.995 ? `$${dollars.toFixed(2)}` : `$${formatCount(dollars)}`
}

/** A part of one in percent, with two digits of it or of what is left: `12 %`, `99.997 %`. */
export function formatShare(share: number): string {
  if (share < 0) return `-${formatShare(-share)}`
  const percent = 100 * share
  if (percent > 0 && percent < 0.0001) return '< 0.0001 %'
  let rest = percent <= 50 ? percent : 100 - percent
  let decimals = 0
  while (rest > 0 && rest < 9.95 && decimals < 4) {
    rest *= 10
    decimals++
  }
  return `${Number(percent.toFixed(decimals))} %`
}

/** About three digits, without trailing zeros. */
function significant(value: number): string {
  if (value >= 99.95) return String(Math.round(value))
  return String(Number(value.toFixed(value >= 9.995 ? 1 : 2)))
}

function twoUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}
