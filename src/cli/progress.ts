import { SingleBar } from 'cli-progress'
import type { Job } from '../experiment/run-all.js'
import { progressLine } from './progress-line.js'
import { newRunClock, type RunClock } from './run-clock.js'
import { WorkDone } from './work-done.js'

const REDRAWS_PER_SECOND = 4

/** A line on stderr that tells how far the simulations are. */
export interface Progress {
  /** Another `runs` simulations of `durationUs` each are to come. */
  plan: (durationUs: number, runs: number) => void
  /** Follows one run, which keeps the clock it is given. */
  follow: <T>(job: Job, run: (clock: RunClock) => Promise<T>) => Promise<T>
  stop: () => void
}

/** A line that is drawn anew a few times a second, or nothing at all where nobody watches. */
export function startProgress(visible: boolean): Progress {
  const work = new WorkDone()
  const bar = visible ? drawLine(work) : null
  return {
    plan: (durationUs, runs) => work.plan(durationUs, runs),
    follow: async ({ scenario }, run) => {
      const clock = newRunClock()
      work.begin(clock, scenario.durationUs)
      try {
        return await run(clock)
      } finally {
        work.end(clock)
      }
    },
    stop: () => bar?.stop(),
  }
}

function drawLine(work: WorkDone): SingleBar {
  const startedMs = performance.now()
  const bar = new SingleBar({
    // Their own counting knows finished runs only.
    format: () =>
      progressLine(
        work.state((performance.now() - startedMs) / 1000),
        (process.stderr.columns ?? 80) - 1,
      ),
    stream: process.stderr,
    fps: REDRAWS_PER_SECOND,
    clearOnComplete: true,
    hideCursor: true,
    // Their default takes SIGTERM and SIGINT away from us.
    gracefulExit: false,
  })
  bar.start(1, 0)
  return bar
}
