import { contradiction, type Finding } from './finding.js'
import { earliest, latest } from './instants.js'
import { hasRegionReplicaPeer, REGION_REPLICA_REPLICATION_PEER } from './region-replica-peer.js'
import type { OperationSpec, Scenario } from './scenario.js'
import { quote } from './source-text.js'

type PeerOperation = Extract<OperationSpec, { peer: string }>

/**
 * The peers that exist at the start: those whose first operation is not `add-peer`. In a valid
 * scenario the order of a peer's operations is the same for every seed.
 */
export function peersAtStart({ peers, operations }: Scenario): string[] {
  return Object.keys(peers).filter((id) => {
    return operationsOn(id, operations)[0]?.operation.do !== 'add-peer'
  })
}

/** Operations that the master refuses (ReplicationPeerManager.preAddPeer, preEnablePeer, …). */
export function refusedOperations(scenario: Scenario): Finding[] {
  const atStart = new Set(peersAtStart(scenario))
  const replicaPeer = { exists: hasRegionReplicaPeer(scenario), enabled: true }
  return [
    ...Object.entries(scenario.peers).flatMap(([id, { enabled }]) => {
      return refusedOperationsOn(id, { exists: atStart.has(id), enabled }, scenario)
    }),
    ...refusedOperationsOn(REGION_REPLICA_REPLICATION_PEER, replicaPeer, scenario),
  ]
}

function refusedOperationsOn(
  id: string,
  atStart: Readonly<PeerState>,
  { operations: all }: Scenario,
): Finding[] {
  const peer = { ...atStart }
  const found: Finding[] = []
  const operations = operationsOn(id, all)
  for (const [n, { operation, index }] of operations.entries()) {
    const before = operations[n - 1]
    if (before !== undefined && !isAfter(operations[n], before)) {
      const message = `this and ${before.operation.do} can happen in either order`
      const other = ['operations', before.index, 'at']
      found.push(
        contradiction(['operations', index, 'at'], message, 'times that do not overlap', [other]),
      )
    }
    const refusal = refusalOf(operation, peer)
    if (refusal !== null) {
      const message = `peer ${quote(id)} ${refusal}`
      const involved = [['peers', id, 'enabled'], ['operations']]
      found.push(contradiction(['operations', index, 'do'], message, '', involved))
    }
    apply(operation, peer, atStart.enabled)
  }
  return found
}

interface Placed {
  readonly operation: PeerOperation
  readonly index: number
}

/** The operations on a peer by time; those of one instant in the order of the file. */
function operationsOn(id: string, operations: readonly OperationSpec[]): Placed[] {
  return operations
    .flatMap((operation, index) => {
      return 'peer' in operation && operation.peer === id ? [{ operation, index }] : []
    })
    .sort((a, b) => earliest(a.operation.at) - earliest(b.operation.at))
}

function isAfter(later: Placed, sooner: Placed): boolean {
  const gapUs = earliest(later.operation.at) - latest(sooner.operation.at)
  return gapUs > 0 || (gapUs === 0 && later.index > sooner.index)
}

const SWITCHES: readonly string[] = ['disable-peer', 'enable-peer']

interface PeerState {
  exists: boolean
  enabled: boolean
}

function refusalOf(operation: PeerOperation, { exists, enabled }: PeerState): string | null {
  if (operation.peer === REGION_REPLICA_REPLICATION_PEER && !SWITCHES.includes(operation.do)) {
    return 'is the master’s own: it can only be disabled and enabled'
  }
  if (operation.do === 'add-peer') return exists ? 'exists already' : null
  if (!exists) return 'does not exist at that time'
  if (operation.do === 'enable-peer') return enabled ? 'is enabled already' : null
  return operation.do === 'disable-peer' && !enabled ? 'is disabled already' : null
}

function apply(operation: PeerOperation, peer: PeerState, enabledWhenAdded: boolean): void {
  switch (operation.do) {
    case 'add-peer':
      peer.exists = true
      peer.enabled = enabledWhenAdded
      break
    case 'remove-peer':
      peer.exists = false
      break
    case 'enable-peer':
      peer.enabled = true
      break
    case 'disable-peer':
      peer.enabled = false
      break
    case 'update-peer-config':
      break
  }
}
