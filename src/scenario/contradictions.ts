import type { DistributionSpec } from '../kernel/distribution.js'
import { type Finding, finding } from './finding.js'
import type { Path } from './path.js'
import { complain } from './reading.js'
import type { Scenario } from './scenario.js'

const MOST_OPERATIONS = 1e10
const MOST_REGIONS = 1_000_000

/** Values that are each valid but not together, and requests for absurd amounts of work. */
export function contradictions(scenario: Scenario): Finding[] {
  return [
    ...windowProblems(scenario),
    ...phaseProblems(scenario),
    ...faultProblems(scenario),
    ...sizeProblems(scenario),
  ]
}

function windowProblems({ warmupUs, durationUs }: Scenario): Finding[] {
  if (warmupUs < durationUs) return []
  return [
    contradiction(['warmup'], 'nothing is left to measure', 'less than duration', [['duration']]),
  ]
}

function phaseProblems({ workload, durationUs }: Scenario): Finding[] {
  return workload.flatMap(({ mix, fromUs, untilUs }, i) => {
    const found: Finding[] = []
    const from = ['workload', i, 'from']
    const until = ['workload', i, 'until']
    if (mix.put !== 1) {
      found.push(contradiction(['workload', i, 'mix'], 'the shares do not sum to 1', 'put: 1.0'))
    }
    if (fromUs >= durationUs) {
      const message = 'the phase begins after the end of the run'
      found.push(contradiction(from, message, 'less than duration', [['duration']]))
    }
    if (untilUs !== null && fromUs >= untilUs) {
      found.push(contradiction(until, 'the phase ends before it begins', 'more than from', [from]))
    }
    return found
  })
}

function faultProblems({ faults, durationUs }: Scenario): Finding[] {
  return faults.flatMap(({ at }, i) => {
    if (earliest(at) <= durationUs) return []
    const message = 'the workload is over before this fault'
    return [contradiction(['faults', i, 'at'], message, 'at most duration', [['duration']])]
  })
}

function sizeProblems({ workload, tables, durationUs }: Scenario): Finding[] {
  const found: Finding[] = []
  let operations = 0
  for (const [i, { rate, fromUs, untilUs }] of workload.entries()) {
    const endUs = Math.min(durationUs, untilUs ?? durationUs)
    const added = (rate * Math.max(0, endUs - fromUs)) / 1_000_000
    if (operations <= MOST_OPERATIONS && operations + added > MOST_OPERATIONS) {
      const message = 'the workload comes to more than 10000000000 operations'
      const involved: Path[] = [['duration'], ['workload', i, 'until']]
      found.push(
        contradiction(['workload', i, 'rate'], message, 'a lower rate or a shorter run', involved),
      )
    }
    operations += added
  }
  const regions = Object.values(tables).reduce((sum, table) => sum + table.regions, 0)
  if (regions > MOST_REGIONS) {
    found.push(contradiction(['tables'], `${regions} regions`, `at most ${MOST_REGIONS} in all`))
  }
  return found
}

function contradiction(
  path: Path,
  message: string,
  expected: string,
  involved: readonly Path[] = [],
): Finding {
  return finding(path, complain('contradiction', message, expected), involved)
}

/** The earliest instant that is certain to be possible; 0 where there is no lower bound. */
function earliest(at: DistributionSpec): number {
  if (at.kind === 'constant') return at.value
  if (at.kind === 'uniform') return at.low
  return at.kind === 'empirical' ? Math.min(...at.values) : 0
}
