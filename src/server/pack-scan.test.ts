import { randomBytes } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryObjects } from './objects/memory.ts';
import { nameOf } from './pack-encoding.ts';
import { encodePack as encodeParts } from './pack-format.ts';
import { scanPack } from './pack-scan.ts';
import { createPacks } from './packs.ts';

const raw = (bytes: Uint8Array) => ({ hash: nameOf(bytes), bytes });
const stored = (bytes: Uint8Array) => ({
  ...raw(bytes),
  size: bytes.length,
  encoding: 'raw' as const,
});

describe('a pack without its database', () => {
  it('tells every chunk it holds, as the rows do', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 600 }),
      fc.tuple(fc.nat(255), fc.nat(20_000)).map(([byte, size]) => Buffer.alloc(size, byte)),
    );
    const appended = fc.array(bytes, { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        appended,
        fc.integer({ min: 50, max: 30_000 }),
        async (chunks, packBytes) => {
          const objects = memoryObjects();
          const newName = () => `p-${randomBytes(8).toString('hex')}`;
          const packs = createPacks({ objects, newName, packBytes });
          const places = await packs.append(chunks.map(raw));
          const found = new Map<string, unknown>();
          for await (const { name } of objects.list()) {
            const scan = await scanPack(name, await objects.get(name));
            expect(scan).toMatchObject({ rotten: [] });
            expect(scan.tornAt).toBeUndefined();
            for (const place of scan.sound) found.set(place.hash, place);
          }
          expect(found).toEqual(new Map(places.map((place) => [place.hash, place])));
          const read = await all(packs.read(places));
          expect(read.map((one) => nameOf(one.bytes))).toEqual(chunks.map(nameOf));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('has the bytes that the format says', () => {
    const { bytes, places } = encodePack('p', [stored(Buffer.from('abc'))]);
    const hash = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    const hex = `53594e4350414b01${hash}000000030000000300616263`;
    expect(Buffer.from(bytes).toString('hex')).toBe(hex);
    expect(places).toEqual([{ hash, size: 3, pack: 'p', offset: 49, length: 3, encoding: 'raw' }]);
  });

  it('[D12] tells which chunks rotted, and those that did not', async () => {
    const chunks = [randomBytes(100), randomBytes(200), randomBytes(300)].map(stored);
    const { bytes, places } = encodePack('p', chunks);
    const [first, second, third] = places;
    bytes[(second?.offset ?? 0) + 5] = (bytes[(second?.offset ?? 0) + 5] ?? 0) ^ 0x10;
    expect(await scanPack('p', bytes)).toEqual({ sound: [first, third], rotten: [second] });
  });

  it('[D13] tells where it was cut short, wherever that is', async () => {
    const { bytes, places } = encodePack('p', [randomBytes(30), randomBytes(40)].map(stored));
    const ends = places.map(({ offset, length }) => offset + length);
    for (let cut = 0; cut < bytes.length; cut += 1) {
      const scan = await scanPack('p', bytes.subarray(0, cut));
      const whole = ends.filter((end) => end <= cut).length;
      expect(scan.sound).toEqual(places.slice(0, whole));
      const start = [8, ...ends][whole];
      const isEnd = cut === start;
      expect(scan.tornAt).toBe(cut < 8 ? 0 : isEnd ? undefined : start);
    }
  });

  it('bears any bytes at all', async () => {
    const { bytes } = encodePack('p', [randomBytes(300), Buffer.alloc(300)].map(stored));
    const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(damage, fc.uint8Array({ maxLength: 60 }), async (changes, tail) => {
        const object = Buffer.concat([bytes, tail]);
        for (const [at, byte] of changes) object[at] = byte;
        const { sound } = await scanPack('p', object);
        for (const { hash, offset, length } of sound) {
          expect(nameOf(object.subarray(offset, offset + length))).toBe(hash);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('[F13] decodes no more than any chunk may be, whatever a frame promises', async () => {
    const large = Buffer.alloc(17 * 1024 * 1024);
    const bomb = { hash: nameOf(large), size: large.length, encoding: 'zstd' as const };
    const { bytes } = encodePack('p', [{ ...bomb, bytes: zstdCompressSync(large) }]);
    expect(await scanPack('p', bytes)).toMatchObject({ sound: [], rotten: [{ hash: bomb.hash }] });
  });
});

function encodePack(...pack: Parameters<typeof encodeParts>) {
  const { parts, places } = encodeParts(...pack);
  return { bytes: Buffer.concat(parts), places };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const gathered: T[] = [];
  for await (const item of items) gathered.push(item);
  return gathered;
}
