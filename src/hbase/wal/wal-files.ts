import type { Wal } from './wal.js'
import type { WalGroup } from './wal-group.js'

export interface WalFilesOptions {
  /** Of one region server. */
  readonly groups: readonly WalGroup[]
  now(): number
  /** A WAL moves to oldWALs, while it still tells what it holds. */
  onArchive(wal: Wal): void
}

/**
 * The WAL files of one region server: those in its directory below WALs, and those in oldWALs that
 * the log cleaner has not deleted.
 */
export class WalFiles {
  readonly #options: WalFilesOptions
  /** Archived, in the order in which they were. */
  readonly old: Wal[] = []

  constructor(options: WalFilesOptions) {
    this.#options = options
  }

  /** Rolled and not archived, oldest first. */
  get rolled(): Wal[] {
    return this.#options.groups
      .flatMap(({ rolledWals }) => rolledWals)
      .filter(isLive)
      .sort(byAge)
  }

  /** How many are rolled and not archived. */
  get rolledCount(): number {
    let count = 0
    for (const { rolledWals } of this.#options.groups) {
      for (const wal of rolledWals) if (isLive(wal)) count++
    }
    return count
  }

  /** Not archived, oldest first. */
  get live(): Wal[] {
    const current = this.#options.groups.flatMap(({ wal, unused }) => [wal, ...unused])
    return [...this.rolled, ...current.filter(isLive)].sort(byAge)
  }

  /** Not deleted, oldest first. */
  get all(): Wal[] {
    return [...this.old, ...this.live].sort(byAge)
  }

  /** Bytes of archived WALs. */
  get oldBytes(): number {
    return this.old.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** Moves the WAL to oldWALs. */
  archive(wal: Wal): void {
    this.#options.onArchive(wal)
    wal.archive(this.#options.now())
    this.old.push(wal)
  }

  /** AbstractFSWAL.close; a file that could not be closed in time is left to the master. */
  archiveClosed(): void {
    for (const wal of this.live) {
      if (wal.closedUs !== null) this.archive(wal)
    }
  }

  /**
   * All WALs are split, hence closed by lease recovery if the server had not closed them: they end
   * with what was found.
   */
  archiveSplit(): void {
    for (const wal of this.live) {
      wal.recovered(this.#options.now())
      this.archive(wal)
    }
  }

  /** The log cleaner's decision. */
  delete(wal: Wal): void {
    wal.deletedUs = this.#options.now()
    wal.file.change(() => wal.file.remove())
    this.old.splice(this.old.indexOf(wal), 1)
  }
}

function isLive({ archivedUs }: Wal): boolean {
  return archivedUs === null
}

function byAge(a: Wal, b: Wal): number {
  return a.createdUs - b.createdUs
}
