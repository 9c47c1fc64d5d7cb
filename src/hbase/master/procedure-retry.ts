import { doubled } from '../../storage/backoff.js'
import type { Configuration } from '../../storage/configuration.js'
import { recoveryProperties } from './recovery-properties.js'

/** Waits of a master's procedure that could not go on (ProcedureUtil.createRetryCounter). */
export interface ProcedureRetry {
  readonly sleepUs: number
  readonly maxSleepUs: number
}

export function procedureRetry(configuration: Configuration): ProcedureRetry {
  const us = (key: keyof typeof recoveryProperties) =>
    configuration.number(recoveryProperties, key) * 1000
  return {
    sleepUs: us('hbase.procedure.retry.sleep.interval.ms'),
    maxSleepUs: us('hbase.procedure.retry.max.sleep.time.ms'),
  }
}

/** Wait before retry number `n`, from 0: it doubles up to the limit. */
export function procedureBackoffUs({ sleepUs, maxSleepUs }: ProcedureRetry, n: number): number {
  return Math.min(doubled(sleepUs, n), maxSleepUs)
}
