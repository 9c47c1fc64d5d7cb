import type { Protocol } from '../../../kernel/process.js'
import { Signal } from '../../../kernel/signal.js'
import type { IOException } from '../../../storage/io-exception.js'

/** How the thread that fills the buffers and those that empty them know of each other. */
export class PipelineController {
  /** What the first writer died of since somebody looked. */
  #thrown: IOException | null = null
  readonly #changed = new Signal()

  get failed(): boolean {
    return this.#thrown !== null
  }

  /** A writer has emptied a buffer. */
  roomMade(): void {
    this.#changed.notifyAll()
  }

  /** A writer has died. */
  writerThreadError(error: IOException): void {
    this.#thrown ??= error
    this.#changed.notifyAll()
  }

  /** Ends when `condition` no longer holds, or a writer has died. */
  *waitWhile(condition: () => boolean): Protocol {
    while (condition() && !this.failed) yield this.#changed
  }

  /**
   * Looks once: the error is forgotten (HBASE-23601).
   *
   * @throws IOException what a writer died of
   */
  checkForErrors(): void {
    const thrown = this.#thrown
    this.#thrown = null
    if (thrown !== null) throw thrown
  }
}
