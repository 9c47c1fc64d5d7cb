import { cumulative, type Piece } from '../measure/cumulative.js'
import { DISASTERS } from './disasters.js'
import type { Distribution } from './result.js'
import type { Run } from './run.js'

/**
 * How RPO, latencies and sizes of objects of a finished run were distributed; those of which nothing
 * was measured are left out.
 */
export function distributionsOf({ cluster, peers }: Run): Distribution[] {
  const ofPeers = peers.flatMap(({ id: peer, ledger }) => {
    const { objects, confirmLatency, storeLatency } = ledger
    return [
      ...DISASTERS.map((disaster) =>
        of('rpoUs', { peer, class: disaster }, ledger.recoveryPoint(disaster).histogram.pieces()),
      ),
      of('confirmLatencyUs', { peer }, confirmLatency.pieces()),
      of('storeLatencyUs', { peer }, storeLatency.pieces()),
      of('objectBytes', { peer, by: 'objects' }, objects.bytes.pieces()),
      of(
        'objectBytes',
        { peer, by: 'bytes' },
        objects.bytes.pieces((bytes) => bytes),
      ),
    ]
  })
  const all = [...ofPeers, of('writeLatencyUs', {}, cluster.writeLatency.pieces())]
  return all.filter(({ values }) => values.length > 0)
}

function of(metric: string, labels: Record<string, string>, pieces: Iterable<Piece>): Distribution {
  const { values, shares } = cumulative(pieces)
  return { metric, unit: metric.endsWith('Bytes') ? 'bytes' : 'us', labels, values, shares }
}
