import type { Protocol } from '../../kernel/process.js'
import { WalGroup } from './wal-group.js'
import type { WalGroupContext, WalGroupOptions } from './wal-group-options.js'

/**
 * The WAL groups of a region server (HBase's WALFactory): those that its regions share, and one for
 * hbase:meta alone. That comes when hbase:meta is opened on the server for the first time, and stays
 * until the server ends, wherever hbase:meta goes (MasterWalManager.archiveMetaLog says why).
 */
export class WALFactory {
  /** Those that regions share. */
  readonly groups: readonly WalGroup[]
  /** In the order of their indices; that of hbase:meta comes last. */
  readonly all: WalGroup[] = []
  readonly #context: WalGroupContext

  constructor(context: WalGroupContext, groups: readonly WalGroupOptions[]) {
    this.#context = context
    this.groups = groups.map((options) => this.#build(options))
  }

  /** Undefined as long as the server has never carried hbase:meta. */
  get ofMeta(): WalGroup | undefined {
    return this.all[this.groups.length]
  }

  beginMeta(options: WalGroupOptions): WalGroup {
    return this.#build(options)
  }

  /** Tells the file system what the write path wrote since the last time. */
  updateFiles(): void {
    for (const group of this.all) group.updateFile()
  }

  /** Closes the WALs being written, one group after another; waits no longer than `maxUs` for each. */
  *shutdown(maxUs: number): Protocol {
    for (const group of this.all) yield* group.shutdown(maxUs)
  }

  #build(options: WalGroupOptions): WalGroup {
    const group = new WalGroup(this.all.length, this.#context, options)
    this.all.push(group)
    return group
  }
}
