import { describe, expect, it } from 'vitest';
import type { Listed } from '../protocol/listing.ts';
import { nextSorting, type Sorting, sortListed } from './sort-listed.ts';

const listed = (name: string, more: Partial<Listed> = {}): Listed => ({
  node: name,
  path: name,
  name,
  kind: 'file',
  version: 1,
  author: 'Anna',
  ...more,
});

const LIST = [
  listed('file 10', { size: 5, modified_time: '2026-01-01T00:00:00Z' }),
  listed('file 2', { size: 500, modified_time: '2026-01-03T00:00:00Z' }),
  listed('Zoo', { kind: 'directory' }),
  listed('attic', { kind: 'directory' }),
  listed('Äpfel', { size: 5, modified_time: '2026-01-02T00:00:00Z' }),
];

const order = (sorting: Sorting): string[] => sortListed(LIST, sorting).map(({ name }) => name);

describe('the order', () => {
  it('of names counts, and knows letters', () => {
    expect(order({ by: 'name', isDescending: false })).toEqual([
      'attic',
      'Zoo',
      'Äpfel',
      'file 2',
      'file 10',
    ]);
  });

  it('turned round still has directories first', () => {
    expect(order({ by: 'name', isDescending: true }).slice(0, 3)).toEqual([
      'Zoo',
      'attic',
      'file 10',
    ]);
  });

  it('of sizes and times falls back on names', () => {
    expect(order({ by: 'size', isDescending: false }).slice(2)).toEqual([
      'Äpfel',
      'file 10',
      'file 2',
    ]);
    expect(order({ by: 'time', isDescending: true }).slice(2)).toEqual([
      'file 2',
      'Äpfel',
      'file 10',
    ]);
  });

  it('changes with a click', () => {
    const first = { by: 'name', isDescending: false } as const;
    expect(nextSorting(first, 'size')).toEqual({ by: 'size', isDescending: true });
    expect(nextSorting(nextSorting(first, 'size'), 'size').isDescending).toBe(false);
  });
});
