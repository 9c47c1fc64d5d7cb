import { DURABILITIES, RegionDurabilities } from '../../../src/hbase/regionserver/durability.js'
import { EditLog } from '../../../src/hbase/wal/edit-log.js'
import { FSHLog } from '../../../src/hbase/wal/fs-hlog.js'
import type { Wal } from '../../../src/hbase/wal/wal.js'
import { type FSHLogOutcome, type FSHLogScenario, variatesOf } from './fs-hlog-scenario.js'
import { RingBufferDriver } from './ring-buffer-driver.js'
import { groupWrites, walOf } from './wal-fixture.js'

/** Later than anything a scenario leads to. */
const END_US = 1e9

/** What a run of `FSHLog` comes to, looked at when it asks for it and at `looksUs`. */
export function lazyOutcome(scenario: FSHLogScenario, looksUs: readonly number[]): FSHLogOutcome {
  return new LazyFSHLog(scenario).run(looksUs)
}

class LazyFSHLog {
  readonly #log = new EditLog(0)
  readonly #driver = new RingBufferDriver()
  readonly #wal: FSHLog
  readonly #files: { file: Wal; sinceUs: number }[] = []
  readonly #rollsNeededUs: number[] = []
  readonly #durableUs: number[] = []
  readonly #rolls: number[]
  #nowUs = -1
  #safe = false
  #rolling = false
  #suspended = false
  /** A pipeline that is being repaired, and until when at least. */
  #repair: { file: Wal; untilUs: number } | null = null

  constructor(readonly scenario: FSHLogScenario) {
    const { syncerCount, maxBatchCount, rollSize, bytesPerSecond } = scenario
    const { append, sync, hsync } = variatesOf(scenario)
    const { writes } = groupWrites(this.#log, sync, {
      onRollNeeded: () => {
        this.#rollsNeededUs.push(this.#nowUs)
      },
      onSafePoint: () => {
        this.#safe = true
      },
      hsync,
    })
    this.#wal = new FSHLog(
      this.#driver.calls,
      writes,
      {
        walBatchSize: 1,
        walRollSize: rollSize,
        durabilities: new RegionDurabilities(DURABILITIES),
        latencies: { walAppend: append, walBytesPerSecond: bytesPerSecond },
      },
      {
        syncerCount,
        maxBatchCount,
        tolerableReplication: 0,
        lowReplicationRollLimit: 5,
        closeErrorsTolerated: 2,
      },
    )
    this.#files.push({ file: writes.firstWal, sinceUs: 0 })
    this.#rolls = scenario.rollsUs.slice()
    this.#driver.wals = [this.#wal]
    this.#driver.onDurable = (edit, us) => {
      this.#durableUs[edit] = us
    }
    scenario.appends.forEach(({ atUs, bytes, durability }, edit) => {
      const awaited = durability !== 'ASYNC_WAL'
      this.#driver.append(atUs, DURABILITIES.indexOf(durability), bytes, edit, 0, awaited)
    })
  }

  run(looksUs: readonly number[]): FSHLogOutcome {
    const { rollsUs, damages, suspensions, killUs } = this.scenario
    const instants = [
      ...looksUs,
      ...rollsUs,
      ...damages.flatMap(({ atUs, forUs }) => [atUs, atUs + forUs]),
      ...suspensions.flatMap(({ fromUs, untilUs }) => [fromUs, untilUs]),
      Math.min(killUs, END_US),
    ].sort((a, b) => a - b)
    const endUs = Math.min(killUs, END_US)
    while (this.#nowUs < endUs) {
      while (instants[0] <= this.#nowUs) instants.shift()
      this.#nowUs = Math.min(instants[0], Math.max(this.#nowUs + 1, this.#driver.nextCauseUs()))
      this.#play()
    }
    if (killUs < END_US) this.#wal.abandon(killUs)
    return {
      durableUs: this.#durableUs,
      wals: this.#files.map(({ file, sinceUs }) => {
        const { from, entries, hsyncedBytes, recoverableEntries } = file
        return { from, entries, sinceUs, hsyncedBytes, recoverableEntries }
      }),
      rollsNeededUs: this.#rollsNeededUs,
      synced: this.#wal.syncedEdits,
    }
  }

  /** Everything of this instant. */
  #play(): void {
    const nowUs = this.#nowUs
    const { suspensions } = this.scenario
    if (suspensions.some(({ untilUs }) => untilUs === nowUs)) {
      this.#driver.resume(nowUs)
      this.#suspended = false
    }
    this.#driver.advance(nowUs)
    this.#roll()
    this.#endRepair()
    this.#beginRepair()
    this.#driver.advance(nowUs)
    this.#roll()
    if (suspensions.some(({ fromUs }) => fromUs === nowUs)) {
      this.#driver.suspend(nowUs)
      this.#suspended = true
    }
  }

  #roll(): void {
    if (this.#suspended) return
    this.#switchFile()
    while (!this.#rolling && this.#rolls.length > 0 && this.#rolls[0] <= this.#nowUs) {
      this.#rolls.shift()
      this.#rolling = true
      this.#safe = false
      this.#driver.requestSafePoint(this.#wal, this.#nowUs)
      this.#switchFile()
    }
  }

  #switchFile(): void {
    if (!this.#rolling || !this.#safe) return
    const file = walOf(this.#log, this.#nowUs)
    this.#files.push({ file, sinceUs: this.#nowUs })
    this.#driver.switchTo(this.#wal, file, this.#nowUs)
    this.#rolling = false
    this.#driver.advance(this.#nowUs)
  }

  #beginRepair(): void {
    const damage = this.scenario.damages.find(({ atUs }) => atUs === this.#nowUs)
    if (damage === undefined) return
    const { file } = this.#files[this.#files.length - 1]
    if (this.#repair?.file === file) return
    this.#repair = { file, untilUs: damage.atUs + damage.forUs }
    this.#driver.streamFailed(this.#wal, this.#nowUs)
    this.#endRepair()
  }

  /** The server's own thread repairs the pipeline, unless a new file has one of its own. */
  #endRepair(): void {
    if (this.#repair === null || this.#suspended || this.#repair.untilUs > this.#nowUs) return
    const isCurrent = this.#files[this.#files.length - 1].file === this.#repair.file
    this.#repair = null
    if (isCurrent) this.#driver.streamRecovered(this.#wal, this.#nowUs, 3)
  }
}
