import { describe, expect, it } from 'vitest';
import { Failure } from './failure.ts';
import { basesOf, manifestFromWire, manifestToWire, WireManifest } from './manifest.ts';
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

describe('a manifest told by another', () => {
  const chunk = (letter: string) => ({ hash: letter.repeat(64), size: 1 });
  const of = (checksum: string, letters: string) => ({
    checksum: checksum.repeat(64),
    size: letters.length,
    chunks: [...letters].map(chunk),
  });
  const base = of('0', 'abcdefabcdef');
  const edited = of('1', 'abcdefa9cdef');
  const bases = new Map([[base.checksum, base]]);

  it('is short, and the same again', () => {
    const wire = parse(WireManifest, manifestToWire(edited, [base]));
    expect(wire).toMatchObject({ base: base.checksum });
    expect(JSON.stringify(wire).length).toBeLessThan(JSON.stringify(manifestToWire(edited)).length);
    expect(manifestFromWire(wire, bases)).toEqual(edited);
    expect(basesOf([wire, manifestToWire(base)])).toEqual([base.checksum]);
  });

  it('is told whole where little is the same', () => {
    expect(manifestToWire(of('2', 'ghijklmnopqr'), [base])).not.toHaveProperty('base');
  });

  it('is told by the one that it is most like', () => {
    const other = of('3', 'ghabcdefa9cdef');
    expect(manifestToWire(edited, [base, other])).toMatchObject({ base: other.checksum });
    expect(manifestToWire(edited, [other, base])).toMatchObject({ base: other.checksum });
  });

  it.each([
    ['a base that is not known', { base: '9'.repeat(64), parts: [{ from: 0, count: 12 }] }],
    ['a span that is not in it', { base: base.checksum, parts: [{ from: 1, count: 12 }] }],
    ['too many chunks', { base: base.checksum, parts: Array(6000).fill({ from: 0, count: 12 }) }],
    ['chunks that do not add up', { base: base.checksum, parts: [{ from: 0, count: 11 }] }],
  ])('is refused for %s', (_, fields) => {
    const wire = parse(WireManifest, { checksum: edited.checksum, size: edited.size, ...fields });
    expect(() => manifestFromWire(wire, bases)).toThrow(Failure);
  });
});
