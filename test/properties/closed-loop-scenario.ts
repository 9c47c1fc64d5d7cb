import type { Written } from './random-scenario.js'

const THINKING = ['0 s', '100 ms', 'exponential(300 ms)', 'uniform(50 ms, 200 ms)'] as const
const KEYS = ['uniform', 'zipfian', 'hotspot', 'exponential', 'sequential'] as const

/**
 * The same scenario with closed-loop clients, and bursts of whatever clients there are; which ones
 * is told by its seed and the numbers of the phases, so that nothing else of it changes.
 */
export function withClosedLoop(written: Written): Written {
  const seed = Number(written.seed)
  const phases = Array.isArray(written.workload) ? written.workload : []
  return { ...written, workload: phases.map((phase, p) => changed(phase, seed + 7 * p)) }
}

function changed({ rate, arrivals, ...phase }: Written, n: number): Written {
  const keys = phase.keys === 'latest' ? 'latest' : KEYS[n % KEYS.length]
  const bursts = n % 3 === 0 ? { bursts: { every: '3 s', for: '400 ms', times: 4 } } : {}
  // Every fourth stays open-loop.
  if (n % 4 === 0) return { ...phase, rate, arrivals, ...bursts, keys }
  const target = n % 2 === 0 ? { rate } : {}
  const clients = 1 + (n % 6)
  // Without a target and without thinking there is more work than such a run needs.
  const thinkTime = THINKING[n % 2 === 0 ? n % THINKING.length : 1 + (n % 3)]
  return { ...phase, ...target, clients, thinkTime, ...bursts, keys }
}
