import { formatCount, formatDuration } from '../experiment/quantities.js'
import type { WorkState } from './work-done.js'

const BAR = 24

/**
 * How far the simulations are in at most `width` characters: a bar, finished runs, where the runs
 * under way are, simulated seconds per second, and how long the rest will take.
 */
export function progressLine(state: WorkState, width: number): string {
  const { runs, finishedRuns, plannedUs, simulatedUs, speed, leftS } = state
  const share = plannedUs === 0 ? 0 : Math.min(1, simulatedUs / plannedUs)
  const full = Math.round(BAR * share)
  const parts = [
    `${'='.repeat(full)}${'-'.repeat(BAR - full)} ${finishedRuns} of ${runs} runs`,
    ...(speed === null ? [] : [`${formatCount(Math.round(speed))} s/s`]),
    ...(leftS === null ? [] : [`${leftText(leftS)} left`]),
  ]
  // What is less important gives way where it does not fit.
  while (parts.length > 1 && parts.join(', ').length > width) parts.pop()
  const line = parts.join(', ')
  const clocks = clocksText(state, width - line.length - ' (now at )'.length)
  return (clocks === '' ? line : `${line} (now at ${clocks})`).slice(0, width)
}

function clocksText({ underWay }: WorkState, room: number): string {
  let text = ''
  for (const [i, { atUs, durationUs }] of underWay.entries()) {
    const at = atUs > durationUs ? `${simulated(atUs)}, draining` : simulated(atUs)
    const more = text === '' ? at : `${text}; ${at}`
    const rest = underWay.length - i - 1
    const tail = rest === 0 ? '' : `; ${rest} more`
    if (more.length + tail.length > room) return text === '' ? '' : `${text}; ${rest + 1} more`
    text = more
  }
  return text
}

/** Whole seconds: a clock that runs is not read to the microsecond. */
function simulated(us: number): string {
  return formatDuration(Math.floor(us / 1_000_000) * 1_000_000)
}

function leftText(seconds: number): string {
  return formatDuration(Math.max(1, Math.ceil(seconds)) * 1_000_000)
}
