/** `npm run bench`: the kernel beside a C++ loop, then the whole model. Nothing here is a test. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { benchKernel } from './hold-model.mjs'

const THROUGHPUT = pathOf('../../scenarios/throughput.yaml')
const REGION_SERVERS = pathOf('./region-servers.yaml')
const REGION_REPLICAS = pathOf('./region-replicas.yaml')
const REGION_REPLICAS_2X = pathOf('./region-replicas-2x.yaml')
const ENDPOINTS = [
  'staged-copy',
  'direct',
  'dual-write',
  'unsafe-flush',
  'deferred-offset',
  'deferred-offset feature-branch',
]

benchKernel()
benchModel('scenario throughput', THROUGHPUT, [1, 4, 16])
// With --hour 4x is an hour; else a tenth of it.
const fraction = process.argv.includes('--hour') ? 1 : 0.1
const lengths = [1, 2, 4].map((times) => times * fraction)
benchModel('10 servers of 200 regions', REGION_SERVERS, lengths)
benchModel('the same with 3 replicas, HBase 3.0', REGION_REPLICAS, lengths.slice(0, 2))
benchModel('the same with 3 replicas, HBase 2.6', REGION_REPLICAS_2X, lengths.slice(0, 2))
benchEndpoints()

/** Each length in a process of its own, so that peak memory is that run's. */
function benchModel(title, scenario, lengths) {
  console.log(`\nmodel: ${title}, everything measured, one core`)
  console.log('length  simulated      edits   edits/s wall   edits/s cpu  events/edit  peak MiB')
  const peaks = lengths.map((length) => {
    const figures = run(scenario, length)
    console.log(
      [
        `${length}x`.padStart(6),
        `${figures.simulatedS} s`.padStart(10),
        String(figures.edits).padStart(10),
        String(figures.editsPerWallSecond).padStart(14),
        String(figures.editsPerCpuSecond).padStart(13),
        figures.eventsPerEdit.toFixed(4).padStart(12),
        (figures.peakBytes / 1_048_576).toFixed(0).padStart(9),
      ].join(' '),
    )
    return figures.peakBytes
  })
  const last = peaks[peaks.length - 1]
  console.log(`peak memory of the longest over the shortest: ${(last / peaks[0]).toFixed(2)}`)
}

/** One after the other, so that a machine that slows down does not strike one of them alone. */
function benchEndpoints() {
  console.log('\nendpoints: scenario throughput, edits/s of CPU, over that of staged-copy (3 runs)')
  const speeds = ENDPOINTS.map(() => [])
  for (let round = 0; round < 3; round++) {
    ENDPOINTS.forEach((endpoint, i) => {
      speeds[i].push(run(THROUGHPUT, 1, endpoint).editsPerCpuSecond)
    })
  }
  ENDPOINTS.forEach((endpoint, i) => {
    const ratio = median(speeds[i].map((speed, round) => speed / speeds[0][round]))
    const speed = String(median(speeds[i])).padStart(9)
    console.log(`${endpoint.padEnd(32)} ${speed}  ${ratio.toFixed(2)}`)
  })
}

function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1]
}

function run(scenario, length, ...endpoint) {
  const argv = [pathOf('./throughput.mjs'), scenario, `${length}`, ...endpoint]
  return JSON.parse(execFileSync(process.execPath, argv, { encoding: 'utf8' }))
}

function pathOf(relative) {
  return fileURLToPath(new URL(relative, import.meta.url))
}
