import { appendFileSync } from 'node:fs';
import type { Reporter, TestCase } from 'vitest/node';

export interface Failed {
  /** From the root of the checkout, with `/`. */
  readonly file: string;
  readonly test: string;
}

/**
 * Writes each test that fails down at once: a run that never ends is cut off, and has told by then. That a file
 * cannot be loaded is no catch: what is planted has to run.
 */
export default class PlantedReporter implements Reporter {
  onTestCaseResult(test: TestCase): void {
    if (test.result().state !== 'failed') return;
    tell({ file: test.module.relativeModuleId, test: test.fullName });
  }
}

function tell(failed: Failed): void {
  appendFileSync(process.env.PLANTED_FAILED ?? '/dev/null', `${JSON.stringify(failed)}\n`);
}
