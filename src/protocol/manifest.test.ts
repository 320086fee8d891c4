import { describe, expect, it } from 'vitest';
import { manifestFromWire, manifestToWire, WireManifest } from './manifest.ts';
import { fits, parse } from './parse.ts';

const manifest = {
  checksum: 'ab'.repeat(32),
  size: 5,
  chunks: [
    { hash: 'cd'.repeat(32), size: 3 },
    { hash: 'ef'.repeat(32), size: 2 },
  ],
};

describe('manifests on the wire', () => {
  it('come back as they went', () => {
    expect(manifestFromWire(parse(WireManifest, manifestToWire(manifest)))).toEqual(manifest);
  });

  it('leave the bytes of chunks behind', () => {
    const [chunk] = manifest.chunks;
    const chunks = [{ ...chunk, hash: 'cd'.repeat(32), size: 5, bytes: new Uint8Array(5) }];
    expect(fits(WireManifest, manifestToWire({ ...manifest, chunks }))).toBe(true);
  });

  it('must add up', () => {
    expect(() => manifestFromWire({ ...manifest, size: 6 })).toThrow('add up');
  });

  it.each([
    { chunks: [] },
    { size: -1 },
    { chunks: [{ hash: 'ab'.repeat(32), size: 0 }] },
    { more: 1 },
  ])('refuse %j', (fields) => {
    expect(fits(WireManifest, { ...manifest, ...fields })).toBe(false);
  });
});
