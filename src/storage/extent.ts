/** Why edits are in a file that may be in another already. */
export type Resend =
  | 'retry'
  | 'partial batch'
  | 'claim'
  | 'source refresh'
  | 'shipper restart'
  | 'WAL re-append'
  | 're-read'

/** Edits `[from, to)` of log `log`, and their bytes in the file that holds them. */
export interface Extent {
  readonly log: number
  readonly from: number
  readonly to: number
  readonly bytes: number
  /** Absent where the edits are sent for the first time. */
  readonly resend?: Resend
}

/** End of the edits of `extent` that lie whole within its first `bytes` bytes. */
export type EditsWithin = (extent: Extent, bytes: number) => number

/** Appends `extent` to `extents`; one that continues the last for the same cause is merged with it. */
export function appendExtent(extents: Extent[], extent: Extent): void {
  const last = extents.at(-1)
  if (last === undefined || !continues(last, extent)) {
    extents.push(extent)
    return
  }
  const { log, from, resend } = last
  const merged = { log, from, to: extent.to, bytes: last.bytes + extent.bytes }
  extents[extents.length - 1] = resend === undefined ? merged : { ...merged, resend }
}

function continues(last: Extent, next: Extent): boolean {
  return last.log === next.log && last.to === next.from && last.resend === next.resend
}

/** `extents` sent again because of `cause`, unless they had a cause already: the first one stays. */
export function resent(extents: readonly Extent[], cause: Resend): Extent[] {
  return extents.map((extent) => ({ ...extent, resend: extent.resend ?? cause }))
}

/**
 * `extent` in pieces of at most `maxBytes`, in order. An edit that a cut goes through belongs to the
 * piece with its last byte; the pieces before may hold bytes and no whole edit.
 */
export function* piecesOf(extent: Extent, maxBytes: number): Generator<Extent> {
  let left = extent.bytes
  for (; left > maxBytes; left -= maxBytes) yield { ...extent, to: extent.from, bytes: maxBytes }
  yield { ...extent, bytes: left }
}

/** The first `bytes` bytes of `extents`. The last may end with bytes of an edit that is torn. */
export function firstBytes(
  extents: readonly Extent[],
  bytes: number,
  editsWithin: EditsWithin,
): Extent[] {
  const kept: Extent[] = []
  let left = bytes
  for (const extent of extents) {
    if (left <= 0) break
    const whole = extent.bytes <= left
    kept.push(whole ? extent : { ...extent, to: editsWithin(extent, left), bytes: left })
    left -= extent.bytes
  }
  return kept
}

/** `EditsWithin` where all edits of an extent have the same size. */
export function equalEditsWithin({ from, to, bytes: all }: Extent, bytes: number): number {
  return from + Math.floor(((to - from) * bytes) / all)
}
