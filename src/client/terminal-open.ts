import type { WriteStream } from 'node:tty';
import { Terminal } from './terminal.ts';
import { barView, type ProgressView, plainView } from './terminal-progress.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Colours are for terminals; `NO_COLOR` and `FORCE_COLOR` have the last word, in this order. */
export function isColoured(stream: { isTTY?: boolean }, environment: Environment): boolean {
  if ((environment.NO_COLOR ?? '') !== '') return false;
  if ((environment.FORCE_COLOR ?? '0') !== '0') return true;
  return stream.isTTY === true && environment.TERM !== 'dumb';
}

interface Opening {
  readonly verbose: boolean;
  readonly server: string;
}

/** The terminal of this process, or what stands in its place. */
export async function openTerminal(options: Opening): Promise<Terminal & { view: ProgressView }> {
  const { stdout, env } = process;
  const view = stdout.isTTY ? await openBars(stdout) : plainView(writeOut, Date.now);
  const terminal = new Terminal({ ...options, view, isColoured: isColoured(stdout, env) });
  return Object.assign(terminal, { view });
}

const writeOut = (text: string): void => void process.stdout.write(text);

async function openBars(stream: WriteStream): Promise<ProgressView> {
  const { default: progress } = await import('cli-progress');
  const open = (): InstanceType<typeof progress.MultiBar> =>
    new progress.MultiBar({
      stream,
      format: '  {bar} {text}',
      barsize: 20,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      hideCursor: true,
      clearOnComplete: true,
      emptyOnZero: true,
      gracefulExit: false,
    });
  return barView(writeOut, { now: Date.now, open });
}
