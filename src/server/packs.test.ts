import { randomBytes } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { memoryObjects } from './objects/memory.ts';
import { nameOf } from './pack-encoding.ts';
import { type Chunk, ChunkMismatch } from './pack-verify.ts';
import { createPacks, type Packs } from './packs.ts';
import type { ChunkPlace } from './ports.ts';

const MIB = 1024 * 1024;

function world(packBytes?: number) {
  const objects = memoryObjects();
  const newName = () => `pack-${objects.asked.puts}`;
  const given = packBytes === undefined ? {} : { packBytes };
  return { objects, packs: createPacks({ objects, newName, ...given }) };
}
const raw = (bytes: Uint8Array): Chunk => ({ hash: nameOf(bytes), bytes });
const zstd = (bytes: Uint8Array): Chunk => ({
  hash: nameOf(bytes),
  bytes: zstdCompressSync(bytes),
  encoding: 'zstd',
});
const text = (size: number) => Buffer.alloc(size, 'What a user saved last lives on. ');

async function readAll(packs: Packs, places: readonly ChunkPlace[]): Promise<Buffer[]> {
  const read: Buffer[] = [];
  for await (const { hash, size, bytes } of packs.read(places)) {
    expect([nameOf(bytes), bytes.length]).toEqual([hash, size]);
    read.push(Buffer.from(bytes));
  }
  return read;
}

describe('append', () => {
  it('stores many chunks in one put, and tells in order where they lie', async () => {
    const { objects, packs } = world();
    const chunks = Array.from({ length: 50 }, (_, n) => randomBytes(100 * n));
    const places = await packs.append(chunks.map(raw));
    expect(places.map(({ hash }) => hash)).toEqual(chunks.map(nameOf));
    expect(objects.asked.puts).toBe(1);
    expect(await readAll(packs, places)).toEqual(chunks);
  });

  it('puts nothing for nothing', async () => {
    const { objects, packs } = world();
    expect(await packs.append([])).toEqual([]);
    expect(objects.asked.puts).toBe(0);
  });

  it('cuts what is more than 16 MiB into several packs', async () => {
    const { objects, packs } = world();
    const chunks = Array.from({ length: 10 }, () => randomBytes(4 * MIB));
    const places = await packs.append(chunks.map(raw));
    for await (const { size } of objects.list()) expect(size).toBeLessThanOrEqual(16 * MIB);
    expect(new Set(places.map(({ pack }) => pack)).size).toBe(4);
    expect((await readAll(packs, places)).every((bytes, n) => chunks[n]?.equals(bytes))).toBe(true);
  });

  it('stores a chunk larger than a pack alone', async () => {
    const { packs } = world(1000);
    const chunks = [10, 5000, 10, 10].map((size) => randomBytes(size));
    const places = await packs.append(chunks.map(raw));
    expect(places.map(({ pack }) => pack)).toEqual(['pack-0', 'pack-1', 'pack-2', 'pack-2']);
    expect(await readAll(packs, places)).toEqual(chunks);
  });

  it('stores a chunk that is given twice once, and answers for both', async () => {
    const { packs } = world();
    const bytes = randomBytes(1000);
    const [one, other, ...more] = await packs.append([raw(bytes), raw(bytes)]);
    expect(other).toEqual(one);
    expect(more).toEqual([]);
  });

  it('gathers what comes while a put is under way into few puts', async () => {
    const { objects, packs } = world();
    const chunks = Array.from({ length: 200 }, () => randomBytes(64));
    const places = await Promise.all(chunks.map((bytes) => packs.append([raw(bytes)])));
    expect(objects.asked.puts).toBeLessThanOrEqual(3);
    expect(await readAll(packs, places.flat())).toEqual(chunks);
  });

  it('[E18] tells everybody who brings the same chunk at once where it lies', async () => {
    const { packs } = world();
    const bytes = randomBytes(5000);
    const appends = Array.from({ length: 20 }, () => packs.append([raw(bytes)]));
    const places = (await Promise.all(appends)).flat();
    expect(await readAll(packs, places)).toEqual(places.map(() => bytes));
  });
});

describe('[D15] a chunk that is not what it says', () => {
  const good = randomBytes(500);
  const wideFrame = '28b52ffd0088180000616263190000646566';
  const wideWindow = { bytes: Buffer.from(wideFrame, 'hex'), encoding: 'zstd' as const };
  const lies: [string, string, Chunk][] = [
    ['has other bytes', 'hash', { hash: nameOf(good), bytes: randomBytes(500) }],
    ['has a name that is none', 'hash', { hash: 'no-hash', bytes: good }],
    ['has its name in capitals', 'hash', { hash: nameOf(good).toUpperCase(), bytes: good }],
    ['has another size', 'size', { ...raw(good), size: 499 }],
    ['is larger than any chunk', 'size', raw(Buffer.alloc(16 * MIB + 1))],
    ['is not zstd', 'encoding', { ...raw(good), encoding: 'zstd' }],
    ['is nothing', 'encoding', { hash: nameOf(good), bytes: Buffer.alloc(0), encoding: 'zstd' }],
    ['decodes to other bytes', 'hash', { ...zstd(text(500)), hash: nameOf(good) }],
    ['decodes to more than it says', 'encoding', { ...zstd(text(500)), size: 499 }],
    ['wants a window of 128 MiB', 'encoding', { ...raw(Buffer.from('abcdef')), ...wideWindow }],
    ['is cut short', 'encoding', { ...zstd(good), bytes: zstdCompressSync(good).subarray(0, 400) }],
  ];
  it.each(lies)('%s: refused (%s), nothing stored', async (_, reason, lie) => {
    const { objects, packs } = world();
    const error = await packs.append([raw(randomBytes(10)), lie]).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ChunkMismatch);
    expect(error).toMatchObject({ hash: lie.hash, reason });
    expect(objects.asked.puts).toBe(0);
  });

  it('[F13] is refused without being decoded when it would be larger than any chunk', async () => {
    const { packs } = world();
    const bomb = zstd(Buffer.alloc(64 * MIB));
    expect(bomb.bytes.length).toBeLessThan(10_000);
    await expect(packs.append([bomb])).rejects.toMatchObject({ reason: 'encoding' });
  });

  it('harms nobody who comes at the same time', async () => {
    const { packs } = world();
    const wrong = { hash: nameOf(good), bytes: randomBytes(5) };
    const [first, second, third] = await Promise.allSettled([
      packs.append([raw(good)]),
      packs.append([wrong]),
      packs.append([raw(randomBytes(7))]),
    ]);
    expect([first, second, third].map((one) => one?.status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
  });
});

describe('encoding', () => {
  it('compresses what a probe says will pay, large and small', async () => {
    const { packs } = world();
    const chunks = [text(300), text(10_000), text(2 * MIB)];
    const places = await packs.append(chunks.map(raw));
    for (const [n, place] of places.entries()) {
      expect(place).toMatchObject({ encoding: 'zstd', size: chunks[n]?.length });
      expect(place.length).toBeLessThan(place.size / 2);
    }
    expect(await readAll(packs, places)).toEqual(chunks);
  });

  it('stores as they are what does not compress, and what is too small to matter', async () => {
    const { packs } = world();
    const hidden = Buffer.concat([text(4096), randomBytes(300_000)]);
    const places = await packs.append([randomBytes(100_000), text(200), hidden].map(raw));
    expect(places.map(({ encoding }) => encoding)).toEqual(['raw', 'raw', 'raw']);
  });

  it('stores what came compressed as it came', async () => {
    const { packs } = world();
    const chunk = zstd(text(10_000));
    const [place] = await packs.append([chunk]);
    const [stored] = await all(packs.readStored(place ? [place] : []));
    expect(stored).toMatchObject({ encoding: 'zstd', size: 10_000, hash: chunk.hash });
    expect(Buffer.from(stored?.bytes ?? []).equals(chunk.bytes)).toBe(true);
  });

  it('stores raw what came compressed to no use', async () => {
    const { packs } = world();
    const bytes = randomBytes(10_000);
    const places = await packs.append([zstd(bytes)]);
    expect(places).toMatchObject([{ encoding: 'raw', length: 10_000 }]);
    expect(await readAll(packs, places)).toEqual([bytes]);
  });
});

describe('[D08] a put that fails', () => {
  it.each(['full', 'unavailable'] as const)(
    '%s: is told, and the next one succeeds',
    async (code) => {
      const { objects, packs } = world();
      objects.failPut(1, code);
      const bytes = randomBytes(100);
      await expect(packs.append([raw(bytes)])).rejects.toMatchObject({ code });
      expect(await readAll(packs, await packs.append([raw(bytes)]))).toEqual([bytes]);
    },
  );

  it('fails only those whose chunks were in it', async () => {
    const { objects, packs } = world(1000);
    objects.failPut(2, 'full');
    const first = packs.append([raw(randomBytes(900))]);
    const bytes = randomBytes(900);
    const later = [randomBytes(900), bytes].map((one) => packs.append([raw(one)]));
    const settled = await Promise.allSettled([first, ...later]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await readAll(packs, (await later[1]) ?? [])).toEqual([bytes]);
  });
});

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const gathered: T[] = [];
  for await (const item of items) gathered.push(item);
  return gathered;
}
