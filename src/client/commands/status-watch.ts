import { setTimeout } from 'node:timers/promises';
import { type Located, readConfig } from '../config.ts';
import { changeText, type LiveView, liveLine, liveLines } from '../live-text.ts';
import { printable } from '../printable.ts';
import { RecentChanges } from '../recent-changes.ts';
import { stateHome } from '../state-home.ts';
import { readStatus } from '../status-file.ts';
import { onClosedOutput, onStopSignal } from './stop-signals.ts';

/** Between two looks at the status file, in milliseconds. */
const EVERY = 250;

/** Shows how things stand, again and again, until a signal, or `q` at a terminal. */
export async function statusWatch({ config }: { readonly config: string }): Promise<number> {
  const located = readConfig(config);
  const home = stateHome(located.directory);
  const recent = new RecentChanges(home.log);
  const view = (): LiveView =>
    viewOf(located, {
      left: readStatus(home.status),
      changes: recent.look(),
      now: Date.now(),
    });
  const stopping = new AbortController();
  onStopSignal(() => stopping.abort());
  onClosedOutput(() => stopping.abort());
  const { stdin, stdout } = process;
  const write = (text: string): void => void stdout.write(text);
  const drawing = stdout.isTTY
    ? new Screen({ write, size: () => sizeOf(stdout) })
    : new Lines({ write });
  if (stdin.isTTY && stdout.isTTY) onKeys(stdin, () => stopping.abort());
  try {
    for (;;) {
      drawing.draw(view());
      if (stopping.signal.aborted) break;
      await pause(stopping.signal);
    }
  } finally {
    drawing.end();
    stdin.pause();
  }
  return 0;
}

/** Some terminals do not say how large they are. */
const sizeOf = ({ columns, rows }: typeof process.stdout) => ({
  columns: columns || 80,
  rows: rows || 24,
});

type Seen = Pick<LiveView, 'left' | 'changes' | 'now'>;

const viewOf = ({ config, directory, server }: Located, seen: Seen): LiveView => ({
  ...{ clientName: config.client_name, directory, server },
  ...seen,
});

/** Aborted, it ends at once. */
const pause = (signal: AbortSignal): Promise<void> =>
  setTimeout(EVERY, undefined, { signal }).catch(() => undefined);

/** With Ctrl-C and Ctrl-D. */
const ENDING: ReadonlySet<string> = new Set(['q', 'Q', '\u0003', '\u0004']);

/** In raw mode Ctrl-C is a key like any other. */
function onKeys(stdin: NodeJS.ReadStream, stop: () => void): void {
  stdin.setRawMode(true);
  stdin.on('data', (keys) => {
    if ([...String(keys)].some((key) => ENDING.has(key))) stop();
  });
  process.once('exit', () => stdin.setRawMode(false));
}

interface Terminal {
  readonly write: (text: string) => void;
  readonly size: () => { readonly columns: number; readonly rows: number };
}

/** A view that is drawn in its place, and only when it is another. The last one stays on the screen. */
export class Screen {
  readonly #terminal: Terminal;
  #drawn: readonly string[] = [];

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  draw(view: LiveView): void {
    const { columns, rows } = this.#terminal.size();
    const fitting = [...liveLines(view), '', 'q ends this view; the client goes on.'];
    const lines = fitting.slice(0, Math.max(1, rows - 1)).map((line) => cut(line, columns));
    if (lines.join('\n') === this.#drawn.join('\n')) return;
    const up = this.#drawn.length === 0 ? HIDE_CURSOR : `\u001b[${this.#drawn.length}A`;
    this.#terminal.write(`${up}\r${CLEAR_BELOW}${lines.map((line) => `${line}\n`).join('')}`);
    this.#drawn = lines;
  }

  end(): void {
    this.#terminal.write(SHOW_CURSOR);
  }
}

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const CLEAR_BELOW = '\u001b[J';

/** A line that wraps would be two, and the next drawing one line off. */
const cut = (line: string, columns: number): string => {
  const letters = [...line];
  return letters.length < columns
    ? line
    : `${letters.slice(0, Math.max(0, columns - 2)).join('')}…`;
};

/** For what is not a terminal: a line when how it stands is another, and one for each change. */
export class Lines {
  readonly #write: Terminal['write'];
  #said = '';
  #last: number | undefined;

  constructor({ write }: Pick<Terminal, 'write'>) {
    this.#write = write;
  }

  draw(view: LiveView): void {
    const since = this.#last ?? view.now;
    const fresh = view.changes.filter(({ time }) => time > since);
    this.#last = Math.max(since, ...fresh.map(({ time }) => time));
    for (const change of fresh) this.#write(`${printable(changeText(change))}\n`);
    const line = liveLine(view);
    if (line !== this.#said) this.#write(`${line}\n`);
    this.#said = line;
  }

  end(): void {}
}
