import type { FakeReplicas, ReplicaMoment } from './fake-replicas.js'

/** Staleness of all secondaries with one replica id, microsecond by microsecond. */
export class NaiveStaleness {
  measuredUs = 0
  staleUs = 0
  area = 0
  maxUs = 0
  editsArea = 0
  maxEdits = 0
  gapUs = 0
  longestGapUs = 0
  unavailableUs = 0

  constructor(
    private readonly fake: FakeReplicas,
    replicaId: number,
    private readonly fromUs: number,
    private readonly untilUs: number,
  ) {
    for (const [number, { region, moments }] of fake.secondaries) {
      if ((number % 10) + 1 === replicaId) this.#watch(region, moments)
    }
  }

  #watch(region: number, moments: readonly ReplicaMoment[]): void {
    let gapLengthUs = 0
    for (let us = this.fromUs; us < this.untilUs; us++) {
      const moment = moments.findLast(({ atUs }) => atUs <= us)
      if (moment?.isAvailable !== true) {
        this.unavailableUs++
        gapLengthUs = 0
        continue
      }
      const { ids } = moment
      const shown = this.fake.shown.filter((edit) => edit.region === region && edit.shownUs <= us)
      const missing = shown.filter(({ id }) => !ids.has(id))
      const acknowledged = missing.map((edit) => edit.acknowledgedUs).filter((at) => at <= us)
      this.measuredUs++
      this.editsArea += missing.length
      this.maxEdits = Math.max(this.maxEdits, missing.length)
      if (acknowledged.length > 0) {
        const ageUs = us - Math.min(...acknowledged)
        this.staleUs++
        this.area += ageUs + 0.5
        this.maxUs = Math.max(this.maxUs, ageUs + 1)
      }
      const newest = Math.max(...shown.map(({ id }) => id).filter((id) => ids.has(id)))
      if (missing.some(({ id }) => id < newest)) this.gapUs++
      gapLengthUs = missing.some(({ id }) => id < newest) ? gapLengthUs + 1 : 0
      this.longestGapUs = Math.max(this.longestGapUs, gapLengthUs)
    }
  }
}

/** The share of edits acknowledged in the window that were readable by `afterUs` later. */
export function returnedAfter(
  fake: FakeReplicas,
  replicaId: number,
  { fromUs, untilUs }: { fromUs: number; untilUs: number },
  afterUs: number,
): number {
  let edits = 0
  let returned = 0
  for (const { region, id, acknowledgedUs, moments } of fake.shown) {
    if (acknowledgedUs < fromUs || acknowledgedUs >= untilUs) continue
    edits++
    const number = 10 * (region + 1) + replicaId - 1
    const sinceShown = (moments.get(number) ?? 0) - 1
    const later = fake.secondaries.get(number)?.moments.slice(sinceShown)
    const first = later?.find(({ ids }) => ids.has(id))
    if (first !== undefined && first.atUs <= acknowledgedUs + afterUs) returned++
  }
  return returned / edits
}
