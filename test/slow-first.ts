import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Minutes of runs, in files that are themselves short. */
const SLOW = [
  'properties/random-runs.test.ts',
  'gallery.test.ts',
  'readme-commands.test.ts',
  'scenarios/opposing.test.ts',
  'properties/region-server-runs.test.ts',
  'mistakes/mistakes.test.ts',
  'properties/replica-runs.test.ts',
  'simulation/hand-computed-replicas.test.ts',
  'simulation/replicas.test.ts',
  'report/page-in-browsers.test.ts',
  'properties/closed-loop-runs.test.ts',
  'simulation/closed-loop.test.ts',
  'determinism/determinism.test.ts',
  'simulation/properties.test.ts',
  'measure/injected-disasters.test.ts',
]

/** Begins with what takes longest, so that all cores have work to the end. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const slow = SLOW.flatMap((name) => sorted.filter((file) => file.moduleId.endsWith(name)))
    return [...slow, ...sorted.filter((file) => !slow.includes(file))]
  }
}
