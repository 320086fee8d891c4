import type { CheckProgress } from '../check.ts';
import type { CopyProgress } from '../copy-packs.ts';

type Progress =
  | CheckProgress
  | ({ readonly step: 'copy' } & CopyProgress)
  | { readonly step: 'verify'; readonly chunks: number; readonly chunksTotal: number };

interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Milliseconds between two looks of a person. */
const PAUSE = 100;

/** How far a long step is, on one line of a terminal; nothing where there is none. */
export class ProgressLine {
  readonly #output: Output;
  readonly #now: () => number;
  #shown = 0;
  #isOpen = false;

  constructor(output: Output, now: () => number) {
    this.#output = output;
    this.#now = now;
  }

  show(progress: Progress): void {
    const now = this.#now();
    if (this.#output.isTTY !== true || now - this.#shown < PAUSE) return;
    this.#shown = now;
    this.#isOpen = true;
    this.#output.write(`\r\u001b[K${textOf(progress)}`);
  }

  /** Twice is once. */
  end(): void {
    if (this.#isOpen) this.#output.write('\r\u001b[K');
    this.#isOpen = false;
  }
}

function textOf(progress: Progress): string {
  if (progress.step === 'verify') {
    return `verifying: ${progress.chunks} of ${progress.chunksTotal} chunks`;
  }
  if (progress.step !== 'copy') return `checking the ${progress.step}: ${progress.done || '…'}`;
  const { packs, packsTotal, bytes } = progress;
  return `copying: ${packs} of ${packsTotal} packs, ${sizeText(bytes)}`;
}

export const sizeText = (bytes: number): string =>
  bytes < 2 ** 30 ? `${(bytes / 2 ** 20).toFixed(1)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
