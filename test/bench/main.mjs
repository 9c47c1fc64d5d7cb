/** `npm run bench`: the kernel beside a C++ loop, then the whole model. Nothing here is a test. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { benchKernel } from './hold-model.mjs'

const LENGTHS = [1, 4, 16]

benchKernel()
benchModel()

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
