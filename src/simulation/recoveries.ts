import type { ServerRecovery } from '../hbase/master/server-crash-procedure.js'
import type { RecoveryPhase, RecoveryResult } from './result.js'

/** What a report says of the recoveries of dead servers. */
export function recoveriesOf(recoveries: readonly ServerRecovery[]): RecoveryResult[] {
  return recoveries.map((recovery) => {
    const { server, exit, diedUs, regions, splitBytes } = recovery
    const { detectedUs, splitUs, assignedUs, finishedUs } = recovery
    const phases: RecoveryPhase[] = [{ name: 'detection', fromUs: diedUs, untilUs: detectedUs }]
    const add = (name: string, fromUs: number | null, untilUs: number | null) => {
      if (fromUs !== null) phases.push({ name, fromUs, untilUs })
    }
    add('WAL splitting', detectedUs, splitUs)
    add('assignment', splitUs, assignedUs)
    add('queue claim', assignedUs, finishedUs)
    return { server, diedUs, how: exit, regions, splitBytes, phases }
  })
}
