import type { Purpose } from '../../kernel/draws.js'
import type { Protocol } from '../../kernel/process.js'
import { IOException } from '../io-exception.js'
import { EntitySampler } from '../sampler.js'
import type { BlockRecovery } from './block-recovery.js'
import type { DfsParts } from './dfs-parts.js'
import { checkExists, type HdfsFile } from './hdfs-file.js'

const NAMESPACE: Purpose = { name: 'hdfs.namespace', sharing: 'matched' }

/** `hbase.lease.recovery.first.pause`, `.dfs.timeout`, `.pause`, `.timeout` */
const FIRST_PAUSE_US = 4_000_000
const FURTHER_PAUSE_US = 64_000_000
const POLL_US = 1_000_000
const TIMEOUT_US = 900_000_000

/**
 * HBase's RecoverLeaseFSUtils: asks the NameNode to recover the lease, looks again after 4 s, then
 * asks again and waits 64 s more each time, looking every second. True once the file is closed;
 * false after 900 s without success, where HBase goes on all the same ("may be DATALOSS").
 *
 * @throws IOException `lost`; `not-found` for a deleted file
 */
export function* recoverLease(
  parts: DfsParts,
  blockRecovery: BlockRecovery,
  file: HdfsFile,
): Protocol<boolean> {
  const { scheduler, nameNode } = parts
  const draws = new EntitySampler(parts.sampler, file.path)
  const startedUs = scheduler.now
  let polls = 0
  for (let attempt = 0; ; attempt++) {
    const writeUs = draws.durationUs(NAMESPACE, 'nameNodeWrite', attempt, 2)
    const request = nameNode.call(writeUs, () => blockRecovery.recoverLease(file))
    if (yield* unlessRefused(request)) return true
    checkExists(file)
    if (scheduler.now - startedUs > TIMEOUT_US) return false
    if (attempt === 0) {
      yield FIRST_PAUSE_US
      continue
    }
    const untilUs = scheduler.now + FURTHER_PAUSE_US * attempt
    while (scheduler.now < untilUs) {
      yield POLL_US
      const readUs = draws.durationUs(NAMESPACE, 'nameNodeRead', polls++, 5)
      if (yield* unlessRefused(nameNode.call(readUs, () => file.closed))) return true
    }
  }
}

/** A NameNode that does not answer is asked again later. */
function* unlessRefused(request: Protocol<boolean>): Protocol<boolean> {
  try {
    return yield* request
  } catch (error) {
    if (error instanceof IOException && error.kind === 'refused') return false
    throw error
  }
}
