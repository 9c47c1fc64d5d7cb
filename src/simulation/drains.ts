/** A fault after whose end a peer has to catch up. */
export interface Drain {
  readonly fault: string
  readonly endUs: number
  us: number | null
}

/** How long each peer takes to catch up after each fault. */
export class Drains {
  readonly #ofPeer = new Map<string, Drain[]>()

  add(peer: string): void {
    this.#ofPeer.set(peer, [])
  }

  of(peer: string): readonly Drain[] {
    return this.#ofPeer.get(peer) ?? []
  }

  /** A fault is over; every peer has to catch up with it. */
  begin(fault: string, endUs: number): void {
    for (const drains of this.#ofPeer.values()) drains.push({ fault, endUs, us: null })
  }

  /** True while the peer has a fault to catch up with. */
  open(peer: string): boolean {
    return this.of(peer).some(({ us }) => us === null)
  }

  /**
   * The peer has stored all that was acknowledged before `oldestUs`.
   *
   * @returns how many faults it has caught up with by that
   */
  note(peer: string, oldestUs: number, nowUs: number): number {
    let caughtUp = 0
    for (const drain of this.of(peer)) {
      if (drain.us !== null || oldestUs <= drain.endUs) continue
      drain.us = nowUs - drain.endUs
      caughtUp++
    }
    return caughtUp
  }
}
