import { describe, expect, it } from 'vitest';
import type { ChunkPlace, MetadataStore, Unused } from '../../ports.ts';
import { chunkPlace, FOLDER, fileEntry, hashOf, writeSteps } from '../sample.ts';

type Get = () => MetadataStore;

const [a, b] = ['a', 'b'].map(hashOf) as [string, string];
const NONE: Unused = { since: 0, chunks: [], manifests: [], now: 0, before: 0 };

/** The part of the contract about what nothing needs any more. */
export function sweepingContract(store: Get): void {
  describe('sweeping', () => {
    describe('of chunks', () => chunksContract(store));
    describe('of packs', () => packsContract(store));
    describe('of commits', () => commitsContract(store));
  });
}

function chunksContract(store: Get): void {
  const drop = (unused: Partial<Unused>) => store().dropUnused(FOLDER, { ...NONE, ...unused });
  const chunks: ChunkPlace[] = [chunkPlace('a'), chunkPlace('b')];

  it('a chunk is noted first, and goes when it was noted long ago', async () => {
    await store().addChunks(FOLDER, chunks);
    expect(await drop({ chunks, now: 10, before: 5 })).toEqual([]);
    expect(await drop({ chunks, now: 14, before: 9 })).toEqual([]);
    expect(await drop({ chunks, now: 15, before: 10 })).toEqual([a, b]);
    expect(await store().missingChunks(FOLDER, [a, b])).toEqual([a, b]);
    expect(await drop({ chunks, now: 99, before: 90 })).toEqual([]);
  });

  it('one that was needed in between begins anew', async () => {
    await store().addChunks(FOLDER, chunks);
    await drop({ chunks, now: 10, before: 5 });
    await drop({ chunks: chunks.slice(1), now: 11, before: 5 });
    await store().forgetUnused(FOLDER, 11);
    expect(await drop({ chunks, now: 20, before: 15 })).toEqual([b]);
  });

  it('[D17] what a later change names stays, its parts, and what it was merged from', async () => {
    await store().addChunks(FOLDER, [...chunks, chunkPlace('c')]);
    await drop({ chunks, now: 10, before: 5 });
    const { cursor: since = 0 } = (await store().folder(FOLDER)) ?? {};
    const ref = { hash: b, size: 1 };
    await store().transaction(FOLDER, async (tx) => {
      const parts = [ref, { hash: hashOf('c'), size: 1 }];
      await tx.addManifests([{ checksum: hashOf('whole'), size: 2, chunks: parts }]);
    });
    await writeSteps(store(), [
      { node: 'n', entry: fileEntry('n', { checksum: a }) },
      { node: 'm', entry: fileEntry('m', { checksum: hashOf('whole') }) },
    ]);
    const manifests = [hashOf('whole')];
    expect(await drop({ since, chunks, manifests, now: 20, before: 15 })).toEqual([]);
    expect(await store().manifests(FOLDER, manifests)).toHaveLength(1);
    const now = (await store().folder(FOLDER))?.cursor ?? 0;
    expect(await drop({ since: now, chunks, manifests, now: 20, before: 15 })).toEqual([a, b]);
    expect(await store().manifestsAfter(FOLDER, '', 9)).toEqual([]);
  });

  it('one that lies elsewhere by now stays', async () => {
    await store().addChunks(FOLDER, [chunkPlace('a', { pack: 'new' })]);
    await drop({ chunks, now: 10, before: 5 });
    expect(await drop({ chunks, now: 20, before: 15 })).toEqual([]);
    expect(await store().missingChunks(FOLDER, [a])).toEqual([]);
  });

  it('manifests come in the order of their checksums, in pages', async () => {
    const all = ['x', 'y', 'z'].map((text) => ({
      checksum: hashOf(text),
      size: 1,
      chunks: [{ hash: a, size: 1 }],
    }));
    await store().transaction(FOLDER, (tx) => tx.addManifests(all));
    const sorted = all.toSorted((p, q) => (p.checksum < q.checksum ? -1 : 1));
    expect(await store().manifestsAfter(FOLDER, '', 2)).toEqual(sorted.slice(0, 2));
    expect(await store().manifestsAfter(FOLDER, sorted[1]?.checksum ?? '', 2)).toEqual(
      sorted.slice(2),
    );
  });
}

function packsContract(store: Get): void {
  const condemn = (packs: readonly string[], now: number, before: number) =>
    store().condemnPacks(FOLDER, { packs, now, before });

  it('a pack is noted first, and is due when it was noted long ago', async () => {
    expect(await condemn(['p1', 'p2'], 10, 5)).toEqual([]);
    expect(await condemn(['p1'], 15, 10)).toEqual(['p1']);
    expect(await condemn(['p1', 'p2'], 16, 11)).toEqual(['p1']);
  });

  it('one that a chunk lies in, also in quarantine, is never due', async () => {
    const [one, other] = [chunkPlace('a', { pack: 'p1' }), chunkPlace('b', { pack: 'p2' })];
    await store().addChunks(FOLDER, [one, other]);
    await store().quarantine(FOLDER, [{ ...other, since: 1, reason: 'changed' }]);
    await condemn(['p1', 'p2', 'p3'], 10, 5);
    expect(await condemn(['p1', 'p2', 'p3'], 20, 15)).toEqual(['p3']);
  });

  it('the day of one that held something begins when it no longer does', async () => {
    const place = chunkPlace('a', { pack: 'p1' });
    await store().addChunks(FOLDER, [place]);
    await store().quarantine(FOLDER, [{ ...place, since: 1, reason: 'absent' }]);
    expect(await condemn(['p1'], 10, 5)).toEqual([]);
    await store().addChunks(FOLDER, [place]);
    await store().moveChunks(FOLDER, [{ from: place, to: { ...place, pack: 'p2' } }]);
    expect(await condemn(['p1'], 20, 15)).toEqual([]);
    expect(await condemn(['p1'], 29, 19)).toEqual([]);
    expect(await condemn(['p1'], 30, 20)).toEqual(['p1']);
  });

  it('its use is told, and its chunks move, each only from where it still lies', async () => {
    const [one, other] = [chunkPlace('a', { pack: 'p1' }), chunkPlace('b', { pack: 'p1' })];
    await store().addChunks(FOLDER, [one, other]);
    expect(await store().packUse(FOLDER)).toEqual(
      new Map([['p1', { chunks: 2, bytes: one.length + other.length }]]),
    );
    expect(await store().chunksIn(FOLDER, ['p1', 'none'])).toHaveLength(2);
    const to = { ...one, pack: 'p9', offset: 5, length: 3, encoding: 'zstd' } as const;
    const stale = { from: { ...other, offset: other.offset + 1 }, to: { ...other, pack: 'p9' } };
    await store().moveChunks(FOLDER, [{ from: one, to }, stale]);
    expect(await store().chunkPlaces(FOLDER, [a, b])).toEqual([to, other]);
  });
}

function commitsContract(store: Get): void {
  it('answers from before then are forgotten', async () => {
    await store().transaction(FOLDER, async (tx) => {
      await tx.rememberCommit('anna', { key: 'old', first: 1, last: 1 }, 10);
      await tx.rememberCommit('anna', { key: 'new', first: 2, last: 2 }, 20);
    });
    expect(await store().pruneCommits(FOLDER, 20)).toBe(1);
    const known = (key: string) => store().transaction(FOLDER, (tx) => tx.commitByKey('anna', key));
    expect(await known('old')).toBeUndefined();
    expect(await known('new')).toBeDefined();
  });
}
