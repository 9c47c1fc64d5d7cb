/**
 * One run of the scenario in file `argv[2]`, `argv[3]` times as long, with the endpoint `argv[4]` if
 * that is given; prints its figures as JSON.
 */
import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { defaultVocabulary, loadScenario, simulate } from '../../dist/index.js'

const path = process.argv[2]
const loaded = loadScenario({ name: path, text: readFileSync(path, 'utf8') }, defaultVocabulary)
const [{ scenario: shipped, name }] = loaded.variants
const times = Number(process.argv[3] ?? 1)
const scenario = withEndpoint(process.argv[4])

const started = performance.now()
const cpuBefore = process.cpuUsage()
const run = simulate({ ...scenario, durationUs: scenario.durationUs * times }, scenario.seed, name)
const wallS = (performance.now() - started) / 1000
const { user, system } = process.cpuUsage(cpuBefore)
const edits = run.edits.acknowledged

console.log(
  JSON.stringify({
    simulatedS: run.durationUs / 1e6,
    edits,
    editsPerWallSecond: Math.round(edits / wallS),
    editsPerCpuSecond: Math.round((edits * 1e6) / (user + system)),
    eventsPerEdit: run.events / edits,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    invariants: run.invariants,
  }),
)

function withEndpoint(endpoint) {
  if (endpoint === undefined) return shipped
  const [design, form = 'hbase-29823'] = endpoint.split(' ')
  return {
    ...shipped,
    site: { ...shipped.site, 'hbase.unsafe.stream.capability.enforce': 'false' },
    peers: { backup: { ...shipped.peers.backup, endpoint: design, form } },
  }
}
