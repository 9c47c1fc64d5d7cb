/** P(heads <= most) in `tosses` tosses of a fair coin; exact for up to fifty tosses. */
export function atMostHeads(most: number, tosses: number): number {
  if (most < 0) return 0
  if (most >= tosses) return 1
  let ways = 1
  let counted = 1
  // The factor 2^-tosses is paid out in halves as `ways` grows, so that neither end of the
  // range of doubles is met on the way.
  let halvings = tosses
  for (let heads = 0; heads < most; heads++) {
    ways = (ways * (tosses - heads)) / (heads + 1)
    counted += ways
    for (; ways > 1 && halvings > 0; halvings--) {
      ways /= 2
      counted /= 2
    }
  }
  for (; halvings > 0; halvings--) counted /= 2
  return counted
}
