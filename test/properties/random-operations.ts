import fc from 'fast-check'
import type { Targets, Written } from './random-scenario.js'
import { ms } from './random-scenario.js'

/** What an operator does with one peer, and what he does meanwhile with servers. */
interface Draft {
  readonly peer:
    | 'nothing'
    | 'disabled for a while'
    | 'disabled'
    | 'reconfigured'
    | 'removed'
    | 'added'
    | 'added anew'
  readonly at: number
  readonly until: number
  readonly server: 'nothing' | 'roll-wal' | 'empty-wal'
  readonly target: number
}

export function someOperations(): fc.Arbitrary<Draft> {
  return fc.record({
    peer: fc.constantFrom(
      'nothing',
      'nothing',
      'nothing',
      'disabled for a while',
      'disabled for a while',
      'disabled',
      'reconfigured',
      'removed',
      'added',
      'added anew',
    ),
    at: fc.integer({ min: 1, max: 499 }),
    until: fc.integer({ min: 500, max: 1000 }),
    server: fc.constantFrom('nothing', 'nothing', 'roll-wal', 'empty-wal'),
    target: fc.nat(11),
  })
}

export function leavesDisabled({ peer }: Draft): boolean {
  return peer === 'disabled'
}

export function operationsOf(draft: Draft, targets: Targets): Written[] {
  return [...onPeer(draft, targets), ...onOthers(draft, targets), ...onServer(draft, targets)]
}

function onPeer(draft: Draft, { durationMs, peers }: Targets): Written[] {
  const ids = Object.keys(peers)
  const peer = ids[draft.target % ids.length] as string
  const enabled = peers[peer]?.enabled === true
  const [at, until] = [draft.at, draft.until].map((share) =>
    ms(Math.floor((share * durationMs) / 1000)),
  )
  const enable = enabled ? [] : [{ do: 'enable-peer', at: until, peer }]
  switch (draft.peer) {
    case 'nothing':
      return enable
    case 'disabled for a while':
      return enabled
        ? [
            { do: 'disable-peer', at, peer },
            { do: 'enable-peer', at: until, peer },
          ]
        : [{ do: 'enable-peer', at, peer }]
    case 'disabled':
      return enabled ? [{ do: 'disable-peer', at, peer }] : []
    case 'reconfigured':
      return [{ do: 'update-peer-config', at, peer, set: changeOf(draft.target) }, ...enable]
    case 'removed':
      return [{ do: 'remove-peer', at, peer }]
    case 'added':
      return [{ do: 'add-peer', at, peer }, ...enable]
    case 'added anew':
      return [
        { do: 'remove-peer', at, peer },
        { do: 'add-peer', at: until, peer },
      ]
  }
}

function changeOf(target: number): Written {
  const changes = [
    { configuration: { 'replication.source.nb.capacity': '11' } },
    { tables: ['t0'] },
    { tables: null },
    { bandwidth: '100 kB/s' },
  ]
  return changes[target % changes.length] as Written
}

/** Peers that begin disabled are enabled in time. */
function onOthers(draft: Draft, { durationMs, peers }: Targets): Written[] {
  const ids = Object.keys(peers)
  const at = ms(Math.floor((draft.until * durationMs) / 1000))
  return ids
    .filter((id, i) => i !== draft.target % ids.length && peers[id]?.enabled === false)
    .map((peer) => ({ do: 'enable-peer', at, peer }))
}

function onServer({ server, at, until, target }: Draft, targets: Targets): Written[] {
  if (server === 'nothing') return []
  const instants = [at, until].map((share) => ms(Math.floor((share * targets.durationMs) / 1000)))
  const name = `rs${(target % targets.regionServers) + 1}`
  return instants.map((instant) => ({ do: server, at: instant, server: name }))
}
