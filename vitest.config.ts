import { defineConfig } from 'vitest/config'
import { ClosingLine } from './test/closing-line.js'
import { SlowFirst } from './test/slow-first.js'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: '100%',
    // No module holds state, so test files may share what they have loaded.
    isolate: false,
    restoreMocks: true,
    sequence: { sequencer: SlowFirst },
    reporters: ['default', new ClosingLine()],
  },
})
