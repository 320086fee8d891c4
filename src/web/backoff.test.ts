import { expect, it } from 'vitest';
import { backoff } from './backoff.ts';

it('waits longer each time, up to half a minute, and never for nothing', () => {
  expect([0, 1, 2, 3].map((attempt) => backoff(attempt, 1))).toEqual([1000, 2000, 4000, 8000]);
  expect(backoff(1000, 1)).toBe(30_000);
  expect(backoff(0, 0)).toBe(500);
});
