import { expect, it } from 'vitest';
import { type Diff3, mergeRegions } from './merge-regions.ts';

// What the library's comparison comes to is tried in src/client/merge-text.test.ts; here is what is made of its answer.

const lines = (text: string): string[] => [...text];
const never: Diff3 = () => {
  throw new Error('There was nothing to compare.');
};

it('[M9] only what lies between the lines that all three begin and end with is compared', () => {
  const asked: number[][] = [];
  const diff3: Diff3 = (a, o, b) => {
    asked.push(a, o, b);
    return [{ stable: true, buffer: 'a', bufferContent: a }];
  };
  const versions = { base: lines('12345'), left: lines('12x45'), right: lines('12345') };
  expect(mergeRegions(versions, diff3)).toEqual([
    { kind: 'same', lines: ['1', '2'] },
    { kind: 'changed', by: 'left', lines: ['x'] },
    { kind: 'same', lines: ['4', '5'] },
  ]);
  expect(asked.map(({ length }) => length)).toEqual([1, 1, 1]);
});

it('[M9] a stretch is taken from the side that changed it, once where both did so alike, else it is contested', () => {
  const diff3: Diff3 = ([a = 0], [o = 0], [b = 0]) => [
    { stable: true, buffer: 'o', bufferContent: [o] },
    { stable: true, buffer: 'b', bufferContent: [b] },
    { stable: false, aContent: [a], bContent: [a] },
    { stable: false, aContent: [a], bContent: [] },
  ];
  const versions = { base: lines('o'), left: lines('a'), right: lines('b') };
  expect(mergeRegions(versions, diff3)).toEqual([
    { kind: 'same', lines: ['o'] },
    { kind: 'changed', by: 'right', lines: ['b'] },
    { kind: 'changed', by: 'both', lines: ['a'] },
    { kind: 'contested', left: ['a'], right: [] },
  ]);
});

it('what would take too long is not compared at all', () => {
  const many = Array.from({ length: 2_000 }, () => '\n');
  const versions = { base: many, left: ['a\n', ...many, 'b\n'], right: ['c\n', ...many, 'd\n'] };
  expect(mergeRegions(versions, never)).toBeUndefined();
});
