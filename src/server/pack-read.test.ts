import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { memoryObjects } from './objects/memory.ts';
import { nameOf } from './pack-encoding.ts';
import { ChunkRotten } from './pack-read.ts';
import { createPacks } from './packs.ts';
import type { ChunkPlace } from './ports.ts';

/** A store that holds these chunks, each in the pack that its group makes. */
async function holding(...groups: (readonly Uint8Array[])[]) {
  const objects = memoryObjects();
  const names = ['pack-1', 'pack-2', 'pack-3'].values();
  const packs = createPacks({ objects, newName: () => names.next().value ?? 'too-many' });
  const places: ChunkPlace[] = [];
  for (const group of groups) {
    places.push(...(await packs.append(group.map((bytes) => ({ hash: nameOf(bytes), bytes })))));
  }
  return { objects, packs, places };
}
const chunks = (count: number, size: number) =>
  Array.from({ length: count }, () => randomBytes(size));

describe('read', () => {
  it('asks once for chunks that lie near each other, and answers in any order', async () => {
    const { objects, packs, places } = await holding(chunks(20, 10_000));
    const asked = [...places].reverse().flatMap((place) => [place, place]);
    const read = await all(packs.read(asked));
    expect(read.map(({ hash }) => hash)).toEqual(asked.map(({ hash }) => hash));
    expect(objects.asked.gets).toBe(1);
  });

  it('asks around what lies far apart, and once for each pack', async () => {
    const { objects, packs, places } = await holding(chunks(30, 10_000), chunks(2, 10));
    const ends = [places[0], places[31], places[29], places[30], places[1]].flatMap((p) => p ?? []);
    const read = await all(packs.read(ends));
    expect(read.map(({ hash }) => hash)).toEqual(ends.map(({ hash }) => hash));
    expect(objects.asked.gets).toBe(3);
  });

  it('asks for much piece by piece, as it is read', async () => {
    const { objects, packs, places } = await holding(
      chunks(15, 1024 * 1024),
      chunks(15, 1_000_000),
    );
    for await (const { bytes } of packs.read(places)) {
      expect(bytes).toHaveLength(1024 * 1024);
      break;
    }
    expect(objects.asked.gets).toBe(1);
    expect(await all(packs.read(places))).toHaveLength(30);
  });

  it('reads nothing for nothing', async () => {
    const { objects, packs } = await holding();
    expect(await all(packs.read([]))).toEqual([]);
    expect(objects.asked.gets).toBe(0);
  });

  it('tells that the store is unavailable as it is', async () => {
    const { objects, packs, places } = await holding(chunks(3, 100));
    objects.failGet(1);
    await expect(all(packs.read(places))).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});

describe.each(['read', 'readStored'] as const)('%s of what rotted', (step) => {
  async function readUntilRotten(made: Awaited<ReturnType<typeof holding>>) {
    const read: string[] = [];
    try {
      for await (const { hash } of made.packs[step](made.places)) read.push(hash);
    } catch (error) {
      if (!(error instanceof ChunkRotten)) throw error;
      return {
        read: read.length,
        hash: error.place.hash,
        pack: error.place.pack,
        reason: error.reason,
      };
    }
    return { read: read.length };
  }

  it.each(['raw', 'zstd'] as const)(
    '[D12] is never given on: %s bytes that changed',
    async (kind) => {
      const fill = () => (kind === 'raw' ? randomBytes(1000) : Buffer.alloc(1000, randomBytes(8)));
      const made = await holding([fill(), fill(), fill()]);
      const place = made.places[1];
      expect(place?.encoding).toBe(kind);
      made.objects.damage('pack-1', (bytes) => {
        const at = (place?.offset ?? 0) + (place?.length ?? 0) - 6;
        return bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
      });
      const { hash, pack } = place ?? {};
      expect(await readUntilRotten(made)).toEqual({ read: 1, hash, pack, reason: 'changed' });
    },
  );

  it('[D13] is absent where a pack was cut short; what lies before is still read', async () => {
    const made = await holding(chunks(4, 1000));
    const cut = made.places[2];
    made.objects.damage('pack-1', (bytes) => bytes.slice(0, (cut?.offset ?? 0) + 999));
    const { hash, pack } = cut ?? {};
    expect(await readUntilRotten(made)).toEqual({ read: 2, hash, pack, reason: 'absent' });
  });

  it('[D13] is absent with its pack, or when nothing is left of that', async () => {
    const made = await holding(chunks(1, 1000), chunks(1, 1000), chunks(1, 1000));
    const { hash, pack } = made.places[1] ?? {};
    const expected = { read: 1, hash, pack, reason: 'absent' };
    made.objects.damage('pack-2', () => new Uint8Array());
    expect(await readUntilRotten(made)).toEqual(expected);
    await made.objects.delete('pack-2');
    expect(await readUntilRotten(made)).toEqual(expected);
  });

  it('is noticed when a place tells another size, as of a database that is wrong', async () => {
    const made = await holding([randomBytes(100)], [Buffer.alloc(1000)]);
    const [one, two] = made.places;
    for (const place of [one, two].flatMap((of) => of ?? [])) {
      for (const size of [place.size - 1, place.size + 1]) {
        const places = [{ ...place, size }];
        expect(await readUntilRotten({ ...made, places })).toMatchObject({ reason: 'changed' });
      }
    }
  });
});

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const gathered: T[] = [];
  for await (const item of items) gathered.push(item);
  return gathered;
}
