/** Edits `[from, to)` of log `log`, and their bytes in the file that holds them. */
export interface Extent {
  readonly log: number
  readonly from: number
  readonly to: number
  readonly bytes: number
}

/** Appends `extent` to `extents`; one that continues the last is merged with it. */
export function appendExtent(extents: Extent[], extent: Extent): void {
  const last = extents.at(-1)
  if (last === undefined || last.log !== extent.log || last.to !== extent.from) {
    extents.push(extent)
    return
  }
  const { log, from } = last
  extents[extents.length - 1] = { log, from, to: extent.to, bytes: last.bytes + extent.bytes }
}

/**
 * `extent` in pieces of at most `maxBytes`, in order. An edit that a cut goes through belongs to the
 * piece with its last byte; the pieces before may hold bytes and no whole edit.
 */
export function* piecesOf(extent: Extent, maxBytes: number): Generator<Extent> {
  const { log, from, to } = extent
  let left = extent.bytes
  for (; left > maxBytes; left -= maxBytes) yield { log, from, to: from, bytes: maxBytes }
  yield { log, from, to, bytes: left }
}
