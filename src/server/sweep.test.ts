import { describe, expect, it } from 'vitest';
import type { Change } from '../core/change.ts';
import { memoryClock } from './clock-memory.ts';
import { type CommitOutcome, createCommitter } from './commit.ts';
import { MemoryMetadata } from './metadata/memory.ts';
import { FOLDER, hashOf } from './metadata/sample.ts';
import { memoryNotifier } from './notifier/memory.ts';
import { memoryObjects } from './objects/memory.ts';
import { createPacks } from './packs.ts';
import { ObjectFailure, type ObjectStore } from './ports.ts';
import { storeChunks } from './store-chunks.ts';
import { sweep } from './sweep.ts';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

const textOf = (name: string): Uint8Array => new TextEncoder().encode(name.repeat(20));
const chunkOf = (name: string) => {
  const bytes = textOf(name);
  return { hash: hashOf(new TextDecoder().decode(bytes)), size: bytes.length, bytes };
};

/** A server's storage with what commits and sweeps it. */
async function setUp() {
  const metadata = new MemoryMetadata();
  await metadata.openFolder(FOLDER, 'epoch');
  const objects = memoryObjects();
  const clock = memoryClock(100 * DAY);
  let packCount = 0;
  const newName = (): string => {
    packCount += 1;
    return `pack-${packCount}`;
  };
  const packs = createPacks({ objects, newName });
  const limits = { maxFileSize: 1e9, allowedExtensions: undefined };
  const ports = { metadata, packs, folder: FOLDER, clock };
  const given = { ...ports, limits, notifier: memoryNotifier(), onCommitted: () => {} };
  const committer = createCommitter(given);
  let keys = 0;
  const commit = async (
    changes: Parameters<typeof committer.commit>[0]['changes'],
    chunks: ReturnType<typeof chunkOf>[] = [],
  ): Promise<CommitOutcome> => {
    keys += 1;
    return await committer.commit({
      ...{ clientId: 'anna', clientName: 'Anna', key: `key-${keys}`, epoch: undefined },
      ...{ changes, manifests: [], chunks, cause: 'sync' },
    });
  };
  const names = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { name } of objects.list()) found.push(name);
    return found;
  };
  /** A sweep, a day and more, and another: what nothing needs is gone then. */
  const sweepTwice = async () => {
    await sweep({ ...ports, objects });
    await clock.advance(DAY + HOUR);
    return await sweep({ ...ports, objects });
  };
  return { ...ports, objects, commit, names, sweepTwice };
}

type World = Awaited<ReturnType<typeof setUp>>;

const create = (node: string, { hash, size }: { hash: string; size: number }): Change => ({
  type: 'create',
  node,
  kind: 'file',
  place: { parent: 'root', name: node },
  content: { checksum: hash, size, mtime: 0, executable: false },
});

const missing = ({ metadata }: World, name: string): Promise<string[]> =>
  metadata.missingChunks(FOLDER, [chunkOf(name).hash]);

/** D19: whatever a node or the history names can be read. */
async function dangling(world: World): Promise<string[]> {
  const records = await world.metadata.history(FOLDER, { limit: 1000 });
  const contents = records.flatMap(({ before, after }) => [before, after]);
  const hashes = contents.flatMap((entry) => (entry?.kind === 'file' ? [entry.checksum] : []));
  const lacking = await world.metadata.missingChunks(FOLDER, hashes);
  const places = await world.metadata.chunkPlaces(FOLDER, hashes);
  for await (const _ of world.packs.read(places));
  return lacking;
}

describe('sweep', () => {
  it('frees what nothing needs, a day after it was seen first, and nothing else', async () => {
    const world = await setUp();
    await world.commit([create('kept', chunkOf('kept'))], [chunkOf('kept')]);
    await storeChunks(world, [chunkOf('never used')]);
    await sweep(world);
    await world.clock.advance(HOUR);
    expect(await sweep(world)).toMatchObject({ chunks: 0, packs: 0 });
    expect(await missing(world, 'never used')).toEqual([]);
    await world.clock.advance(DAY);
    expect(await sweep(world)).toMatchObject({ chunks: 1 });
    expect(await missing(world, 'never used')).toHaveLength(1);
    expect(await world.names()).toHaveLength(2);
    await world.clock.advance(DAY);
    expect(await sweep(world)).toMatchObject({ packs: 1 });
    expect(await world.names()).toHaveLength(1);
    expect(await dangling(world)).toEqual([]);
  });

  it('keeps what only the history names, until the history is pruned', async () => {
    const world = await setUp();
    const { size } = chunkOf('old');
    await world.commit([create('f', chunkOf('old'))], [chunkOf('old')]);
    const fresh = { checksum: chunkOf('new').hash, size, mtime: 0, executable: false, replaces: 1 };
    await world.commit([{ type: 'update', node: 'f', content: fresh }], [chunkOf('new')]);
    await world.sweepTwice();
    expect(await missing(world, 'old')).toEqual([]);
    await world.metadata.pruneHistory(FOLDER, world.clock.now());
    await world.sweepTwice();
    // The last record of a node is kept, and with it what that replaced.
    expect(await missing(world, 'old')).toEqual([]);
    expect(await missing(world, 'new')).toEqual([]);
  });

  it('removes objects that no row ever named, as a crash between pack and rows leaves them', async () => {
    const world = await setUp();
    await world.packs.append([chunkOf('left behind')]);
    await world.sweepTwice();
    expect(await world.names()).toEqual([]);
  });

  it('puts what is needed of mostly unneeded packs into new ones; the old ones stay a day for their readers', async () => {
    const world = await setUp();
    const all = ['a', 'b', 'c', 'd', 'e'].map(chunkOf);
    await world.commit([create('a', chunkOf('a'))], all);
    const before = await world.metadata.chunkPlaces(FOLDER, [chunkOf('a').hash]);
    await world.sweepTwice();
    const places = await world.metadata.chunkPlaces(FOLDER, [chunkOf('a').hash]);
    expect(places[0]?.pack).not.toBe(before[0]?.pack);
    for await (const { bytes } of world.packs.read(before))
      expect(Buffer.from(bytes).toString()).toBe('a'.repeat(20));
    await world.sweepTwice();
    expect(await world.names()).toEqual([places[0]?.pack]);
    expect(await dangling(world)).toEqual([]);
  });

  it('[D17] a commit that reuses a chunk, at any moment of a sweep, has it or is asked for it', async () => {
    for (let at = 1; ; at += 1) {
      const world = await setUp();
      await storeChunks(world, [chunkOf('reused'), chunkOf('other')]);
      await sweep(world);
      await world.clock.advance(2 * DAY);
      let outcome: CommitOutcome | undefined;
      let calls = 0;
      const before = async (): Promise<void> => {
        calls += 1;
        if (calls === at) outcome = await world.commit([create('f', chunkOf('reused'))]);
      };
      await sweep({ ...world, metadata: watched(world.metadata, before) });
      if (calls < at) {
        expect(at).toBeGreaterThan(10);
        break;
      }
      expect(['accepted', 'missing']).toContain(outcome?.type);
      if (outcome?.type === 'missing')
        await world.commit([create('f', chunkOf('reused'))], [chunkOf('reused')]);
      await world.sweepTwice();
      expect(await dangling(world), `before call ${at}`).toEqual([]);
      expect(await missing(world, 'reused')).toEqual([]);
    }
  });

  it('[D18] [D19] a sweep that fails at any step leaves nothing dangling, and the next one goes on', async () => {
    for (let at = 1; ; at += 1) {
      const world = await setUp();
      await world.commit([create('kept', chunkOf('kept'))], [chunkOf('kept'), chunkOf('unused')]);
      await storeChunks(world, [chunkOf('unused too'), chunkOf('and this')]);
      await sweep(world);
      await world.clock.advance(2 * DAY);
      let calls = 0;
      const before = async (): Promise<void> => {
        calls += 1;
        if (calls === at) throw new ObjectFailure('unavailable', 'it ends here');
      };
      const failing = {
        ...world,
        metadata: watched(world.metadata, before),
        objects: watched<ObjectStore>(world.objects, before),
      };
      const failed = await sweep(failing).then(
        () => false,
        () => true,
      );
      if (!failed) {
        expect(at).toBeGreaterThan(12);
        break;
      }
      expect(await dangling(world), `at call ${at}`).toEqual([]);
      for (let day = 0; day < 3; day += 1) await world.sweepTwice();
      expect(await dangling(world)).toEqual([]);
      expect(await missing(world, 'unused too')).toHaveLength(1);
      expect(await world.names()).toHaveLength(1);
    }
  });

  it('ends between two steps when it is to, and is none the worse for it', async () => {
    const world = await setUp();
    await storeChunks(world, [chunkOf('unused')]);
    expect(await sweep({ ...world, signal: AbortSignal.abort() })).toMatchObject({ chunks: 0 });
    await world.sweepTwice();
    expect(await missing(world, 'unused')).toHaveLength(1);
  });

  it('forgets answers to commits after 30 days', async () => {
    const world = await setUp();
    await world.commit([create('f', chunkOf('f'))], [chunkOf('f')]);
    await world.clock.advance(31 * DAY);
    await sweep(world);
    const known = await world.metadata.transaction(FOLDER, (tx) => tx.commitByKey('anna', 'key-1'));
    expect(known).toBeUndefined();
  });
});

/** The same, with something before each call. */
function watched<T extends object>(real: T, before: () => Promise<void>): T {
  return new Proxy(real, {
    get(_, name) {
      const method = Reflect.get(real, name);
      if (typeof method !== 'function') return method;
      if (name === 'list') {
        return async function* () {
          await before();
          yield* method.call(real);
        };
      }
      return async (...args: unknown[]) => {
        await before();
        return await method.apply(real, args);
      };
    },
  });
}
