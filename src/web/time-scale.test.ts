import { describe, expect, it } from 'vitest';
import {
  barsOf,
  fromLocalInput,
  rangeFor,
  STEPS,
  stepOf,
  timeAt,
  toLocalInput,
} from './time-scale.ts';

const span = { from: 1_000_000, to: 11_000_000 };

describe('the slider', () => {
  it('reaches both ends, and nothing beyond', () => {
    expect([timeAt(0, span), timeAt(STEPS, span)]).toEqual([span.from, span.to]);
    expect([stepOf(0, span), stepOf(99_000_000, span)]).toEqual([0, STEPS]);
    expect(stepOf(5, { from: 7, to: 7 })).toBe(STEPS);
  });

  it('comes back to where it was', () => {
    for (const step of [0, 1, 2_500, 5_000, 9_999, STEPS]) {
      expect(stepOf(timeAt(step, span), span)).toBe(step);
    }
  });

  it('leads on from each step to the next, also within a second', () => {
    const hour = { from: 1_000_123, to: 4_600_123 };
    for (let step = 0; step <= STEPS; step += 1)
      expect(stepOf(timeAt(step, hour), hour)).toBe(step);
  });
});

it('finds the shortest range', () => {
  const now = Date.parse('2026-11-26T12:00:00Z');
  const day = 86_400_000;
  expect(
    [now, now - 3 * day, now - 20 * day, now - 900 * day].map((time) => rangeFor(time, now)),
  ).toEqual(['hour', 'week', 'month', 'year']);
});

it('a time that is typed is the time that is shown', () => {
  const ms = Date.parse('2026-03-29T03:30:15Z');
  expect(fromLocalInput(toLocalInput(ms))).toBe(ms);
  expect(fromLocalInput('nonsense')).toBeUndefined();
});

it('bars show the few beside the many', () => {
  const step = (creates: number) => ({ creates, updates: 0, moves: 0, deletes: 0 });
  expect(barsOf([step(0), step(1), step(100)])).toEqual([0, 0.1, 1]);
  expect(barsOf([step(0)])).toEqual([0]);
});
