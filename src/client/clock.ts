import type { Clock } from './ports.ts';

/** The machine's clock. A sleep longer than 24 days ends after 24 days: timers count no further. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.min(ms, LONGEST));
      signal?.addEventListener('abort', wake, { once: true });
    });
  },
};

const LONGEST = 2 ** 31 - 1;
