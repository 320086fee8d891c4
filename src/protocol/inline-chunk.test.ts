import { describe, expect, it } from 'vitest';
import { Failure } from './failure.ts';
import { chunkFromWire, chunkToWire, InlineChunk } from './inline-chunk.ts';
import { MAX_INLINE } from './limits.ts';
import { fits } from './parse.ts';

const hash = 'ab'.repeat(32);

describe('chunks inside JSON', () => {
  it('come back as they went, up to the largest', () => {
    for (const size of [1, 2, 3, MAX_INLINE]) {
      const bytes = Uint8Array.from({ length: size }, (_, at) => at);
      const wire = chunkToWire({ hash, bytes });
      expect(fits(InlineChunk, wire)).toBe(true);
      expect(chunkFromWire(wire)).toEqual({ hash, size, bytes });
    }
  });

  it('are refused when they are larger', () => {
    expect(fits(InlineChunk, chunkToWire({ hash, bytes: new Uint8Array(MAX_INLINE + 3) }))).toBe(
      false,
    );
  });

  it('are refused when they are not base64', () => {
    expect(fits(InlineChunk, { hash, bytes: 'a b=' })).toBe(false);
    expect(() => chunkFromWire({ hash, bytes: 'AAA' })).toThrow(Failure);
  });
});
