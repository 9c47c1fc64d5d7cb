import type { Path } from './path.js'
import { startsWith } from './path.js'
import type { Span } from './source-text.js'
import { spanAt } from './yaml-data.js'
import type { YamlDocument } from './yaml-document.js'

/** Finds where in a user's text a value or its key stands. */
export interface Locator {
  /** Null if the text has nothing at `path`. */
  find(path: Path, part: 'key' | 'value'): Span | null
}

export function documentLocator(yaml: YamlDocument): Locator {
  return { find: (path, part) => spanAt(yaml, path, part) }
}

/** A value put at `target` of a document that stands at `path` of another one. */
export interface Overlay {
  readonly target: Path
  readonly locator: Locator
  readonly path: Path
}

/** Where values stand once `overlays` are laid over a document; later ones cover earlier ones. */
export function overlaid(base: Locator, overlays: readonly Overlay[]): Locator {
  return {
    find(path, part) {
      for (const { target, locator, path: origin } of overlays.toReversed()) {
        if (!startsWith(path, target)) continue
        return locator.find([...origin, ...path.slice(target.length)], part)
      }
      return base.find(path, part)
    },
  }
}

/** The span at `path`, or of the nearest holder that is in the text: a missing key has no place. */
export function findOrHolder(locator: Locator, path: Path, part: 'key' | 'value'): Span | null {
  const span = locator.find(path, part)
  if (span !== null || path.length === 0) return span
  return findOrHolder(locator, path.slice(0, -1), 'key')
}
