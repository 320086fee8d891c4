import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Failed } from './reporter.ts';
import type { Stage } from './suites.ts';

export interface Suites {
  /** A copy of the checkout. */
  readonly root: string;
  readonly stage: Stage;
  /** Test files that are not run, though the stage names them. */
  readonly without?: Stage;
  /** Milliseconds after which the run is cut off. */
  readonly limit: number;
  /** So many tests that fail end the run; 0: never. */
  readonly bail: number;
}

/** Instead of test files: so many lives by chance. */
export const SIMULATION: Stage = ['test/simulation/main.ts', '--seeds', '40', '--workers', '1'];

/** Runs test files of a copy; answers the tests that fail, and that it did not end in time as one of them. */
export async function runSuites(suites: Suites): Promise<Failed[]> {
  const { stage } = suites;
  if (stage.length === 0) return [];
  if (stage === SIMULATION) return await runSimulation(suites);
  return await runTests(suites);
}

const ENDLESS = 'it does not come to an end';

async function runSimulation(suites: Suites): Promise<Failed[]> {
  const { code, text } = await run(suites, [...SIMULATION, '--no-shrink'], {});
  const seeds = text.match(/seed \d+ failed/g) ?? [];
  return [...seeds, ...(code === null ? [ENDLESS] : [])].map((test) => ({
    file: 'test/simulation',
    test,
  }));
}

async function runTests(suites: Suites): Promise<Failed[]> {
  const { root, stage, without = [], bail } = suites;
  const failedFile = join(root, 'failed.ndjson');
  rmSync(failedFile, { force: true });
  const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--configLoader=native'];
  const how = ['--maxWorkers=1', `--bail=${bail}`, '--reporter=./test/planted/reporter.ts'];
  const left = without.map((one) => `--exclude=${one}`);
  // What watches the disk has to come before what it watches.
  const alone = stage.some((one) => one.includes('durability')) ? [] : ['--no-isolate'];
  const { code } = await run(suites, [...vitest, ...how, ...alone, ...left, ...stage], {
    PLANTED_FAILED: failedFile,
  });
  const failed = existsSync(failedFile) ? readFailed(failedFile) : [];
  return code === null ? [...failed, { file: stage.join(' '), test: ENDLESS }] : failed;
}

interface Ended {
  /** null: it was cut off. */
  readonly code: number | null;
  readonly text: string;
}

async function run(
  { root, limit }: Suites,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Ended> {
  const data = join(root, 'data');
  mkdirSync(data, { recursive: true });
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
    env: { ...process.env, PATH: path, XDG_DATA_HOME: data, ...env },
  });
  const parts: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (part: string) => parts.push(part));
  const timer = setTimeout(() => endGroup(child.pid), limit);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  return { code, text: parts.join('') };
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
