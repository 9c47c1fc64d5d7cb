import type { Problem } from './source-file.js'

const FOREIGN: [pattern: RegExp, message: string][] = [
  [
    /\b(?:registry|registries|mirrors?|proxy|deb|pypi|crates|repo1?)\.[a-z0-9-]+\.[a-z]{2,}\b/i,
    'names the host of a package registry: clients know where they fetch from',
  ],
  [
    /(?<![\w.@)}\]-])\/(?:work|tmp|root|home|Users|mnt)\/\w/,
    'names a path of one machine: build it from where the file is, or from os.tmpdir()',
  ],
]

/** In any text of the repository: what is true of one machine only. */
export function machineProblems(path: string, text: string): Problem[] {
  return text
    .split('\n')
    .flatMap((line, i) =>
      FOREIGN.filter(([pattern]) => pattern.test(line)).map(
        ([pattern, message]) => `${path}:${i + 1}: "${pattern.exec(line)?.[0]}" ${message}`,
      ),
    )
}
