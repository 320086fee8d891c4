import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BackUpParts, BackupOfAnother, BackupTooSlow, backUp } from './back-up.ts';
import { readRecord } from './backup-record.ts';
import { type MemoryClock, memoryClock } from './clock-memory.ts';
import { findRotten } from './find-rotten.ts';
import { FOLDER, fileEntry, writeSteps } from './metadata/sample.ts';
import { putBackMetadata } from './metadata/sqlite/put-back.ts';
import { takeSnapshot } from './metadata/sqlite/snapshot.ts';
import { openSqliteMetadata } from './metadata/sqlite/store.ts';
import { type MemoryObjects, memoryObjects } from './objects/memory.ts';
import { createPacks } from './packs.ts';
import type { MetadataStore, ObjectStore } from './ports.ts';
import { BackupDamaged, NothingToRestore, type RestoreParts, restore } from './restore.ts';

const DAY = 24 * 60 * 60 * 1000;
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

let directory: string;
let metadata: MetadataStore;
/** The server's. */
let objects: MemoryObjects;
/** The backup's. */
let kept: MemoryObjects;
let clock: MemoryClock;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'syncer-'));
  metadata = await openSqliteMetadata({ path: join(directory, 'metadata.sqlite') });
  await metadata.openFolder(FOLDER, 'epoch-1');
  objects = memoryObjects();
  kept = memoryObjects();
  clock = memoryClock(1_000 * DAY);
});
afterEach(async () => {
  await metadata.close();
  await rm(directory, { recursive: true, force: true });
});

/** As a commit does it: bytes, then rows. Each file has a pack of its own. */
async function save(...texts: string[]): Promise<void> {
  const packs = createPacks({ objects, packBytes: 10, newName: randomUUID });
  for (const text of texts) {
    const places = await packs.append([{ hash: hashOf(text), bytes: Buffer.from(text) }]);
    await metadata.addChunks(FOLDER, places);
    const entry = fileEntry(text, { checksum: hashOf(text), size: text.length });
    await writeSteps(metadata, [{ node: `node of ${text}`, entry }]);
  }
}

const backUpWith = (more: Partial<BackUpParts> = {}) =>
  backUp({
    ...{ source: objects, target: kept, folder: FOLDER, clock, version: '1.2.3' },
    ...{ newId: randomUUID, isVerified: false, progressed: () => {} },
    takeSnapshot: () =>
      takeSnapshot({
        from: join(directory, 'metadata.sqlite'),
        to: join(directory, 'snapshot.sqlite'),
      }),
    ...more,
  });

/** For a backup that comes later. */
async function snapshotOfNow(): Promise<BackUpParts['takeSnapshot']> {
  const from = join(directory, 'metadata.sqlite');
  const early = await takeSnapshot({ from, to: join(directory, 'early.sqlite') });
  return async () => early;
}

let restored = 0;

/** Into another directory; answers what a server would find there. */
async function restoreAll(more: Partial<RestoreParts> = {}, at?: string) {
  restored += 1;
  const path = at ?? join(directory, `restored-${restored}.sqlite`);
  const target = memoryObjects();
  const result = await restore({
    ...{ source: kept, target, folder: FOLDER, clock, newId: randomUUID },
    ...{ isVerified: false, progressed: () => {} },
    putBack: (bytes) => putBackMetadata(path, bytes),
    ...more,
  });
  const store = await openSqliteMetadata({ path });
  const state = await store.folder(FOLDER);
  const nodes = await store.allNodes(FOLDER, { after: undefined, limit: 1000 });
  const missing = await store.missingChunks(
    FOLDER,
    nodes.flatMap(([, entry]) => (entry.kind === 'file' ? [entry.checksum] : [])),
  );
  const rotten: string[] = [];
  const packs = createPacks({ objects: target, newName: randomUUID });
  for await (const { place } of findRotten({ metadata: store, folder: FOLDER, packs })) {
    rotten.push(place.hash);
  }
  await store.close();
  const names = nodes.map(([, { name }]) => name).sort();
  return { ...result, state, names, missing, rotten };
}

const packOf = async (text: string): Promise<string> => {
  const [place] = await metadata.chunkPlaces(FOLDER, [hashOf(text)]);
  if (place === undefined) throw new Error(`${text} is not stored`);
  return place.pack;
};

async function namesIn(store: ObjectStore): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of store.list()) names.push(name);
  return names;
}

const flip = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte));

describe('[D20] a backup', () => {
  it('holds everything of one moment, whatever is saved while it is made', async () => {
    await save('a', 'b');
    let saved = 0;
    const record = await backUpWith({
      progressed: () => {
        saved += 1;
        void save(`later ${saved}`);
      },
    });
    expect(record).toMatchObject({
      ...{ format: 1, number: 1, version: '1.2.3', epoch: 'epoch-1', cursor: 2 },
      ...{ files: 2, chunks: 2, packs: 2, missing_packs: [], damaged_chunks: null },
      time: new Date(1_000 * DAY).toISOString(),
    });
    expect(await restoreAll()).toMatchObject({ names: ['a', 'b'], missing: [], rotten: [] });
  });

  it('copies only what is new, and removes what nothing needs, at the end', async () => {
    await save('a', 'b');
    await backUpWith();
    await metadata.quarantine(FOLDER, [
      { ...(await placeOf('a')), since: 1, reason: 'changed' } as const,
    ]);
    await save('c');
    const before = kept.asked.puts;
    const record = await backUpWith();
    expect(kept.asked.puts - before).toBe(3);
    expect(record).toMatchObject({ number: 2, packs: 2 });
    const packs = [await packOf('b'), await packOf('c')];
    expect((await namesIn(kept)).sort()).toEqual(
      [...packs, record.snapshot, 'record-0000000000000002'].sort(),
    );
  });

  it('that was interrupted anywhere leaves the one before as it was, and goes on', async () => {
    await save('a', 'b', 'c');
    const gone = await packOf('a');
    const place = await placeOf('a');
    await backUpWith();
    await metadata.quarantine(FOLDER, [{ ...place, since: 1, reason: 'changed' }]);
    await save('d', 'e');
    // A pack, the other pack, the metadata, the record: each but the last is there at the next try.
    for (const at of [1, 1, 2, 2]) {
      kept.failPut(at, 'unavailable');
      await expect(backUpWith()).rejects.toMatchObject({ code: 'unavailable' });
      expect((await namesIn(kept)).includes(gone)).toBe(true);
      expect(await restoreAll()).toMatchObject({
        ...{ names: ['a', 'b', 'c'], missing: [], rotten: [], record: { number: 1 } },
      });
    }
    expect(await backUpWith()).toMatchObject({ number: 2 });
    expect((await namesIn(kept)).includes(gone)).toBe(false);
    expect(await restoreAll()).toMatchObject({ names: ['a', 'b', 'c', 'd', 'e'], rotten: [] });
  });

  it('that never became complete is none', async () => {
    await save('a');
    kept.failPut(3, 'unavailable');
    await expect(backUpWith()).rejects.toMatchObject({ code: 'unavailable' });
    expect(await readRecord(kept)).toBeUndefined();
    await expect(restoreAll()).rejects.toThrow(NothingToRestore);
  });

  it('that took longer than a day says so, and is none', async () => {
    await save('a');
    await backUpWith();
    await save('b');
    const times = [0, DAY + 1].values();
    const slow = backUpWith({ clock: { now: () => times.next().value ?? 0 } });
    await expect(slow).rejects.toThrow(BackupTooSlow);
    expect(await restoreAll()).toMatchObject({ names: ['a'], missing: [] });
    expect(await backUpWith()).toMatchObject({ number: 2, packs: 2 });
  });

  it('never takes the place of another history’s, nor of a later moment', async () => {
    await save('a');
    const takeSnapshot = await snapshotOfNow();
    await save('b');
    await backUpWith();
    await expect(backUpWith({ takeSnapshot })).rejects.toThrow(BackupOfAnother);
    const path = join(directory, 'metadata.sqlite');
    await metadata.close();
    await rm(path);
    metadata = await openSqliteMetadata({ path });
    await metadata.openFolder(FOLDER, 'epoch-1');
    await save('c', 'd', 'e');
    await expect(backUpWith()).rejects.toThrow(BackupOfAnother);
    expect(await restoreAll()).toMatchObject({ names: ['a', 'b'], missing: [], rotten: [] });
  });

  it('goes on after the server was restored from it', async () => {
    await save('a', 'b');
    await backUpWith();
    const path = join(directory, 'metadata.sqlite');
    await metadata.close();
    await restoreAll({ putBack: (bytes) => putBackMetadata(path, bytes), target: objects }, path);
    metadata = await openSqliteMetadata({ path });
    await save('c');
    expect(await backUpWith()).toMatchObject({ number: 2, cursor: 3 });
  });

  it('whose record cannot be read is none, and the next one takes its place', async () => {
    await save('a');
    await backUpWith();
    kept.damage('record-0000000000000001', () => Buffer.from('{"format": 1'));
    await expect(restoreAll()).rejects.toThrow(NothingToRestore);
    expect(await backUpWith()).toMatchObject({ number: 2 });
    expect(await restoreAll()).toMatchObject({ names: ['a'] });
  });

  it('whose metadata rotted is not restored', async () => {
    await save('a');
    const { snapshot } = await backUpWith();
    kept.damage(snapshot, (bytes) => bytes.map((byte, at) => (at === 5000 ? byte ^ 1 : byte)));
    await expect(restoreAll()).rejects.toThrow(BackupDamaged);
  });

  it('names the packs that the server lacks; what was copied before they rotted is kept', async () => {
    await save('a', 'b');
    await backUpWith();
    await save('c');
    const pack = await packOf('c');
    await objects.delete(pack);
    objects.damage(await packOf('a'), (bytes) => bytes.slice(0, 10));
    expect(await backUpWith()).toMatchObject({ missing_packs: [pack], packs: 3 });
    expect(await restoreAll()).toMatchObject({
      ...{ names: ['a', 'b', 'c'], missing: [hashOf('c')], rotten: [], lost: 1 },
    });
  });

  it('verified, mends what rotted in it, and counts what it cannot mend', async () => {
    await save('a', 'b', 'c');
    await backUpWith();
    for (const text of ['a', 'b']) kept.damage(await packOf(text), flip);
    objects.damage(await packOf('b'), flip);
    expect(await backUpWith()).toMatchObject({ damaged_chunks: null });
    const steps: string[] = [];
    const progressed: BackUpParts['progressed'] = ({ step }) => void steps.push(step);
    const record = await backUpWith({ isVerified: true, progressed });
    expect(record).toMatchObject({ damaged_chunks: 1 });
    expect(new Set(steps)).toEqual(new Set(['copy', 'verify']));
    expect(await restoreAll()).toMatchObject({ rotten: [hashOf('b')], lost: 0 });
    expect(await restoreAll({ isVerified: true })).toMatchObject({
      ...{ rotten: [], missing: [hashOf('b')], lost: 1 },
    });
  });
});

describe('[B17] what is restored', () => {
  it('is the history as it was, under another name', async () => {
    await save('a', 'b');
    await backUpWith();
    const { state, epoch } = await restoreAll();
    const before = await metadata.folder(FOLDER);
    expect(state).toEqual({ ...before, epoch });
    expect(epoch).not.toBe('epoch-1');
    expect((await restoreAll()).epoch).not.toBe(epoch);
  });

  it('can be restored again after it was interrupted, without copying twice', async () => {
    await save('a', 'b', 'c');
    await backUpWith();
    const target = memoryObjects();
    target.failPut(3, 'full');
    await expect(restoreAll({ target })).rejects.toMatchObject({ code: 'full' });
    const before = target.asked.puts;
    await restoreAll({ target });
    expect(target.asked.puts - before).toBeLessThan(3);
  });
});

const placeOf = async (text: string) => {
  const [place] = await metadata.chunkPlaces(FOLDER, [hashOf(text)]);
  if (place === undefined) throw new Error(`${text} is not stored`);
  return place;
};
