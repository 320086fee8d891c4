import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../house/source.ts';

export interface DemoProcessOptions {
  /** One of our programs, and its arguments. */
  readonly command: readonly [program: string, ...args: string[]];
  /** What it is to find in its environment, beside what is not ours. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
}

/** One of our programs, as a person would run it. */
export class DemoProcess {
  /** The exit code. One that was told to stop before it could listen has stopped, too: 0. */
  readonly ended: Promise<number>;
  readonly #child: ChildProcess;

  constructor({ command: [program, ...args], environment = {}, onLine }: DemoProcessOptions) {
    this.#child = spawn(process.execPath, [join(ROOT, 'bin', `${program}.js`), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...foreignEnvironment(), ...environment },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', onLine);
    }
    this.ended = once(this.#child, 'close').then(
      ([code, signal]) => code ?? (signal === 'SIGTERM' ? 0 : 1),
    );
  }

  /** Lets it end in good order. */
  async stop(): Promise<number> {
    this.#child.kill('SIGTERM');
    return await this.ended;
  }
}

/** What is set for a server or a client of the person who runs this is not meant for ours. */
function foreignEnvironment(): NodeJS.ProcessEnv {
  const all = Object.entries(process.env);
  return Object.fromEntries(all.filter(([name]) => !name.startsWith('SYNCER_')));
}
