/** `npm run bench`: the kernel beside a C++ loop, then the whole model. Nothing here is a test. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { benchKernel } from './hold-model.mjs'

const LENGTHS = [1, 4, 16]
const ENDPOINTS = [
  'staged-copy',
  'direct',
  'dual-write',
  'unsafe-flush',
  'deferred-offset',
  'deferred-offset feature-branch',
]

benchKernel()
benchModel()
benchEndpoints()

/** Each length in a process of its own, so that peak memory is that run's. */
function benchModel() {
  const script = fileURLToPath(new URL('./throughput.mjs', import.meta.url))
  console.log('\nmodel: scenario throughput, everything measured, one core')
  console.log('length  simulated      edits   edits/s wall   edits/s cpu  events/edit  peak MiB')
  const peaks = LENGTHS.map((length) => {
    const figures = JSON.parse(
      execFileSync(process.execPath, [script, `${length}`], { encoding: 'utf8' }),
    )
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
  const script = fileURLToPath(new URL('./throughput.mjs', import.meta.url))
  const speeds = ENDPOINTS.map(() => [])
  for (let round = 0; round < 3; round++) {
    ENDPOINTS.forEach((endpoint, i) => {
      const figures = execFileSync(process.execPath, [script, '1', endpoint], { encoding: 'utf8' })
      speeds[i].push(JSON.parse(figures).editsPerCpuSecond)
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
