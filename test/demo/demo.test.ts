import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../end-to-end/processes.ts';
import { ROOT } from '../house/source.ts';

let directory: string;
let demo: Demo | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'syncer-'));
});
afterEach(async () => {
  await demo?.stop();
  rmSync(directory, { recursive: true });
});

/** `npm start`, which ends by itself. */
class Demo {
  output = '';
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(seconds: number) {
    const times = { SYNCER_DEMO_SECONDS: String(seconds), SYNCER_DEMO_DIRECTORY: directory };
    this.#child = spawn(
      process.execPath,
      [join(ROOT, 'bin/run.js'), join(ROOT, 'test/demo/main.ts')],
      {
        env: { ...process.env, ...times },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (bytes) => {
        this.output += String(bytes);
      });
    }
    this.ended = once(this.#child, 'close').then(([code]) => code);
  }

  async stop(): Promise<number | null> {
    this.#child.kill('SIGINT');
    return await this.ended;
  }
}

const at = (path: string): string => join(directory, path);

it('shows what is written into one directory in the other, and stops at Ctrl-C; a second run goes on', async () => {
  demo = new Demo(100);
  const what = (): string => demo?.output ?? '';
  await until(() => existsSync(at('ben/notes/plans/summer.md')), { what });
  expect(demo.output).toContain(`ben's directory   ${at('ben')}`);
  writeFileSync(at('ben/hello.txt'), 'hello');
  await until(() => existsSync(at('anna/hello.txt')), { what });
  expect(readFileSync(at('anna/hello.txt'), 'utf8')).toBe('hello');
  await until(() => /^anna │ ← received {2}create {2}hello\.txt {2}5 B$/m.test(what()), { what });
  expect(await demo.stop()).toBe(0);
  expect(demo.output).toContain('Stopped.');

  rmSync(at('anna/welcome.txt'));
  demo = new Demo(100);
  await until(() => !existsSync(at('ben/welcome.txt')), { what });
  expect(existsSync(at('anna/welcome.txt'))).toBe(false);
  expect(await demo.stop()).toBe(0);
}, 120_000);

it('ends by itself after the time that was given', async () => {
  demo = new Demo(1);
  expect(await demo.ended).toBe(0);
  expect(demo.output).toContain('1 seconds are over.');
});
