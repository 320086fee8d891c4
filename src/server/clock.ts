import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from './ports.ts';

/** A timer of the runtime holds no more milliseconds than this; a longer one would end at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The machine's clock. `now` may jump, as people and time servers set it; no sleep minds. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep,
};

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  for (let left = ms; left > 0 && !signal?.aborted; left -= LONGEST_TIMER) {
    await wait(Math.min(left, LONGEST_TIMER), undefined, signal && { signal }).catch(() => {});
  }
}
