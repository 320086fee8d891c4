import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Failed } from './reporter.ts';
import type { Stage } from './suites.ts';

export interface Suites {
  /** A copy of the checkout. */
  readonly root: string;
  readonly stage: Stage;
  /** Milliseconds after which the run is cut off. */
  readonly limit: number;
  /** So many tests that fail end the run; 0: never. */
  readonly bail: number;
}

/** Runs test files of a copy; answers the tests that fail, and that it did not end in time as one of them. */
export async function runSuites({ root, stage, limit, bail }: Suites): Promise<Failed[]> {
  if (stage.length === 0) return [];
  const failedFile = join(root, 'failed.ndjson');
  rmSync(failedFile, { force: true });
  const data = join(root, 'data');
  mkdirSync(data, { recursive: true });
  const args = ['--maxWorkers=1', `--bail=${bail}`, '--reporter=./test/planted/reporter.ts'];
  const child = spawn(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--configLoader=native', ...args].concat(
      stage,
    ),
    {
      cwd: root,
      stdio: 'ignore',
      detached: true,
      env: {
        ...process.env,
        PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
        XDG_DATA_HOME: data,
        PLANTED_FAILED: failedFile,
      },
    },
  );
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const timer = setTimeout(() => endGroup(child.pid), limit);
  const code = await ended;
  clearTimeout(timer);
  const failed = existsSync(failedFile) ? readFailed(failedFile) : [];
  if (code === null)
    return [...failed, { file: stage.join(' '), test: 'it does not come to an end' }];
  return failed;
}

const readFailed = (file: string): Failed[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** The run and the workers and processes that it started. */
function endGroup(pid: number | undefined): void {
  if (pid !== undefined) process.kill(-pid, 'SIGKILL');
}
