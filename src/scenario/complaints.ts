import { BadInput, type Complaint, problemAt } from './bad-input.js'
import type { Finding } from './finding.js'
import { findOrHolder, type Locator, type Overlay } from './locator.js'
import { formatPath, type Path, startsWith } from './path.js'
import type { SourceText, Span } from './source-text.js'

const MOST_PROBLEMS = 20

/** Collects what is wrong with a scenario and where, so that all of it is reported at once. */
export class Complaints {
  readonly #entries: { span: Span; complaint: Complaint }[] = []
  readonly #splits: readonly Span[]

  /** `start` is the place of what has no other; nothing is reported twice inside `splits`. */
  constructor(
    readonly start: Span,
    splits: readonly Span[],
  ) {
    this.#splits = splits
  }

  add(span: Span | null, complaint: Complaint): void {
    this.#entries.push({ span: span ?? this.start, complaint })
  }

  /**
   * Adds a finding at its place, or at the one of `overlays` that put a value there or one that
   * contradicts it. With `always` one of them is to blame: without them all was well.
   */
  find(finding: Finding, locator: Locator, overlays: readonly Overlay[], always: boolean): void {
    const { path, part, complaint, involved = [], span } = finding
    if (span !== undefined) {
      this.add(span, complaint)
      return
    }
    const touches = (overlay: Overlay, changed: Path) =>
      startsWith(changed, overlay.target) || startsWith(overlay.target, changed)
    const here = overlays.some((overlay) => startsWith(path, overlay.target))
    const culprit = here
      ? undefined
      : (overlays.findLast((overlay) => involved.some((other) => touches(overlay, other))) ??
        (always ? mostRelated(overlays, path) : undefined))
    if (culprit === undefined) {
      this.add(findOrHolder(locator, path, part), complaint)
      return
    }
    const where = part === 'key' ? '' : `${formatPath(path)}: `
    const message = where + complaint.message
    this.add(findOrHolder(culprit.locator, culprit.path, 'key'), { ...complaint, message })
  }

  /** @throws BadInput with the first 20 problems in the order of the text, if there are any */
  throwIfAny(): void {
    const seen = new Set<string>()
    const numberOf = sourceNumbers()
    const entries = this.#entries.filter(({ span, complaint }) => {
      const key = JSON.stringify([numberOf(span.source), span.from, complaint.message])
      const isRubble = complaint.code !== 'split-distribution' && this.#isSplit(span)
      return !isRubble && !seen.has(key) && seen.add(key)
    })
    if (entries.length === 0) return
    const sources = [this.start.source, ...new Set(entries.map(({ span }) => span.source))]
    entries.sort((a, b) => {
      if (a.span.source === b.span.source) return a.span.from - b.span.from
      return sources.indexOf(a.span.source) - sources.indexOf(b.span.source)
    })
    const first = entries.slice(0, MOST_PROBLEMS)
    throw new BadInput(first.map(({ span, complaint }) => problemAt(span, complaint)))
  }

  #isSplit({ source, from }: Span): boolean {
    return this.#splits.some(
      (split) => split.source === source && from >= split.from && from < split.to,
    )
  }
}

/** Numbers sources, equal ones alike: a text can be a megabyte, so each is compared only once. */
function sourceNumbers(): (source: SourceText) => number {
  const known = new Map<SourceText, number>()
  const different: SourceText[] = []
  return (source) => {
    let number = known.get(source)
    if (number === undefined) {
      const { name, text } = source
      number = different.findIndex((other) => other.name === name && other.text === text)
      if (number === -1) number = different.push(source) - 1
      known.set(source, number)
    }
    return number
  }
}

/** The overlay whose target shares the longest way with `path`; the last one of equals. */
function mostRelated(overlays: readonly Overlay[], path: Path): Overlay | undefined {
  let best: Overlay | undefined
  let longest = -1
  for (const overlay of overlays) {
    let shared = 0
    while (shared < path.length && overlay.target[shared] === path[shared]) shared++
    if (shared < longest) continue
    best = overlay
    longest = shared
  }
  return best
}
