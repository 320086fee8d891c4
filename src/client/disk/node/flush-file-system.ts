import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** Milliseconds that the shell waits for the next question before it is let go. */
const IDLE = 10_000;
/** `$0` is the directory; elsewhere `sync` knows no single file system. */
const SYNC = process.platform === 'linux' ? 'sync -f -- "$0"' : 'sync';
/** For each line that it reads it asks the system, and then says a line. */
const SCRIPT = `while read -r _; do ${SYNC}; echo; done`;

type Shell = ChildProcessByStdio<Writable, Readable, null>;

/**
 * Asks the system to make everything durable that anybody wrote to this file system. A shell waits for the questions: to
 * begin a new program for each would copy the page tables of all our memory each time, and nothing else would go on
 * meanwhile. It ends with us, and when it was not asked for a while.
 */
class FileSystemFlush {
  readonly #root: string;
  readonly #waiting: (() => void)[] = [];
  #shell: Shell | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  /** Resolves also where it did not work: whoever has to know asks each file. */
  ask(): Promise<void> {
    clearTimeout(this.#idle);
    const shell = this.#shell ?? this.#begin();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      keepUsAlive(shell, true);
      shell.stdin.write('\n');
    });
  }

  #begin(): Shell {
    const shell = spawn('sh', ['-c', SCRIPT, this.#root], { stdio: ['pipe', 'pipe', 'ignore'] });
    this.#shell = shell;
    const over = (): void => this.#isOver(shell);
    shell.once('error', over).once('close', over);
    shell.stdin.on('error', over);
    shell.stdout.on('data', (lines: Buffer) => this.#heard(lines.length));
    return shell;
  }

  #heard(answers: number): void {
    for (const resolve of this.#waiting.splice(0, answers)) resolve();
    if (this.#shell === undefined || this.#waiting.length > 0) return;
    keepUsAlive(this.#shell, false);
    this.#idle = setTimeout(() => this.#shell?.stdin.end(), IDLE).unref();
  }

  #isOver(shell: Shell): void {
    if (this.#shell !== shell) return;
    this.#shell = undefined;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** Only whoever waits for an answer has a reason to stay. */
function keepUsAlive(shell: Shell, isAsked: boolean): void {
  for (const one of [shell, shell.stdin, shell.stdout] as readonly {
    ref?(): void;
    unref?(): void;
  }[])
    if (isAsked) one.ref?.();
    else one.unref?.();
}

const flushes = new Map<string, FileSystemFlush>();

/** Nothing where the system cannot be asked, as on Windows. */
export async function flushFileSystem(root: string): Promise<void> {
  if (process.platform === 'win32') return;
  const flush = flushes.get(root) ?? new FileSystemFlush(root);
  flushes.set(root, flush);
  await flush.ask();
}
