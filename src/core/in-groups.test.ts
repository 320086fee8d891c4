import { describe, expect, it } from 'vitest';
import { type GroupLimit, inGroups } from './in-groups.ts';

const grouped = (sizes: readonly number[], limit: GroupLimit): number[][] => [
  ...inGroups(sizes, limit, (size) => size),
];

describe('inGroups', () => {
  it('of none is no group', () => {
    expect(grouped([], { size: 10 })).toEqual([]);
  });

  it('holds what fits exactly, in order', () => {
    expect(grouped([4, 6, 1, 9, 1], { size: 10 })).toEqual([[4, 6], [1, 9], [1]]);
  });

  it('what is larger than a group may be is one of its own', () => {
    expect(grouped([3, 11, 3, 3], { size: 10 })).toEqual([[3], [11], [3, 3]]);
    expect(grouped([11], { size: 10 })).toEqual([[11]]);
  });

  it('holds no more than so many', () => {
    expect(grouped([0, 0, 0, 0, 0], { size: 10, count: 2 })).toEqual([[0, 0], [0, 0], [0]]);
    expect(grouped([9, 9, 0, 0], { size: 10, count: 2 })).toEqual([[9], [9, 0], [0]]);
  });
});
