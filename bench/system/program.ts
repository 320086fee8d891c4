import { type ChildProcess, spawn } from 'node:child_process';
import { until } from './until.ts';
import { cpuSeconds, forgetPeak, memory } from './usage.ts';

/** On whose behalf a program works. */
export type Role = 'server' | 'A' | 'B';

export interface Launch {
  readonly role: Role;
  /** With what puts it on its host. */
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it is to wait for `letGo`. What is a socket there makes some daemons think of inetd. */
  readonly waits?: boolean;
}

const running = new Set<Program>();

/** Ends whatever still runs, by id; each with what it started. At once, so that it serves an exit too. */
export function endAll(): void {
  for (const program of running) program.kill();
}

/** One process of us or of a peer, in a group of its own. */
export class Program {
  readonly role: Role;
  output = '';
  /** CPU seconds and bytes at the last look; final once it has ended. */
  #cpu = 0;
  #peak = 0;
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;

  constructor({ role, command: [file = '', ...args], cwd, env, waits = false }: Launch) {
    this.role = role;
    this.#child = spawn(file, args, {
      cwd,
      env: { ...process.env, NO_COLOR: '1', ...env },
      stdio: [waits ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      detached: true,
    });
    running.add(this);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (bytes) => {
        // The end of what it says suffices for a message.
        this.output = (this.output + String(bytes)).slice(-64_000);
      });
    }
    this.#ended = new Promise((resolve) => {
      this.#child.on('error', (error) => {
        this.output += error.message;
        resolve(null);
      });
      this.#child.on('close', resolve);
    });
    void this.#ended.then(() => running.delete(this));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.pid !== 0 && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  cpu(): number {
    if (this.isRunning) this.#cpu = Math.max(this.#cpu, cpuSeconds(this.pid));
    return this.#cpu;
  }

  peak(): number {
    if (this.isRunning) this.#peak = Math.max(this.#peak, memory(this.pid, 'VmHWM'));
    return this.#peak;
  }

  forgetPeak(): void {
    if (this.isRunning) forgetPeak(this.pid);
    this.#peak = 0;
  }

  async says(pattern: RegExp, seconds = 30): Promise<RegExpMatchArray> {
    let found: RegExpMatchArray | null = null;
    await until(
      () => {
        found = this.output.match(pattern);
        return found !== null || !this.isRunning;
      },
      { seconds, every: 5, what: `${pattern} in what it says:\n${this.output}` },
    );
    if (found === null) throw new Error(`It ended without ${pattern}:\n${this.output}`);
    return found;
  }

  /** SIGTERM, and SIGKILL for who does not heed it. */
  async stop(seconds = 15): Promise<void> {
    this.cpu();
    this.peak();
    this.#child.kill('SIGTERM');
    const late = setTimeout(() => this.kill(), seconds * 1000);
    await this.#ended;
    clearTimeout(late);
  }

  /** The whole group, whether or not its first process still is. Twice is once. */
  kill(): void {
    if (!this.isRunning) return;
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // It ended meanwhile.
    }
  }

  /** To the standard input of one that waits. */
  write(text: string): void {
    this.#child.stdin?.write(text);
  }

  /** For a shell that waits for a line before it ends. */
  letGo(): void {
    this.#child.stdin?.end();
  }
}

/**
 * Runs a command to its end. A shell stays behind it until its CPU seconds have been read: a process
 * that was waited for is in its parent's account only.
 */
export async function runToEnd(launch: Launch, keep: (program: Program) => void): Promise<void> {
  const shell = ['sh', '-c', '"$@"; echo "<ended: $?>"; read -r _', 'sh', ...launch.command];
  const program = new Program({ ...launch, command: shell, waits: true });
  keep(program);
  const [, code = ''] = await program.says(/<ended: (\d+)>/, 1800);
  program.cpu();
  program.letGo();
  if (code !== '0')
    throw new Error(`${launch.command.join(' ')} ended with ${code}:\n${program.output}`);
}
