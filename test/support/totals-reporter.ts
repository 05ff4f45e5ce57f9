import type { Reporter, TestModule } from 'vitest/node';

/** Ends a run with one line that a person, a script and CI can read: `N passed, N failed, N skipped`. */
export default class TotalsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const totals = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') totals.passed += 1;
        else if (state === 'skipped') totals.skipped += 1;
        else totals.failed += 1;
      }
      const brokeBeforeItsTests = module.state() === 'failed' && [...module.children.allTests('failed')].length === 0;
      if (brokeBeforeItsTests) totals.failed += 1;
    }
    // The default reporter prints its summary in the same turn; ours is the last line.
    process.on('exit', () =>
      process.stdout.write(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`),
    );
  }
}
