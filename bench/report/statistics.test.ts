import { describe, expect, it } from 'vitest';
import { median, quantile, range } from './statistics.ts';

describe('of several figures', () => {
  it('the median is the middle one, or lies between the two', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('a quantile lies where that part of them is below it', () => {
    const hundred = Array.from({ length: 101 }, (_, at) => at);
    expect(quantile(hundred, 0.99)).toBe(99);
    expect(quantile([0, 10], 0.25)).toBe(2.5);
  });

  it('the least and the most are told', () => {
    expect(range([2, 3, 1])).toEqual([1, 3]);
  });
});

it('of no figure there is none', () => {
  expect(median([])).toBeNaN();
  expect(range([])).toEqual([Number.NaN, Number.NaN]);
});
