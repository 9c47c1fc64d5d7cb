import { triesOf } from '../attempt.js'
import type { WritePathOptions } from './write-path-options.js'

/** HConstants.RETRY_BACKOFF: factors of the client's pause by attempt. */
export const RETRY_BACKOFF = [1, 2, 3, 5, 10, 20, 40, 100, 100, 100, 100, 200, 200]

/**
 * When an operation arrives again that the server refuses now: the answer travels, the client
 * pauses (ConnectionUtils.getPauseTime), the next attempt travels.
 */
export function arrivesAgainUs(
  { latencies: { network }, retries }: Pick<WritePathOptions, 'latencies' | 'retries'>,
  operation: number,
  attempt: number,
  pauseUs: number,
  nowUs: number,
): number {
  const backoff = RETRY_BACKOFF[Math.min(triesOf(attempt), RETRY_BACKOFF.length - 1)] as number
  const pause = pauseUs * backoff
  const jitter = Math.floor(pause * 0.01 * retries.jitter(operation, attempt))
  const sentAgainUs = nowUs + network.draw(operation, attempt, 1) + pause + jitter
  return sentAgainUs + network.draw(operation, attempt + 1, 0)
}
