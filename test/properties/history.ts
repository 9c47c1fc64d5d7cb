import type { Peer } from '../../src/simulation/peer.js'
import type { Run } from '../../src/simulation/run.js'

const ENDS_SERVERS = /region-server|power-loss|hdfs-loss|cluster-loss/
const ENDS_REPLICAS = /data-node|power-loss/

/** What a run has been through, in the terms of the rules. */
export class History {
  constructor(readonly run: Run) {}

  get peers(): readonly Peer[] {
    return this.run.peers
  }

  /** How many faults struck. */
  get faults(): number {
    return this.#struck.length
  }

  /** Region servers died, or were taken for dead. */
  get serversEnd(): boolean {
    return this.#struck.some((kind) => ENDS_SERVERS.test(kind)) || this.run.aborts.length > 0
  }

  /** Blocks had fewer replicas than they should, for a while. */
  get replicasFail(): boolean {
    return this.#struck.some((kind) => ENDS_REPLICAS.test(kind))
  }

  get powerFails(): boolean {
    return this.#struck.some((kind) => kind.endsWith('power-loss'))
  }

  get multiwal(): boolean {
    return this.run.scenario.site['hbase.wal.provider'] === 'multiwal'
  }

  get walHsync(): boolean {
    return this.run.model.boolean('hbase.wal.hsync')
  }

  /** A WAL has come to be longer than its block, of which a sync covers the last one only (R2). */
  get walBeyondBlock(): boolean {
    return this.#wals.some(({ file }) => file.blocks.length > 1)
  }

  /** A WAL was closed with bytes that no disk had when the power went. */
  get unreadableWal(): boolean {
    return this.#wals.some(({ file }) => !file.readable)
  }

  /** The same of recovered.edits, which a split merely flushes: their region never opens. */
  get unreadableRecoveredEdits(): boolean {
    const { map, files } = this.run.cluster
    const regions = Array.from({ length: map.regions }, (_, region) => region)
    const recovered = regions.flatMap((region) => files.recoveredEdits.filesOf(region))
    return recovered.some(({ file }) => !file.readable)
  }

  /** A living server's buffer holds what nobody will ship. */
  get leaks(): boolean {
    const { cluster, replication } = this.run
    return cluster.alive.some((server) => replication.bufferLeak(server) > 0)
  }

  struck(kind: string): boolean {
    return this.#struck.includes(kind)
  }

  did(operation: string): boolean {
    return this.run.scenario.operations.some((each) => each.do === operation)
  }

  isBack(issue: string): boolean {
    return this.run.scenario.unfixed.includes(issue)
  }

  /** `deferred-offset` goes by the name of its form. */
  isDesign({ spec }: Peer, design: string): boolean {
    return (spec.endpoint === 'deferred-offset' ? spec.form : spec.endpoint) === design
  }

  stages({ spec }: Peer): boolean {
    return spec.endpoint === 'staged-copy' || spec.endpoint === 'dual-write'
  }

  /** The peer's store had a fault, fails by itself now and then, or may be slower than patience. */
  storeMayFail({ store }: Peer): boolean {
    const { scenario } = this.run
    const patient = Number(scenario.site['fs.s3a.connection.request.timeout']) >= 1000
    return (
      !patient ||
      store.sampler.number('errorRate') > 0 ||
      scenario.faults.some((fault) => 'store' in fault && fault.store === store.name)
    )
  }

  get #struck(): string[] {
    return this.run.faults.filter(({ atUs }) => atUs <= this.run.nowUs).map(({ kind }) => kind)
  }

  get #wals() {
    return this.run.cluster.servers.flatMap((server) => server.wals())
  }
}
