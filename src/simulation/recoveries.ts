import type { UnavailableRegions } from '../hbase/master/region-unavailability.js'
import type { ServerRecovery } from '../hbase/master/server-crash-procedure.js'
import type { LostCount, RecoveryPhase, RecoveryResult } from './result.js'

/** What a report says of the recoveries of dead servers, some of which may still go on. */
export function recoveriesOf(
  recoveries: readonly ServerRecovery[],
  nowUs: number,
  lostWith: (server: string) => Record<string, LostCount> | null = () => null,
): RecoveryResult[] {
  return recoveries.map((recovery) => {
    const { server, exit, diedUs, carriesMeta, regions, splitBytes } = recovery
    const { replayedBytes, unavailable, assignedUs } = recovery
    const phases = phasesOf(recovery)
    const lostByDurability = lostWith(server)
    return {
      ...{ server, diedUs, how: exit, carriesMeta, regions, splitBytes, replayedBytes },
      maxUnavailableRegions: Math.max(0, ...unavailable.steps.map((step) => step.regions)),
      unavailableRegionUs: regionUs(unavailable.steps, nowUs),
      assignedUs,
      ...(lostByDurability && { lostByDurability }),
      phases,
      phaseUs: Object.fromEntries(
        phases.map(({ name, fromUs, untilUs }) => [
          name,
          untilUs === null ? null : untilUs - fromUs,
        ]),
      ),
    }
  })
}

/** Regions that deaths took from their clients, as points of a line: two for each change. */
export function unavailableRegions(recoveries: readonly ServerRecovery[], untilUs: number) {
  const changes = recoveries
    .flatMap(({ unavailable: { steps } }) =>
      steps.map(({ atUs, regions }, i) => ({
        atUs,
        change: regions - (i === 0 ? 0 : steps[i - 1].regions),
      })),
    )
    .sort((a, b) => a.atUs - b.atUs)
  const timesUs = [0]
  const values = [0]
  let regions = 0
  for (const { atUs, change } of changes) {
    timesUs.push(atUs, atUs)
    values.push(regions, regions + change)
    regions += change
  }
  timesUs.push(Math.max(untilUs, changes.at(-1)?.atUs ?? 0))
  values.push(regions)
  return { timesUs, values }
}

/** A phase begins where the one before it ends; the wait for hbase:meta is left out if there was none. */
function phasesOf(recovery: ServerRecovery): RecoveryPhase[] {
  const { diedUs, detectedUs, metaSplitUs, metaAvailableUs } = recovery
  const { splitUs, assignedUs, finishedUs } = recovery
  const phases: RecoveryPhase[] = []
  const add = (name: string, fromUs: number | null, untilUs: number | null) => {
    if (fromUs !== null) phases.push({ name, fromUs, untilUs })
  }
  add('detection', diedUs, detectedUs)
  if (metaSplitUs !== null) add('WAL splitting of hbase:meta', detectedUs, metaSplitUs)
  const metaFromUs = metaSplitUs ?? detectedUs
  const forMeta = recovery.carriesMeta ? 'assignment of hbase:meta' : 'wait for hbase:meta'
  if (metaAvailableUs !== metaFromUs) add(forMeta, metaFromUs, metaAvailableUs)
  add('WAL splitting', metaAvailableUs, splitUs)
  add('assignment', splitUs, assignedUs)
  add('queue claim', assignedUs, finishedUs)
  return phases
}

/** Regions summed over time. */
function regionUs(steps: readonly UnavailableRegions[], nowUs: number): number {
  return steps.reduce((sum, { atUs, regions }, i) => {
    return sum + regions * ((steps[i + 1]?.atUs ?? nowUs) - atUs)
  }, 0)
}
