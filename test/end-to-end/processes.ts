import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A scratch place for one test, with everything it started. */
export class Bench {
  readonly directory: string;
  /** Who runs what is started from now on; undefined: who runs this. */
  user: { readonly uid: number; readonly gid: number } | undefined;
  /** More of the environment of what is started from now on. */
  env: Readonly<Record<string, string>> = {};
  readonly #running: Program[] = [];

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async open(): Promise<Bench> {
    return new Bench(await mkdtemp(join(tmpdir(), 'syncer-')));
  }

  /** Ends what still runs, and removes all files. */
  async close(): Promise<void> {
    await Promise.all(this.#running.map((program) => program.kill()));
    await rm(this.directory, { recursive: true, force: true });
  }

  async server(options: readonly string[] = [], port = 0): Promise<RunningServer> {
    const data = join(this.directory, 'server');
    const args = ['--port', String(port), '--sync-directory', data, ...options];
    const program = this.#start('syncer-server', args);
    const [, found = ''] = await program.says(/listening on http:\/\/[^:\s]+:(\d+)/);
    return { program, port: Number(found), url: `http://localhost:${found}` };
  }

  /** Writes the configuration of a client, makes its directory, and answers how to start it. */
  async client(name: string, { port }: { port: number }, more = ''): Promise<ClientHome> {
    const home = join(this.directory, name);
    const directory = join(home, 'files');
    await mkdir(directory, { recursive: true });
    const config = join(home, 'config.yaml');
    await writeFile(
      config,
      `client_name: ${name}\nsync_directory: ./files\nserver_port: ${port}\n${more}`,
    );
    return {
      name,
      directory,
      config,
      start: () => this.run('syncer-client', 'start', '-c', config),
    };
  }

  run(command: string, ...args: string[]): Program {
    return this.#start(command, args);
  }

  #start(command: string, args: readonly string[]): Program {
    const state = join(this.directory, 'state');
    const env = { ...process.env, SYNCER_STATE_HOME: state, NO_COLOR: '1', ...this.env };
    const program = new Program([join(ROOT, 'bin', `${command}.js`), ...args], {
      cwd: this.directory,
      env,
      ...this.user,
    });
    this.#running.push(program);
    return program;
  }
}

export interface RunningServer {
  readonly program: Program;
  readonly port: number;
  readonly url: string;
}

export interface ClientHome {
  readonly name: string;
  readonly directory: string;
  readonly config: string;
  start(): Program;
}

/** One of our programs as a real process. */
export class Program {
  output = '';
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;

  constructor(args: readonly string[], options: SpawnOptions) {
    this.#child = spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (bytes) => {
        this.output += String(bytes);
      });
    }
    this.#ended = new Promise((resolve) => {
      this.#child.on('close', (code) => resolve(code));
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The exit code; null when a signal ended it. */
  ended(): Promise<number | null> {
    return this.#ended;
  }

  async says(pattern: RegExp, seconds = 30): Promise<RegExpMatchArray> {
    let found: RegExpMatchArray | null = null;
    await until(
      () => {
        found = this.output.match(pattern);
        return found !== null || !this.isRunning;
      },
      { seconds, what: () => `${pattern} in:\n${this.output}` },
    );
    if (found === null) throw new Error(`It ended without ${pattern}:\n${this.output}`);
    return found;
  }

  /** Nothing, when it has ended. */
  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** SIGTERM; answers the exit code. */
  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    return await this.#ended;
  }

  /** SIGKILL: no chance to tidy up. */
  async kill(): Promise<void> {
    if (this.isRunning) this.#child.kill('SIGKILL');
    await this.#ended;
  }
}

export interface Patience {
  readonly seconds?: number;
  /** Milliseconds between two looks. */
  readonly every?: number;
  /** What is not so, for the message. */
  readonly what?: () => string;
}

/** Waits for something to become so; looks often. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  { seconds = 30, every = 20, what = () => String(isSo) }: Patience = {},
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`After ${seconds} s still not: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}
