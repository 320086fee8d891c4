import { beforeEach, describe, expect, it } from 'vitest';
import { type MemoryClock, memoryClock } from './clock-memory.ts';
import { guardReads } from './guard-reads.ts';
import { createLog } from './log.ts';
import { MemoryMetadata } from './metadata/memory.ts';
import { FOLDER, fileEntry, hashOf, writeSteps } from './metadata/sample.ts';
import { createMetrics } from './metrics.ts';
import { type MemoryObjects, memoryObjects } from './objects/memory.ts';
import { createPacks, type Packs } from './packs.ts';
import { createQuarantine, type Quarantine } from './quarantine.ts';
import { recheckQuarantine } from './recheck-quarantine.ts';
import { createScrub, type Scrub } from './scrub.ts';
import { storeChunks } from './store-chunks.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const COUNT = 200;
const texts = Array.from({ length: COUNT }, (_, n) => `chunk ${n}`);

let metadata: MemoryMetadata;
let objects: MemoryObjects;
let clock: MemoryClock;
let stored: Packs;
let quarantine: Quarantine;
let packs: Packs;
let read: string[];
let lines: string[];
beforeEach(async () => {
  metadata = new MemoryMetadata();
  await metadata.openFolder(FOLDER, 'epoch');
  objects = memoryObjects();
  clock = memoryClock(1_000_000 * DAY);
  const names = Array.from({ length: 1000 }, (_, n) => `pack-${n}`).values();
  stored = createPacks({ objects, packBytes: 1000, newName: () => names.next().value ?? '' });
  lines = [];
  read = [];
  quarantine = createQuarantine({ ...view(), metrics: createMetrics(), onTaken: () => {} });
  packs = guardReads(stored, quarantine);
  await store(texts);
});

const view = () => {
  const log = createLog({ sinks: [(line) => void lines.push(line)] });
  return { metadata, folder: FOLDER, clock, log };
};

async function store(chunks: readonly string[]): Promise<void> {
  const named = chunks.map((text) => ({ hash: hashOf(text), bytes: Buffer.from(text) }));
  await storeChunks({ ...view(), packs: stored }, named);
}

/** Everything that one is asked to read is noted. */
const watched: Pick<Packs, 'read'> = {
  read: (places) => {
    read.push(...places.map(({ hash }) => hash));
    return packs.read(places);
  },
};

const begun = (days: number | null): Scrub => {
  const scrub = createScrub({ ...view(), packs: watched, quarantine, days });
  scrub.run();
  return scrub;
};

async function damage(text: string): Promise<void> {
  const [place] = await metadata.chunkPlaces(FOLDER, [hashOf(text)]);
  if (place === undefined) throw new Error(`${text} is not stored`);
  objects.damage(place.pack, (bytes) =>
    bytes.map((byte, at) => (at === place.offset ? byte ^ 1 : byte)),
  );
}

describe('the scrub', () => {
  it('reads every chunk once in a cycle, evenly, and then again', async () => {
    const scrub = begun(10);
    const counts: number[] = [];
    for (let day = 0; day < 10; day += 1) {
      await clock.advance(DAY);
      counts.push(read.length);
    }
    await clock.advance(2 * MINUTE);
    expect([...read].sort()).toEqual(texts.map(hashOf).sort());
    for (const [day, count] of counts.entries()) {
      expect(Math.abs(count - (COUNT / 10) * (day + 1))).toBeLessThan(COUNT / 8);
    }
    expect(lines.join('')).toContain('every stored chunk was read and verified');
    await clock.advance(11 * DAY);
    expect(read.length).toBeGreaterThanOrEqual(2 * COUNT);
    await scrub.stop();
  });

  it('goes on after a restart where it was, and catches up after a long time off', async () => {
    const first = begun(10);
    await clock.advance(3 * DAY);
    await first.stop();
    const before = read.length;
    await clock.advance(3 * DAY);
    expect(read.length).toBe(before);
    const second = begun(10);
    await clock.advance(MINUTE);
    expect(read.length).toBeGreaterThan(before + COUNT / 5);
    await clock.advance(4 * DAY + MINUTE);
    expect([...read].sort()).toEqual(texts.map(hashOf).sort());
    await second.stop();
  });

  it('[D12] what rotted is in quarantine, and the rest is read all the same', async () => {
    await damage('chunk 7');
    const scrub = begun(1);
    await clock.advance(DAY + MINUTE);
    expect((await metadata.quarantined(FOLDER, { limit: 9 })).map(({ hash }) => hash)).toEqual([
      hashOf('chunk 7'),
    ]);
    expect(read).toHaveLength(COUNT);
    await scrub.stop();
  });

  it('waits for a disk that does not answer, and takes nothing for rotten', async () => {
    const scrub = begun(1);
    objects.failGet(1);
    objects.failGet(2);
    await clock.advance(DAY + 5 * MINUTE);
    expect(await metadata.quarantined(FOLDER, { limit: 9 })).toEqual([]);
    expect(new Set(read)).toEqual(new Set(texts.map(hashOf)));
    expect(lines.join('')).toContain('cannot be read now');
    await scrub.stop();
  });

  it('[D12] what the disk does not give for an hour, while it gives all else, is in quarantine', async () => {
    const [place] = await metadata.chunkPlaces(FOLDER, [hashOf('chunk 7')]);
    objects.unreadable.add(place?.pack ?? '');
    const scrub = begun(1);
    await clock.advance(2 * DAY);
    const inIt = await metadata.quarantined(FOLDER, { limit: 99 });
    expect(inIt.length).toBeGreaterThan(1);
    for (const one of inIt) expect(one).toMatchObject({ pack: place?.pack, reason: 'unreadable' });
    expect(new Set(read)).toEqual(new Set(texts.map(hashOf)));
    await scrub.stop();
    objects.unreadable.clear();
    for (const [n, { hash }] of inIt.entries()) {
      const entry = fileEntry(`f${n}`, { checksum: hash, size: 7 });
      await writeSteps(metadata, [{ node: `f${n}`, entry }]);
    }
    await recheckQuarantine({ ...view(), stored });
    expect(await metadata.counts(FOLDER)).toMatchObject({ quarantined: 0, healed: inIt.length });
  });

  it('a disk that is not there for days puts nothing into quarantine', async () => {
    for await (const { name } of objects.list()) objects.unreadable.add(name);
    const scrub = begun(1);
    await clock.advance(3 * DAY);
    expect(await metadata.quarantined(FOLDER, { limit: 9 })).toEqual([]);
    objects.unreadable.clear();
    await clock.advance(3 * DAY);
    expect(new Set(read)).toEqual(new Set(texts.map(hashOf)));
    await scrub.stop();
  });

  it('a clock that is put back does not stop it', async () => {
    await metadata.putScrubbing(FOLDER, { after: '', begun: clock.now() + 365 * DAY });
    const scrub = begun(1);
    await clock.advance(DAY + MINUTE);
    expect(read.length).toBe(COUNT);
    await scrub.stop();
  });

  it('stops at once, and reads nothing where it is turned off', async () => {
    const off = begun(null);
    await clock.advance(DAY);
    expect(read).toEqual([]);
    await off.stop();
  });
});

describe('what is in quarantine', () => {
  const recheck = () => recheckQuarantine({ ...view(), stored });
  const hash = hashOf('chunk 7');

  async function rotten(): Promise<void> {
    const entry = fileEntry('f', { checksum: hash, size: 7 });
    await writeSteps(metadata, [{ node: 'f', entry }]);
    await damage('chunk 7');
    const places = await metadata.chunkPlaces(FOLDER, [hash]);
    const reading = async (): Promise<void> => {
      for await (const _ of packs.read(places)) throw new Error('it did not rot');
    };
    await expect(reading()).rejects.toThrow('not what it was');
    expect(await metadata.missingChunks(FOLDER, [hash])).toEqual([hash]);
  }

  it('leaves it when the disk gives it again as it was', async () => {
    await rotten();
    await recheck();
    expect(await metadata.counts(FOLDER)).toMatchObject({ quarantined: 1 });
    const [one] = await metadata.quarantined(FOLDER, { limit: 1 });
    objects.damage(one?.pack ?? '', (bytes) =>
      bytes.map((byte, at) => (at === one?.offset ? byte ^ 1 : byte)),
    );
    await recheck();
    expect(await metadata.counts(FOLDER)).toMatchObject({ quarantined: 0, healed: 1 });
    expect(await metadata.missingChunks(FOLDER, [hash])).toEqual([]);
  });

  it('leaves it when nothing needs it any more, and stays missing', async () => {
    await rotten();
    await damage('chunk 8');
    const scrub = begun(1);
    await clock.advance(DAY + MINUTE);
    await scrub.stop();
    expect(await metadata.counts(FOLDER)).toMatchObject({ quarantined: 2 });
    await recheck();
    const left = await metadata.quarantined(FOLDER, { limit: 9 });
    expect(left.map((one) => one.hash)).toEqual([hash]);
    expect(await metadata.missingChunks(FOLDER, [hashOf('chunk 8')])).toHaveLength(1);
    expect(await metadata.counts(FOLDER)).toMatchObject({ healed: 0 });
  });
});
