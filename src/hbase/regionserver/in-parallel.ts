import type { Host, Protocol } from '../../kernel/process.js'
import { IOException } from '../../storage/io-exception.js'

/**
 * Does `tasks` in order on `host`, `threads` of them at once; ends with the last. A task that fails
 * keeps none from being done.
 *
 * @throws IOException that of the first task that failed
 */
export function* inParallel(
  tasks: readonly Protocol[],
  threads: number,
  host: Host,
  name: string,
): Protocol {
  const failures: IOException[] = []
  let next = 0
  function* work(): Protocol {
    while (next < tasks.length) {
      try {
        yield* tasks[next++]
      } catch (error) {
        if (!(error instanceof IOException)) throw error
        failures.push(error)
      }
    }
  }
  const workers = Array.from({ length: Math.min(threads, tasks.length) }, () =>
    host.spawn(name, work()),
  )
  for (const worker of workers) yield worker
  if (failures.length > 0) throw failures[0]
}
