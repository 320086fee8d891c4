import { describe, expect, it } from 'vitest';
import { watchedMetadata } from '../../test/watched-metadata.ts';
import type { Change } from '../core/change.ts';
import type { Manifest } from '../core/chunk.ts';
import { check } from './check.ts';
import { memoryClock } from './clock-memory.ts';
import { type CommitOutcome, createCommitter } from './commit.ts';
import { MemoryMetadata } from './metadata/memory.ts';
import { FOLDER, hashOf } from './metadata/sample.ts';
import { memoryNotifier } from './notifier/memory.ts';
import { memoryObjects } from './objects/memory.ts';
import { createPacks } from './packs.ts';
import { storeChunks } from './store-chunks.ts';
import { sweep } from './sweep.ts';

const DAY = 24 * 60 * 60 * 1000;
/** Larger than any content of one chunk. */
const PART = 400_000;

const chunkOf = (text: string) => {
  const bytes = Buffer.from(text);
  return { hash: hashOf(text), size: bytes.length, bytes };
};
const PARTS = ['1', '2', '3'].map((digit) => chunkOf(digit.repeat(PART)));
const LARGE: Manifest = {
  checksum: hashOf(PARTS.map(({ bytes }) => bytes.toString()).join('')),
  size: 3 * PART,
  chunks: PARTS.map(({ hash, size }) => ({ hash, size })),
};

const contentOf = ({ checksum, size }: { checksum: string; size: number }) => ({
  ...{ checksum, size, mtime: 0, executable: false },
});
const create = (node: string, content: ReturnType<typeof contentOf>): Change => ({
  ...{ type: 'create', node, kind: 'file', place: { parent: 'root', name: node }, content },
});

/** A large content that nothing needs any more, and was seen so for the first time two days ago. */
async function setUp() {
  const metadata = new MemoryMetadata();
  await metadata.openFolder(FOLDER, 'epoch');
  const objects = memoryObjects();
  const clock = memoryClock(100 * DAY);
  let serial = 0;
  const newName = (): string => {
    serial += 1;
    return `pack-${serial}`;
  };
  const packs = createPacks({ objects, newName });
  const ports = { metadata, packs, folder: FOLDER, clock };
  const limits = { maxFileSize: 1e9, allowedExtensions: undefined };
  const given = { ...ports, limits, notifier: memoryNotifier(), onCommitted: () => {} };
  const committer = createCommitter(given);
  const commit = (
    changes: Change[],
    { manifests = [], chunks = [] }: { manifests?: Manifest[]; chunks?: typeof PARTS } = {},
  ): Promise<CommitOutcome> => {
    serial += 1;
    const client = { clientId: 'anna', clientName: 'Anna', epoch: undefined, cause: 'sync' };
    return committer.commit({ ...client, key: `key-${serial}`, changes, manifests, chunks });
  };
  await storeChunks(ports, PARTS);
  await commit([create('f', contentOf(LARGE))], { manifests: [LARGE] });
  for (const [replaces, text] of ['x', 'y'].entries()) {
    const { hash: checksum, size } = chunkOf(text);
    const content = { ...contentOf({ checksum, size }), replaces: replaces + 1 };
    await commit([{ type: 'update', node: 'f', content }], { chunks: [chunkOf(text)] });
  }
  await metadata.pruneHistory(FOLDER, clock.now() + 1);
  const look = () =>
    check({
      ...{ metadata, objects, folder: FOLDER, readPercent: 100, random: Math.random },
      ...{ damage: () => [], progressed: () => {} },
    });
  await sweep({ ...ports, objects });
  await clock.advance(2 * DAY);
  return { ...ports, objects, commit, look };
}

// The first sweep forgot the manifest: who names the content alone is always asked for it.
describe.each([
  ['with its manifest', [LARGE], ['accepted', 'missing']],
  ['by its name alone', [], ['missing']],
])('[D17] a large content that a commit names again, %s', (_, manifests, expected) => {
  it('is whole in the end, whatever the moment of the sweep; a check finds nothing', async () => {
    const outcomes = new Set<string>();
    for (let at = 1; ; at += 1) {
      const world = await setUp();
      let outcome: CommitOutcome | undefined;
      let calls = 0;
      const before = async (): Promise<void> => {
        calls += 1;
        if (calls !== at) return;
        outcome = await world.commit([create('again', contentOf(LARGE))], { manifests });
      };
      await sweep({ ...world, metadata: watchedMetadata(world.metadata, before) });
      if (outcome === undefined) break;
      outcomes.add(outcome.type);
      expect(await world.look(), `before call ${at}`).toMatchObject({ findings: [] });
      if (outcome.type === 'missing') {
        await storeChunks(world, PARTS);
        const second = await world.commit([create('again', contentOf(LARGE))], {
          manifests: [LARGE],
        });
        expect(second.type).toBe('accepted');
      }
      for (let day = 0; day < 3; day += 1) {
        await world.clock.advance(2 * DAY);
        await sweep(world);
      }
      expect(await world.look(), `before call ${at}`).toMatchObject({
        ...{ findings: [], nodes: 2, unreferenced: { chunks: 0, packs: 0, bytes: 0 } },
      });
    }
    expect([...outcomes].sort()).toEqual(expected);
  });
});
