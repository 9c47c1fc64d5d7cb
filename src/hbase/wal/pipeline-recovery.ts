import type { Host, Protocol } from '../../kernel/process.js'
import type { PipelineOutput } from '../../storage/hdfs/pipeline-output.js'
import { IOException } from '../../storage/io-exception.js'

/**
 * Repairs the pipeline of an FSHLog's stream, as DFSOutputStream's DataStreamer does on its own: the
 * WAL only sees that its syncs take longer.
 */
export class PipelineRecovery {
  #repairing: PipelineOutput | null = null

  /** @param onDone the stream is whole again, or has failed */
  constructor(
    private readonly host: Host,
    private readonly onDone: (stream: PipelineOutput) => void,
  ) {}

  /** A DataNode of the stream's block has died, maybe one more. */
  begin(stream: PipelineOutput): void {
    if (this.#repairing === stream) return
    this.#repairing = stream
    this.host.spawn('DataStreamer', this.#recover(stream))
  }

  *#recover(stream: PipelineOutput): Protocol {
    try {
      const { tracer } = this.host.scheduler
      const recovery = stream.recover()
      yield* tracer?.around('recover pipeline', { file: stream.file.path }, recovery) ?? recovery
    } catch (error) {
      if (!(error instanceof IOException)) throw error
    }
    if (this.#repairing === stream) this.#repairing = null
    this.onDone(stream)
  }
}
