import { storefileRefresherSettings } from '../hbase/regionserver/storefile-refresher-chore.js'
import { distribution } from '../kernel/distribution.js'
import { Configuration } from '../storage/configuration.js'
import { contradiction, type Finding } from './finding.js'
import { earliest } from './instants.js'
import type { Path } from './path.js'
import { refusedOperations } from './peer-lives.js'
import type { Scenario, WorkloadSpec } from './scenario.js'

const MOST_OPERATIONS = 1e10
const MOST_REGIONS = 1_000_000
const MOST_BURSTS = 4096
const MOST_OF_A_BURST = 100_000_000

/** Values that are each valid but not together, and requests for absurd amounts of work. */
export function contradictions(scenario: Scenario): Finding[] {
  return [
    ...windowProblems(scenario),
    ...tableProblems(scenario),
    ...phaseProblems(scenario),
    ...replicaProblems(scenario),
    ...faultProblems(scenario),
    ...operationProblems(scenario),
    ...refresherProblems(scenario),
    ...refusedOperations(scenario),
    ...sizeProblems(scenario),
  ]
}

function windowProblems({ warmupUs, durationUs }: Scenario): Finding[] {
  if (warmupUs < durationUs) return []
  return [
    contradiction(['warmup'], 'nothing is left to measure', 'less than duration', [['duration']]),
  ]
}

function tableProblems({ tables }: Scenario): Finding[] {
  return Object.entries(tables).flatMap(([name, { families }]) => {
    if (isOne(Object.values(families))) return []
    const path = ['tables', name, 'families']
    return [contradiction(path, 'the shares do not sum to 1', '{ cf: 1 }')]
  })
}

/** But for what rounding takes of decimal fractions. */
function isOne(shares: readonly number[]): boolean {
  const sum = shares.reduce((total, share) => total + share, 0)
  return Math.abs(sum - 1) < 1e-9
}

function phaseProblems({ workload, tables, durationUs }: Scenario): Finding[] {
  return workload.flatMap(({ table, mix, fromUs, untilUs }, i) => {
    const found: Finding[] = []
    if (tables[table]?.readOnly === true && mix.put + mix.increment + mix.readModifyWrite > 0) {
      const expected = 'get: 1.0 for a table that is readOnly'
      const involved: Path[] = [['tables', table, 'readOnly']]
      found.push(
        contradiction(['workload', i, 'mix'], 'nobody may write the table', expected, involved),
      )
    }
    const from = ['workload', i, 'from']
    const until = ['workload', i, 'until']
    if (!isOne(Object.values(mix))) {
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

function replicaProblems({ workload, tables }: Scenario): Finding[] {
  return workload.flatMap(({ table, mix, consistency, replicaId }, i) => {
    if (replicaId === null) return []
    const found: Finding[] = []
    const path = ['workload', i, 'replicaId']
    const replicas = tables[table]?.regionReplication ?? 1
    if (consistency === 'strong') {
      const message = 'a strong read asks the primary, whatever replica it names'
      const involved = [['workload', i, 'consistency']]
      found.push(contradiction(path, message, 'no replicaId, or consistency: timeline', involved))
    }
    if (mix.multiget > 0) {
      const message = 'a multiget does not look at replica ids'
      found.push(contradiction(path, message, 'no replicaId', [['workload', i, 'mix']]))
    }
    if (table in tables && replicaId >= replicas) {
      const involved = [['tables', table, 'regionReplication']]
      const expected = replicas === 1 ? 'regionReplication of the table' : `at most ${replicas - 1}`
      found.push(contradiction(path, 'the table has no such replica', expected, involved))
    }
    return found
  })
}

function faultProblems({ faults, durationUs }: Scenario): Finding[] {
  return faults.flatMap((fault, i) => {
    const found: Finding[] = []
    if (earliest(fault.at) > durationUs) {
      const message = 'the workload is over before this fault'
      const path = ['faults', i, 'at']
      found.push(contradiction(path, message, 'at most duration', [['duration']]))
    }
    if (fault.kind === 'restart-region-server' && fault.forUs > durationUs) {
      const message = 'the server is down for longer than the run'
      const path = ['faults', i, 'for']
      found.push(
        contradiction(path, message, 'at most duration, or kill-region-server', [['duration']]),
      )
    }
    return found
  })
}

function operationProblems({ operations, durationUs, tables }: Scenario): Finding[] {
  return operations.flatMap((operation, i) => {
    const found: Finding[] = []
    if (earliest(operation.at) > durationUs) {
      const message = 'the workload is over before this operation'
      const path = ['operations', i, 'at']
      found.push(contradiction(path, message, 'at most duration', [['duration']]))
    }
    if (operation.do === 'move') {
      const regions = tables[operation.table]?.regions ?? 0
      if (regions > 0 && operation.region >= regions) {
        const path = ['operations', i, 'region']
        found.push(contradiction(path, 'the table has no such region', `at most ${regions - 1}`))
      }
    }
    if (operation.do === 'update-peer-config' && Object.keys(operation.set).length === 0) {
      const expected = 'one of configuration, bandwidth, tables'
      found.push(contradiction(['operations', i, 'set'], 'this changes nothing', expected))
    }
    return found
  })
}

/** A region server with such a period does not start (StorefileRefresherChore). */
function refresherProblems({ site }: Scenario): Finding[] {
  const settings = storefileRefresherSettings(new Configuration(site))
  if (settings === null || settings.periodUs <= settings.hfileTtlUs / 2) return []
  const { onlyMeta, hfileTtlUs } = settings
  const key = `hbase.regionserver.${onlyMeta ? 'meta.' : ''}storefile.refresh.period`
  const expected = `at most ${hfileTtlUs / 2000}, half of hbase.master.hfilecleaner.ttl`
  const message = 'files could be deleted before secondaries look again'
  return [contradiction(['site', key], message, expected, [])]
}

/** Closed-loop clients without a target are taken to have an answer after a millisecond. */
function mostPerSecond({ rate, closedLoop }: WorkloadSpec): number {
  if (closedLoop === undefined) return rate ?? 0
  const { clients, thinkTime } = closedLoop
  const perSecond = (clients * 1e6) / (distribution(thinkTime).mean + 1000)
  return Math.min(rate ?? perSecond, perSecond)
}

/** Operations have names for so many bursts, and so many in each. */
function burstProblems(workload: Scenario['workload'], i: number, endUs: number): Finding[] {
  const { bursts, rate, closedLoop } = workload[i] as WorkloadSpec
  if (bursts === undefined || closedLoop !== undefined) return []
  const path = ['workload', i, 'bursts']
  if ((endUs - bursts.fromUs) / bursts.everyUs > MOST_BURSTS) {
    return [contradiction(path, `more than ${MOST_BURSTS} bursts`, 'a longer `every`')]
  }
  const added = ((rate ?? 0) * (bursts.times - 1) * bursts.forUs) / 1_000_000
  if (added <= MOST_OF_A_BURST) return []
  const message = `a burst comes to more than ${MOST_OF_A_BURST} operations`
  return [contradiction(path, message, 'shorter bursts, or lower ones')]
}

function sizeProblems({ workload, tables, durationUs }: Scenario): Finding[] {
  const found: Finding[] = []
  let operations = 0
  for (const [i, spec] of workload.entries()) {
    const { bursts, fromUs, untilUs } = spec
    const endUs = Math.min(durationUs, untilUs ?? durationUs)
    const times =
      bursts === undefined ? 1 : 1 + (bursts.times - 1) * (bursts.forUs / bursts.everyUs)
    const added = (mostPerSecond(spec) * times * Math.max(0, endUs - fromUs)) / 1_000_000
    if (operations <= MOST_OPERATIONS && operations + added > MOST_OPERATIONS) {
      const message = 'the workload comes to more than 10000000000 operations'
      const involved: Path[] = [['duration'], ['workload', i, 'until']]
      const path = ['workload', i, spec.rate === null ? 'clients' : 'rate']
      found.push(contradiction(path, message, 'a lower rate or a shorter run', involved))
    }
    operations += added
    found.push(...burstProblems(workload, i, endUs))
  }
  const regions = Object.values(tables).reduce((sum, table) => sum + table.regions, 0)
  if (regions > MOST_REGIONS) {
    found.push(contradiction(['tables'], `${regions} regions`, `at most ${MOST_REGIONS} in all`))
  }
  return found
}
