import { describe, expect, it } from 'vitest';
import type { Manifest } from '../core/chunk.ts';
import { memoryClock } from './clock-memory.ts';
import { createCommitter } from './commit.ts';
import { type MemoryDatabase, MemoryMetadata } from './metadata/memory.ts';
import { FOLDER, hashOf } from './metadata/sample.ts';
import { memoryNotifier } from './notifier/memory.ts';
import { memoryObjects } from './objects/memory.ts';
import { createPacks } from './packs.ts';
import { storeChunks } from './store-chunks.ts';
import { sweep } from './sweep.ts';

const DAY = 24 * 60 * 60 * 1000;

const chunkOf = (text: string) => ({
  hash: hashOf(text),
  size: text.length,
  bytes: Buffer.from(text),
});

const PARTS = ['1', '2', '3'].map((digit) => chunkOf(digit.repeat(40_000)));
const WHOLE = PARTS.map(({ bytes }) => String(bytes)).join('');
const MANIFEST: Manifest = {
  checksum: hashOf(WHOLE),
  size: WHOLE.length,
  chunks: PARTS.map(({ hash, size }) => ({ hash, size })),
};

/** A living file of three chunks, and a chunk that nothing needs. */
async function setUp() {
  const database: MemoryDatabase = new Map();
  const metadata = new MemoryMetadata(database);
  await metadata.openFolder(FOLDER, 'epoch');
  const objects = memoryObjects();
  const clock = memoryClock(100 * DAY);
  let last = 0;
  const newName = (): string => {
    last += 1;
    return `pack-${last}`;
  };
  const packs = createPacks({ objects, newName });
  const ports = { metadata, packs, folder: FOLDER, clock };
  const limits = { maxFileSize: 1e9, allowedExtensions: undefined };
  const given = { ...ports, limits, notifier: memoryNotifier(), onCommitted: () => {} };
  await storeChunks(ports, [...PARTS, chunkOf('unused')]);
  const content = { checksum: MANIFEST.checksum, size: MANIFEST.size, mtime: 0, executable: false };
  const place = { parent: 'root', name: 'large' };
  const outcome = await createCommitter(given).commit({
    ...{ clientId: 'anna', clientName: 'Anna', key: 'key', epoch: undefined, cause: 'sync' },
    changes: [{ type: 'create', node: 'large', kind: 'file', place, content }],
    manifests: [MANIFEST],
    chunks: [],
  });
  expect(outcome.type).toBe('accepted');
  const manifests = database.get(FOLDER)?.manifests;
  if (manifests === undefined) throw new Error('The folder is there.');
  return { parts: { ...ports, objects }, manifests };
}

describe('[D18] a sweep that finds the metadata damaged', () => {
  it.each<[string, (manifests: Map<string, Manifest>) => void]>([
    ['without the manifest of a living file', (all) => all.clear()],
    [
      'with one that is cut short',
      (all) => all.set(MANIFEST.checksum, { ...MANIFEST, chunks: MANIFEST.chunks.slice(0, 2) }),
    ],
    ['with one that is empty', (all) => all.set(MANIFEST.checksum, { ...MANIFEST, chunks: [] })],
  ])('%s removes nothing at all', async (_, damage) => {
    const { parts, manifests } = await setUp();
    damage(manifests);
    for (let day = 0; day < 4; day += 1) {
      await expect(sweep(parts)).rejects.toThrow('manifest');
      await parts.clock.advance(DAY + 1);
    }
    const all = [...PARTS, chunkOf('unused')].map(({ hash }) => hash);
    expect(await parts.metadata.missingChunks(FOLDER, all)).toEqual([]);
  });

  it('removes what nothing needs when it is whole', async () => {
    const { parts } = await setUp();
    for (let day = 0; day < 4; day += 1) {
      await sweep(parts);
      await parts.clock.advance(DAY + 1);
    }
    const all = [...PARTS, chunkOf('unused')].map(({ hash }) => hash);
    expect(await parts.metadata.missingChunks(FOLDER, all)).toEqual([hashOf('unused')]);
  });
});
