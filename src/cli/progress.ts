import { SingleBar } from 'cli-progress'

/** A bar on stderr that counts finished runs. */
export interface Progress {
  update: (done: number) => void
  stop: () => void
}

/** A progress bar, or nothing at all where nobody watches. */
export function startProgress(total: number, visible: boolean): Progress {
  if (!visible) return { update: () => {}, stop: () => {} }
  const bar = new SingleBar({
    format: '{bar} {value}/{total} runs, {duration_formatted}',
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    // Their default takes SIGTERM and SIGINT away from us.
    gracefulExit: false,
  })
  bar.start(total, 0)
  return { update: (done) => bar.update(done), stop: () => bar.stop() }
}
