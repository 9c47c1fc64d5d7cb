import { MOST_OCCURRENCES, Tracer } from '../kernel/tracer.js'
import { ProgressRecorder } from '../measure/progress-recorder.js'
import type { RunTrace } from '../measure/run-trace.js'
import type { HdfsFile } from '../storage/hdfs/hdfs-file.js'
import type { ScheduledFault } from './faults.js'
import type { RunResult } from './result.js'
import type { Run } from './run.js'

/** The host that faults of the scenario happen on, in a trace. */
const FAULTS = 'faults'

/** Series of the result that a trace shows as counters. */
const COUNTERS = new Set([
  'hdfsUsedBytes',
  'lagUs',
  'memstoreBytes',
  'oldWALsBytes',
  'pendingUploadBytes',
  'replicationLagUs',
  'rpoUs',
  'stagingBacklogBytes',
  'walFiles',
])

/** Listens to a run that is traced. The tracer is there before anything of the cluster is. */
export class RunTracing {
  readonly #tracer: Tracer
  readonly #progress: ProgressRecorder
  readonly #faults = new Map<ScheduledFault, number>()
  readonly #staged = new Map<HdfsFile, number>()

  constructor(private readonly run: Run) {
    const { scheduler } = run
    this.#tracer = new Tracer(scheduler)
    scheduler.tracer = this.#tracer
    this.#progress = new ProgressRecorder({
      peers: () => this.#peers(),
      doing: () => scheduler.doing,
      most: MOST_OCCURRENCES,
    })
  }

  /** From here on progress of edits is heard of, of clients, peers and replicas, and staged files. */
  listen(): void {
    const { events, peers, cluster } = this.run
    cluster.hdfs.watch('wal-backup-staging/', {
      changing: () => {},
      changed: (file) => this.#noteStaged(file),
    })
    for (let channel = 0; channel <= peers.length + 1; channel++) {
      events.subscribe(channel, this.#progress)
    }
  }

  /** A fault begins; returns the cause of what it does. */
  begin(fault: ScheduledFault): number {
    const { kind, label, target, untilUs } = fault
    const details = { kind, label, ...(target !== null && { target }) }
    const struck = this.#tracer.instant('fault begins', details, 0, FAULTS)
    const lasting = this.#tracer.begin('fault', details, struck, FAULTS)
    if (untilUs === null) this.#tracer.end(lasting)
    else this.#faults.set(fault, lasting)
    if (target !== null) this.#tracer.faults.set(target, lasting)
    return struck
  }

  /** A fault ends; returns the cause of what that does. */
  end(fault: ScheduledFault): number {
    const lasting = this.#faults.get(fault)
    if (lasting === undefined) return 0
    this.#tracer.end(lasting)
    const { kind, label, target } = fault
    if (target !== null && this.#tracer.faults.get(target) === lasting) {
      this.#tracer.faults.delete(target)
    }
    return this.#tracer.instant('fault ends', { kind, label }, lasting, FAULTS)
  }

  /** What was heard, with the series of the result. */
  of({ series }: RunResult): RunTrace {
    const { occurrences, dropped } = this.#tracer
    return {
      endedUs: this.run.nowUs,
      occurrences,
      droppedOccurrences: dropped,
      ranges: this.#progress.ranges,
      droppedRanges: this.#progress.dropped,
      logs: this.#logs(),
      counters: series.filter(({ metric }) => COUNTERS.has(metric)),
    }
  }

  #noteStaged(file: HdfsFile): void {
    const known = this.#staged.get(file)
    if (file.deleted) {
      if (known !== undefined) this.#tracer.end(known, { bytes: file.bytesWritten })
      this.#staged.delete(file)
    } else if (known === undefined) {
      this.#staged.set(file, this.#tracer.begin('staged file', { file: file.path }))
    }
  }

  #peers(): string[] {
    const { peers, replication } = this.run
    const { regionReplicaPeer } = replication
    return [...peers, ...(regionReplicaPeer === null ? [] : [regionReplicaPeer])].map(
      ({ id }) => id,
    )
  }

  #logs(): RunTrace['logs'] {
    return this.run.cluster.servers.flatMap(({ name, groups, skippedWal }) => {
      const logs = groups.map(({ log }) => log)
      if (skippedWal !== null) logs.push(skippedWal)
      return logs.map(({ id }) => ({ log: id, server: name }))
    })
  }
}
