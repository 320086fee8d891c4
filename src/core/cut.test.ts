import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CutParameters,
  cutParameters,
  cutter,
  MAX_CHUNK_SIZE,
  MAX_WHOLE_SIZE,
} from './cut.ts';
import { GEAR } from './gear.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const SMALL: CutParameters = { minimum: 64, average: 256, maximum: 1024 };

/** The same bytes for the same seed, on every machine and for ever. */
function randomBytes(size: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let state = seed | 0;
  for (let at = 0; at < size; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

/** Cut in pushes that end where `ends` says. */
function cut(bytes: Uint8Array, parameters: CutParameters, ends: readonly number[] = []): number[] {
  const { push, end } = cutter(parameters);
  const stops = [0, ...ends.toSorted((a, b) => a - b), bytes.length];
  const found = stops.slice(1).flatMap((stop, index) => push(bytes.subarray(stops[index], stop)));
  return [...found, ...end()];
}

/** The algorithm as its paper writes it, one byte after the other. */
function cutByTheBook(bytes: Uint8Array, { minimum, average, maximum }: CutParameters): number[] {
  const bits = Math.log2(average);
  const zeros = (hash: number, count: number) => (hash << 1) >>> (32 - count) === 0;
  const lengths: number[] = [];
  for (let start = 0; start < bytes.length; ) {
    let hash = 0;
    let length = Math.min(minimum, bytes.length - start);
    while (length < maximum && start + length < bytes.length) {
      hash = ((hash << 1) + (GEAR[bytes[start + length] ?? 0] ?? 0)) | 0;
      length += 1;
      if (zeros(hash, length <= average ? bits + 2 : bits - 2)) break;
    }
    lengths.push(length);
    start += length;
  }
  return lengths;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** The names of a content's chunks. */
function chunksOf(bytes: Uint8Array, parameters: CutParameters): Set<string> {
  let at = 0;
  const names = cut(bytes, parameters).map((length) => {
    const chunk = bytes.subarray(at, at + length);
    at += length;
    return createHash('sha256').update(chunk).digest('hex');
  });
  return new Set(names);
}

/** Worked out apart from this program. Where one changes, it is another algorithm. */
const GOLDEN_GEAR = [1580013426, 350525680, -770792963, -1283263687];
const GEAR_HASH = 'e689b65c85d4e2dfad175fceb7359ade5e4bac87fbe9434a44c9742b7ee3ab41';
const GOLDEN_MIB = [
  84060, 60559, 66528, 65720, 30143, 71971, 36784, 54928, 105075, 136610, 98833, 78379, 95872,
  33101, 30013,
];
const GOLDEN_SMALL = [
  266, 172, 282, 443, 271, 370, 268, 352, 261, 294, 274, 278, 385, 607, 335, 269, 285, 298, 266,
  295, 269, 326, 307, 275, 267, 286, 87, 104,
];

describe('GEAR', () => {
  it('is the table of the format', () => {
    expect(GEAR.length).toBe(256);
    expect(new Set(GEAR).size).toBe(256);
    expect(Array.from(GEAR.subarray(0, 4))).toEqual(GOLDEN_GEAR);
    expect(createHash('sha256').update(Int32Array.from(GEAR).join()).digest('hex')).toBe(GEAR_HASH);
  });
});

describe('cutter', () => {
  it('cuts where it always did', () => {
    expect(cut(randomBytes(MIB, 1), cutParameters(MIB))).toEqual(GOLDEN_MIB);
    expect(cut(randomBytes(8 * KIB, 2), SMALL)).toEqual(GOLDEN_SMALL);
  });

  it('cuts as the paper says', () => {
    const size = fc.integer({ min: 0, max: 20_000 });
    fc.assert(
      fc.property(size, fc.integer(), (length, seed) => {
        const bytes = randomBytes(length, seed);
        expect(cut(bytes, SMALL)).toEqual(cutByTheBook(bytes, SMALL));
      }),
    );
    const large = randomBytes(3 * MIB, 3);
    expect(cut(large, cutParameters(3 * MIB))).toEqual(cutByTheBook(large, cutParameters(3 * MIB)));
  });

  it('cuts alike however the bytes arrive', () => {
    const bytes = randomBytes(20_000, 4);
    const whole = cut(bytes, SMALL);
    const ends = fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 200 });
    fc.assert(fc.property(ends, (stops) => void expect(cut(bytes, SMALL, stops)).toEqual(whole)));
    const each = Array.from(bytes.keys());
    expect(cut(bytes, SMALL, each)).toEqual(whole);
  });

  it('keeps every chunk but the last between minimum and maximum, and loses no byte', () => {
    const byte = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), byte, (random, filler) => {
        const bytes = Uint8Array.from([...random, ...new Uint8Array(3000).fill(filler), ...random]);
        const lengths = cut(bytes, SMALL);
        expect(sum(lengths)).toBe(bytes.length);
        expect(Math.max(...lengths)).toBeLessThanOrEqual(SMALL.maximum);
        expect(Math.min(...lengths.slice(0, -1), SMALL.minimum)).toBe(SMALL.minimum);
        expect(lengths.at(-1)).toBeGreaterThan(0);
      }),
    );
  });

  it('[C28] cuts zeros at the maximum, and edges of a chunk exactly', () => {
    const { maximum, minimum } = SMALL;
    expect(cut(new Uint8Array(4 * maximum), SMALL)).toEqual(Array(4).fill(maximum));
    expect(cut(new Uint8Array(maximum + 1), SMALL)).toEqual([maximum, 1]);
    expect(cut(new Uint8Array(maximum - 1), SMALL)).toEqual([maximum - 1]);
    expect(cut(new Uint8Array(minimum), SMALL)).toEqual([minimum]);
    expect(cut(new Uint8Array(1), SMALL)).toEqual([1]);
    expect(cut(new Uint8Array(0), SMALL)).toEqual([]);
  });
});

describe('a cutter', () => {
  it('begins anew after the end', () => {
    const bytes = randomBytes(5000, 5);
    const { push, end } = cutter(SMALL);
    const first = [...push(bytes), ...end()];
    expect(end()).toEqual([]);
    expect([...push(bytes), ...end()]).toEqual(first);
  });

  it('changes few chunks when something is put in, wherever', () => {
    const bytes = randomBytes(4 * MIB, 6);
    const parameters = { minimum: 4 * KIB, average: 16 * KIB, maximum: 64 * KIB };
    const before = chunksOf(bytes, parameters);
    for (const at of [0, 2 * MIB + 1, 4 * MIB]) {
      const edited = Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from('insertion'),
        bytes.subarray(at),
      ]);
      const added = chunksOf(edited, parameters).difference(before);
      expect(added.size).toBeLessThanOrEqual(6);
    }
  });

  it('cuts random bytes to about the average', () => {
    const bytes = randomBytes(8 * MIB, 7);
    const average = 8 * KIB;
    const count = cut(bytes, { minimum: average / 4, average, maximum: average * 4 }).length;
    expect(bytes.length / count).toBeGreaterThan(average * 0.9);
    expect(bytes.length / count).toBeLessThan(average * 1.3);
  });
});

describe('cutParameters', () => {
  it.each([0, 1, KIB, MAX_WHOLE_SIZE - 1, MAX_WHOLE_SIZE])('%d bytes are one chunk', (size) => {
    expect(cut(randomBytes(size, 8), cutParameters(size))).toEqual(size === 0 ? [] : [size]);
  });

  it.each([
    [64 * KIB + 1, 64 * KIB],
    [64 * MIB, 64 * KIB],
    [64 * MIB + 1, 128 * KIB],
    [GIB, 128 * KIB],
    [4 * GIB, 256 * KIB],
    [8 * GIB, 512 * KIB],
    [16 * GIB, MIB],
    [32 * GIB, 2 * MIB],
    [32 * GIB + 1, 4 * MIB],
    [1024 * GIB, 4 * MIB],
  ])('%d bytes are cut to %d on average', (size, average) => {
    const maximum = Math.min(average * 4, MAX_CHUNK_SIZE);
    expect(cutParameters(size)).toEqual({ minimum: average / 4, average, maximum });
  });

  it('[C28] keeps manifests small, and chunks below the largest, for every size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 128 * GIB }), (size) => {
        const { minimum, average, maximum } = cutParameters(size);
        expect(size / average).toBeLessThanOrEqual(32_768);
        expect(minimum <= average && average <= maximum && maximum <= MAX_CHUNK_SIZE).toBe(true);
        expect(Math.log2(average) % 1).toBe(0);
      }),
    );
  });

  const refs = (lengths: readonly number[]) => lengths.map((size) => ({ hash: '', size }));

  it.each([
    ['grew by a byte beyond a line', 64 * MIB, 64 * MIB + 1],
    ['shrank by a byte below a line', 64 * MIB + 1, 64 * MIB],
    ['grew again', GIB, GIB + 10 * MIB],
  ])('a content that %s is cut as it was before', (_, before, after) => {
    const { average } = cutParameters(before);
    const chunks = refs(cut(randomBytes(16 * MIB, 3), cutParameters(before)));
    expect(cutParameters(after, chunks).average).toBe(average);
    expect(cutParameters(after).average).not.toBe(average);
  });

  it('but not one of which the chunks tell nothing, or that is of quite another size now', () => {
    const usual = cutParameters(64 * MIB + 1);
    expect(cutParameters(64 * MIB + 1, [])).toEqual(usual);
    expect(cutParameters(64 * MIB + 1, refs([64 * KIB]))).toEqual(usual);
    expect(cutParameters(64 * MIB + 1, refs([7, 9, 3]))).toEqual(usual);
    const small = refs(cut(randomBytes(4 * MIB, 3), cutParameters(MIB)));
    expect(cutParameters(2 * GIB, small)).toEqual(cutParameters(2 * GIB));
    expect(cutParameters(KIB, small)).toEqual(cutParameters(KIB));
  });

  it('one that goes to and fro across a line is cut alike all the time', () => {
    const bytes = randomBytes(16 * MIB, 5);
    let chunks = refs(cut(bytes, cutParameters(64 * MIB)));
    for (const size of [64 * MIB + 1, 64 * MIB, 70 * MIB, 60 * MIB]) {
      const again = refs(cut(bytes, cutParameters(size, chunks)));
      expect(again).toEqual(chunks);
      chunks = again;
    }
  });
});
