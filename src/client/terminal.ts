import { createColors } from 'picocolors';
import type { News } from './news.ts';
import { printable } from './printable.ts';
import { bytesText, countText } from './quantity.ts';
import type { Happening } from './session.ts';
import { holdText } from './show-hold.ts';
import type { ProgressView } from './terminal-progress.ts';

export interface TerminalOptions {
  readonly view: ProgressView;
  readonly isColoured: boolean;
  readonly verbose: boolean;
  /** `host:port`. */
  readonly server: string;
}

type Paint = ReturnType<typeof createColors>;

/** Shows the news to a person: one line each, and how far a long step is. */
export class Terminal {
  readonly #options: TerminalOptions;
  readonly #paint: Paint;

  constructor(options: TerminalOptions) {
    this.#options = options;
    this.#paint = createColors(options.isColoured);
  }

  tell(news: News): void {
    const { view, verbose } = this.#options;
    if (news.type === 'progressed') {
      view.show(news.progress);
    } else if (news.type !== 'detail' || verbose) {
      if (ENDS_A_STEP.has(news.type)) view.end();
      view.line(this.#line(news));
    }
  }

  #line(news: Exclude<News, { type: 'progressed' }>): string {
    const { green, red, yellow, dim } = this.#paint;
    const { server } = this.#options;
    switch (news.type) {
      case 'changed':
        return changeLine(news.happening, this.#paint);
      case 'connected':
        return green(`● connected to ${printable(server)}`);
      case 'offline':
        return yellow(
          `○ offline (${printable(server)}): ${printable(sentence(news.reason))} It keeps trying.`,
        );
      case 'halted':
        return red(`■ halted: ${printable(news.reason)}`);
      case 'in_sync':
        return green(`✓ in sync: ${countText(news.files, 'file')}, ${bytesText(news.bytes)}`);
      case 'problem':
        return yellow(`! ${printable(news.problem.path)}: ${printable(news.problem.message)}`);
      case 'held':
        return yellow(`? ${holdText(news.hold)} You are asked: syncer-client held`);
      case 'released':
        return green('✓ no longer held: it was approved or undone, or came to nothing');
      case 'solved':
        return green(`✓ ${printable(news.problem.path)}: no longer a problem`);
      case 'said':
        return this.#said(news);
      case 'detail':
        return dim(`· ${printable(news.text)}`);
    }
  }

  #said({ level, text }: Extract<News, { type: 'said' }>): string {
    const { red, yellow } = this.#paint;
    const shown = text.split('\n').map(printable).join('\n');
    if (level === 'error') return red(`error: ${shown}`);
    return level === 'warning' ? yellow(`warning: ${shown}`) : shown;
  }
}

/** What others say may end in a full stop or not. */
const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

const ENDS_A_STEP: ReadonlySet<News['type']> = new Set(['in_sync', 'offline', 'halted']);

/** `→ sent      update  docs/report.txt  1.2 KiB`, `← received  move    a → b`. */
function changeLine(
  { direction, operation, path, oldPath, size }: Happening,
  paint: Paint,
): string {
  const arrow = direction === 'sent' ? paint.cyan('→') : paint.magenta('←');
  const way =
    oldPath === undefined ? printable(path) : `${printable(oldPath)} → ${printable(path)}`;
  const amount = size > 0 && operation !== 'delete' ? `  ${paint.dim(bytesText(size))}` : '';
  return `${arrow} ${direction.padEnd(8)}  ${operation.padEnd(6)}  ${way}${amount}`;
}
