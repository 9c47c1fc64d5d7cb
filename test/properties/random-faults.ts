import fc from 'fast-check'
import type { Targets, Written } from './random-scenario.js'
import { ms } from './random-scenario.js'

const PASSING = [
  'store-outage',
  'slow-store',
  'store-errors',
  'store-throttling',
  'restart-region-server',
  'suspend-region-server',
  'kill-data-node',
  'kill-region-server',
  'stop-region-server',
  'abort-region-server',
  'rack-power-loss',
  'cluster-power-loss',
] as const

const FINAL = ['cluster-loss', 'hdfs-loss', 'power-loss-for-good', 'store-loss'] as const

const ENDS = /^(kill|stop|abort)-region-server$/
/** What stands still for longer may be declared dead. */
const SHORTEST_SESSION_MS = 1000

type Kind = (typeof PASSING)[number] | (typeof FINAL)[number]

/** A fault whose instant and target are still to be fitted to a scenario. */
interface Draft {
  readonly kind: Kind
  /** When, as a share of the run in thousandths. */
  readonly at: number
  readonly forMs: number
  readonly target: number
  readonly detail: number
}

export function someFaults(): fc.Arbitrary<Draft[]> {
  const final = fc.array(draft(FINAL), { maxLength: 1 })
  return fc
    .record({
      passing: fc.array(draft(PASSING), { maxLength: 4 }),
      final: fc.oneof(
        { weight: 9, arbitrary: fc.constant<Draft[]>([]) },
        { weight: 1, arbitrary: final },
      ),
    })
    .map(({ passing, final }) => [...passing, ...final])
}

function draft(kinds: readonly Kind[]): fc.Arbitrary<Draft> {
  return fc.record({
    kind: fc.constantFrom(...kinds),
    at: fc.integer({ min: 20, max: 1000 }),
    forMs: fc.oneof(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 2000, max: 8000 })),
    target: fc.nat(11),
    detail: fc.nat(3),
  })
}

/** Whether one of them is never over. */
export function areFinal(drafts: readonly Draft[]): boolean {
  return drafts.some(({ kind }) => FINAL.some((final) => final === kind))
}

/** Servers that a fault ends for good, or may, are started again when the workload ends. */
export function faultsOf(drafts: readonly Draft[], targets: Targets): Written[] {
  const faults = drafts.map((each) => faultOf(each, targets))
  const ended = drafts.filter(({ kind, forMs }) => {
    return kind === 'suspend-region-server' ? forMs > SHORTEST_SESSION_MS : ENDS.test(kind)
  })
  const hosts = new Set(ended.map(({ target }) => serverOf(target, targets)))
  return [
    ...faults,
    ...[...hosts].map((server) => ({
      kind: 'restart-region-server',
      at: ms(targets.durationMs - 1),
      for: '1 s',
      server,
    })),
  ]
}

function serverOf(target: number, { regionServers }: Targets): string {
  return `rs${(target % regionServers) + 1}`
}

function faultOf({ kind, ...draft }: Draft, targets: Targets): Written {
  const { durationMs, stores, dataNodes, racks } = targets
  const at = ms(Math.floor((draft.at * durationMs) / 1000))
  const during = { at, for: ms(draft.forMs) }
  const store = stores[draft.target % stores.length]
  const server = serverOf(draft.target, targets)
  const oneOf = <T>(...choices: T[]) => choices[draft.detail % choices.length]
  switch (kind) {
    case 'store-outage':
      return { kind, ...during, store, as: oneOf('refuse', '500', '503', 'timeout') }
    case 'slow-store':
      return { kind, ...during, store, factor: oneOf(3, 30) }
    case 'store-errors':
      return {
        kind,
        ...during,
        store,
        rate: oneOf(0.3, 0.9),
        ...oneOf({}, {}, { operation: 'PUT' }),
      }
    case 'store-throttling':
      return { kind, ...during, store, limit: oneOf('1/s', '5/s', '0.2/s') }
    case 'store-loss':
      return { kind, at, store }
    case 'kill-data-node':
      return { kind, ...during, dataNode: `dn${(draft.target % dataNodes) + 1}` }
    case 'rack-power-loss':
      return { kind, ...during, rack: (draft.target % racks) + 1 }
    case 'cluster-power-loss':
      return { kind, ...during }
    case 'power-loss-for-good':
      return { kind: 'cluster-power-loss', at }
    case 'cluster-loss':
    case 'hdfs-loss':
      return { kind, at }
    case 'restart-region-server':
    case 'suspend-region-server':
      return { kind, ...during, server }
    default:
      return { kind, at, server }
  }
}
