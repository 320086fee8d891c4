export interface Patience {
  readonly seconds: number;
  /** Milliseconds between two looks. */
  readonly every: number;
  /** What is not so, for the message. */
  readonly what: string;
}

export class TooLate extends Error {}

/** Waits for something to become so. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  { seconds, every, what }: Patience,
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await isSo())) {
    if (performance.now() > end) throw new TooLate(`After ${seconds} s still not: ${what}`);
    await sleep(every);
  }
}

export const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));
