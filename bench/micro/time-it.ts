import { median, range } from '../report/statistics.ts';

export interface Timed {
  readonly what: string;
  /** Milliseconds of one, and the least and the most. */
  readonly ms: number;
  readonly spread: readonly [number, number];
  /** How many one run does of the unit, where that says more than its time. */
  readonly amount?: { readonly count: number; readonly unit: string };
}

export interface Timing {
  readonly what: string;
  /** Does it once. */
  readonly run: () => unknown;
  readonly amount?: { readonly count: number; readonly unit: string };
  readonly times?: number;
}

/** Runs it until it is warm, and then so many times. */
export async function timeIt({ what, run, amount, times = 9 }: Timing): Promise<Timed> {
  const found: number[] = [];
  for (let turn = -2; turn < times; turn += 1) {
    const begin = performance.now();
    await run();
    if (turn >= 0) found.push(performance.now() - begin);
  }
  return { what, ms: median(found), spread: range(found), ...(amount && { amount }) };
}
