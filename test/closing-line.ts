import type { Reporter, TestModule } from 'vitest/node'

/** Ends the output with `N passed, N failed, N skipped` alone on a line, for whoever counts tests. */
export class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    for (const module of modules) {
      const states = [...module.children.allTests()].map((test) => test.result().state)
      counts.passed += states.filter((state) => state === 'passed').length
      counts.failed += states.filter((state) => state === 'failed').length
      counts.skipped += states.filter((state) => state === 'skipped').length
      // A file that cannot be loaded and a hook that throws fail without a failed test.
      const groups = [module, ...module.children.allSuites()]
      counts.failed += groups.filter((group) => group.errors().length > 0).length
    }
    const { passed, failed, skipped } = counts
    process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`)
  }
}
