/**
 * The kernel beside a C++ loop, on the hold model: so many events pending, each schedules its
 * successor. In the variant with cancelling each also re-arms nine random others, so that 90 % of
 * what is scheduled is cancelled. Both sides draw the same numbers and must agree in every event.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { Scheduler } from '../../dist/kernel/scheduler.js'

const ROUNDS = 7

const CASES = [
  { pending: 1_000, events: 2_000_000, rearmed: 0 },
  { pending: 100_000, events: 1_000_000, rearmed: 0 },
  { pending: 1_000, events: 200_000, rearmed: 9 },
  { pending: 100_000, events: 200_000, rearmed: 9 },
]

/** Prints a table of nanoseconds per event scheduled, ours and C++, medians of alternating runs. */
export function benchKernel() {
  const folder = mkdtempSync(join(tmpdir(), 'hold-model-'))
  try {
    const program = compile(folder)
    if (program === undefined) console.log('kernel: no g++ found, skipped the C++ side')
    console.log('pending  cancelled   ours ns    C++ ns   ours/C++ speed')
    return CASES.map((model) => row(model, program))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function row(model, program) {
  const ours = []
  const theirs = []
  for (let round = 0; round < ROUNDS; round++) {
    const mine = holdModel(model)
    ours.push(mine.nanoseconds)
    if (program === undefined) continue
    const other = runProgram(program, model)
    if (mine.now !== other.now || mine.checksum !== other.checksum) {
      throw new Error(`the two sides of the hold model differ: ${JSON.stringify({ mine, other })}`)
    }
    theirs.push(other.nanoseconds)
  }
  const result = { ...model, ours: median(ours), theirs: median(theirs) }
  result.ratio = result.theirs / result.ours
  const cells = [
    String(model.pending).padStart(7),
    (model.rearmed > 0 ? '90 %' : 'none').padStart(9),
    result.ours.toFixed(1).padStart(8),
    result.theirs.toFixed(1).padStart(8),
    result.ratio.toFixed(2).padStart(7),
  ]
  console.log(cells.join('  '))
  return result
}

function holdModel({ pending, events, rearmed }) {
  const scheduler = new Scheduler()
  const handles = new Float64Array(pending)
  const checksum = new Float64Array(1)
  let state = 1
  let left = 0

  const draw = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
  const hold = (id) => {
    handles[id] = scheduler.schedule(scheduler.now + 1 + (draw() >>> 12), due, id)
  }
  const due = scheduler.handler((id) => {
    checksum[0] += id
    hold(id)
    for (let i = 0; i < rearmed; i++) {
      const other = Math.floor((draw() * pending) / 2 ** 32)
      scheduler.cancel(handles[other])
      hold(other)
    }
    if (--left === 0) scheduler.stop()
  })
  const run = (count) => {
    left = count
    scheduler.run()
  }

  for (let id = 0; id < pending; id++) hold(id)
  run(events / 4)
  const start = performance.now()
  run(events)
  const spent = performance.now() - start
  return {
    nanoseconds: (spent * 1e6) / (events * (1 + rearmed)),
    now: scheduler.now,
    checksum: checksum[0],
  }
}

function compile(folder) {
  const program = join(folder, 'hold-model')
  const source = fileURLToPath(new URL('./hold-model.cc', import.meta.url))
  try {
    execFileSync('g++', ['-O2', '-std=c++17', '-o', program, source], { stdio: 'pipe' })
    return program
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

function runProgram(program, { pending, events, rearmed }) {
  const output = execFileSync(program, [pending, events, rearmed].map(String), { encoding: 'utf8' })
  const [nanoseconds, now, checksum] = output.trim().split(' ').map(Number)
  return { nanoseconds, now, checksum }
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}
