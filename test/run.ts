// What `npm test` runs: types, house style, the web app's build, tests, the simulation. With arguments, only the tests that these name to vitest.
// The last line says how much of it passed; a step counts as one, a test as one.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { checkTypes } from './check-types.ts';
import { ROOT } from './house/source.ts';

interface Outcome {
  readonly passed: number;
  readonly failed: number;
}

interface Surroundings {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Of the simulation in every run; each is run twice. */
const SEEDS = process.env.SYNCER_SEEDS ?? '10000';

type Run = (script: string, args: readonly string[], within?: Surroundings) => Promise<boolean>;

/** Runs a program of `node_modules` under this very Node, and answers whether it was content. */
const run: Run = (script, args, within) =>
  runScript(join(ROOT, 'node_modules', script), args, within);

/** A script of ours, the same way. */
const runScript: Run = (script, args, { cwd = ROOT, env = {} } = {}) => {
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    env: { ...process.env, ...env, PATH: path },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(error.message);
      resolve(false);
    });
    child.once('close', (code) => resolve(code === 0));
  });
};

const oneOf = (isContent: boolean): Outcome =>
  isContent ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };

async function runTests(filters: readonly string[]): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'syncer-'));
  const file = join(folder, 'outcome.json');
  const args = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...filters];
  // Nothing is written to the checkout or to the home of who runs this: neither may be writable.
  const env = { XDG_DATA_HOME: join(folder, 'data') };
  try {
    const isContent = await run('vitest/vitest.mjs', ['run', '--configLoader=native', ...args], {
      env,
    });
    const { passed, failed } = readOutcome(file);
    return { passed, failed: isContent ? failed : Math.max(failed, 1) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file that failed before its first test counts as one; no outcome at all: vitest itself did not live. */
function readOutcome(file: string): Outcome {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(file, 'utf8'));
    const broken = testResults.filter(
      (each: { status: string; assertionResults: unknown[] }) =>
        each.status === 'failed' && each.assertionResults.length === 0,
    );
    return { passed: numPassedTests, failed: numFailedTests + broken.length };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

const simulate = (): Promise<boolean> =>
  runScript(join(ROOT, 'test/simulation/main.ts'), ['--seeds', SEEDS]);

const filters = process.argv.slice(2);
const tests = { name: 'tests', step: () => runTests(filters) };
const steps =
  filters.length > 0
    ? [tests]
    : [
        { name: 'types', step: async () => oneOf(await checkTypes(run)) },
        {
          name: 'style',
          step: async () =>
            oneOf(await run('@biomejs/biome/bin/biome', ['check', '--error-on-warnings'])),
        },
        {
          name: 'web app',
          step: async () => oneOf(await runScript(join(ROOT, 'bin/build-web.js'), [])),
        },
        tests,
        { name: 'simulation', step: async () => oneOf(await simulate()) },
      ];

let passed = 0;
let failed = 0;
const unhappy: string[] = [];
for (const { name, step } of steps) {
  console.log(`\n── ${name}`);
  const outcome = await step();
  passed += outcome.passed;
  failed += outcome.failed;
  if (outcome.failed > 0) unhappy.push(name);
}

console.log(unhappy.length > 0 ? `\nFailed: ${unhappy.join(', ')}.` : '\nAll is well.');
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
