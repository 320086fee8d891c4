import fc from 'fast-check';
import { expect, it } from 'vitest';
import { joinParts, partsOf } from './manifest-parts.ts';

const manifest = (letters: string) => {
  const chunks = [...letters].map((letter) => ({ hash: letter.repeat(64), size: 1 }));
  return { checksum: 'f'.repeat(64), size: chunks.length, chunks };
};
const letters = fc.string({ unit: fc.constantFrom(...'abcdef'), maxLength: 12 });

it('what is told by another manifest is the same again', () => {
  fc.assert(
    fc.property(letters, letters, (one, other) => {
      const [whole, base] = [manifest(one), manifest(other)];
      const parts = partsOf(whole, base);
      expect(joinParts(parts, base)).toEqual(whole.chunks);
      expect(parts.length).toBeLessThanOrEqual(whole.chunks.length);
    }),
  );
});

it('an edit in the middle is a chunk between two spans', () => {
  const parts = partsOf(manifest('abcXef'), manifest('abcdef'));
  expect(parts).toEqual([
    { from: 0, count: 3 },
    { hash: 'X'.repeat(64), size: 1 },
    { from: 4, count: 2 },
  ]);
});

it('a run of the same chunk is one span', () => {
  expect(partsOf(manifest('aaaab'), manifest('aaaaaa'))).toEqual([
    { from: 0, count: 4 },
    { hash: 'b'.repeat(64), size: 1 },
  ]);
});

it('a span that is not within the other manifest is none', () => {
  expect(joinParts([{ from: 1, count: 2 }], manifest('ab'))).toBeUndefined();
  expect(joinParts([{ from: 3, count: 1 }], manifest('ab'))).toBeUndefined();
});
