const FIRST = 1_000;
const LONGEST = 30_000;

/**
 * Milliseconds to wait before the next try: twice as long each time, and never the same for two browsers that lost the
 * server in one moment. `chance`: from 0 to 1.
 */
export function backoff(attempt: number, chance: number): number {
  const most = Math.min(LONGEST, FIRST * 2 ** Math.min(attempt, 10));
  return Math.round(most / 2 + (most / 2) * chance);
}
