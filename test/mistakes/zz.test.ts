import { test } from 'vitest'
import { endpointMistakes } from './endpoint-mistakes.js'
import { simulateRight } from './mistake.js'
test('x', () => {
  const m = endpointMistakes.find((x) => x.name.startsWith('the finally'))!
  const r = simulateRight(m)
  console.log(JSON.stringify(r.invariants, null, 1), JSON.stringify(r.conservation, null, 1), JSON.stringify(r.peers.backup?.disasters), JSON.stringify(r.peers.backup?.duplicateEdits), r.peers.backup?.brokenClaims, r.peers.backup?.holes, r.clusterLoss)
  const t0 = performance.now()
  for (let i = 0; i < 5; i++) simulateRight(endpointMistakes[0]!)
  console.log((performance.now() - t0) / 5)
})
