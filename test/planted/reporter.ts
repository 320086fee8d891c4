import { appendFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

export interface Failed {
  /** From the root of the checkout, with `/`. */
  readonly file: string;
  readonly test: string;
}

/** Writes each test that fails down at once: a run that never ends is cut off, and has told by then. */
export default class PlantedReporter implements Reporter {
  onTestCaseResult(test: TestCase): void {
    if (test.result().state !== 'failed') return;
    tell({ file: test.module.relativeModuleId, test: test.fullName });
  }

  /** A file that cannot even be loaded has no test that fails. */
  onTestModuleEnd(module: TestModule): void {
    if (module.errors().length === 0) return;
    tell({ file: module.relativeModuleId, test: '(the whole file)' });
  }
}

function tell(failed: Failed): void {
  appendFileSync(process.env.PLANTED_FAILED ?? '/dev/null', `${JSON.stringify(failed)}\n`);
}
