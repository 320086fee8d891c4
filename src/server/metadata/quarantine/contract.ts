import { describe, expect, it } from 'vitest';
import type { ChunkPlace, MetadataStore, Quarantined } from '../../ports.ts';
import { chunkPlace, FOLDER, fileEntry, hashOf, writeSteps } from '../sample.ts';

type Get = () => MetadataStore;

const rotten = (place: ChunkPlace, since = 1_000): Quarantined => ({
  ...place,
  since,
  reason: 'changed',
});
const ALL = { limit: 99 };
const [a, b, c] = ['a', 'b', 'c'].map(hashOf) as [string, string, string];

/** The part of the contract about chunks that rotted. */
export function quarantineContract(store: Get): void {
  describe('quarantine', () => {
    describe('of chunks', () => takingContract(store));
    describe('and scrubbing', () => scrubbingContract(store));
    describe('and contents', () => contentsContract(store));
  });
}

function takingContract(store: Get): void {
  it('[D12] what is taken is missing, and told with where it lay', async () => {
    await store().addChunks(FOLDER, [chunkPlace('a', { encoding: 'zstd' }), chunkPlace('b')]);
    const one: Quarantined = {
      ...chunkPlace('a', { encoding: 'zstd' }),
      since: 7,
      reason: 'absent',
    };
    expect(await store().quarantine(FOLDER, [one])).toEqual([a]);
    expect(await store().missingChunks(FOLDER, [a, b])).toEqual([a]);
    expect(await store().chunkPlaces(FOLDER, [a, b])).toEqual([chunkPlace('b')]);
    expect(await store().quarantined(FOLDER, ALL)).toEqual([{ ...one, number: 1 }]);
    expect(await store().counts(FOLDER)).toMatchObject({ chunks: 1, quarantined: 1, healed: 0 });
    expect(await store().quarantined('other', ALL)).toEqual([]);
  });

  it('what lies elsewhere by now, is not stored or is taken already stays as it is', async () => {
    await store().addChunks(FOLDER, [chunkPlace('a'), chunkPlace('b')]);
    const elsewhere = [chunkPlace('a', { pack: 'p2' }), chunkPlace('b', { offset: 1 })];
    const found = [...elsewhere, chunkPlace('c')].map((place) => rotten(place));
    expect(await store().quarantine(FOLDER, found)).toEqual([]);
    const twice = [rotten(chunkPlace('a')), rotten(chunkPlace('a'))];
    expect(await store().quarantine(FOLDER, twice)).toEqual([a]);
    expect(await store().quarantine(FOLDER, twice)).toEqual([]);
    expect(await store().missingChunks(FOLDER, [a, b])).toEqual([a]);
    expect(await store().quarantined(FOLDER, ALL)).toHaveLength(1);
  });

  it('[D12] a good copy heals it, whichever way it is added; a record stays', async () => {
    await store().addChunks(FOLDER, [chunkPlace('a'), chunkPlace('b'), chunkPlace('c')]);
    const all = [chunkPlace('a'), chunkPlace('b'), chunkPlace('c')].map((one) => rotten(one));
    await store().quarantine(FOLDER, all);
    await store().addChunks(FOLDER, [chunkPlace('a', { pack: 'p2' })]);
    await store().transaction(FOLDER, (tx) => tx.addChunks([chunkPlace('b', { pack: 'p2' })]));
    expect((await store().quarantined(FOLDER, ALL)).map(({ hash }) => hash)).toEqual([c]);
    expect(await store().counts(FOLDER)).toMatchObject({ chunks: 2, quarantined: 1, healed: 2 });
    expect(await store().chunkPlaces(FOLDER, [a])).toEqual([chunkPlace('a', { pack: 'p2' })]);
  });

  it('what a transaction that throws has added heals nothing', async () => {
    await store().addChunks(FOLDER, [chunkPlace('a')]);
    await store().quarantine(FOLDER, [rotten(chunkPlace('a'))]);
    const refused = store().transaction(FOLDER, async (tx) => {
      await tx.addChunks([chunkPlace('a', { pack: 'p2' })]);
      throw new Error('refused');
    });
    await expect(refused).rejects.toThrow('refused');
    expect(await store().quarantined(FOLDER, ALL)).toHaveLength(1);
  });

  it('what rots again is taken again, under a greater number', async () => {
    for (const pack of ['p1', 'p2']) {
      await store().addChunks(FOLDER, [chunkPlace('a', { pack })]);
      expect(await store().quarantine(FOLDER, [rotten(chunkPlace('a', { pack }))])).toEqual([a]);
    }
    const [again] = await store().quarantined(FOLDER, ALL);
    expect(again).toMatchObject({ pack: 'p2', number: 2 });
    expect(await store().counts(FOLDER)).toMatchObject({ quarantined: 1, healed: 1 });
  });

  it('is told in pages, the newest first', async () => {
    const places = ['a', 'b', 'c'].map((text) => chunkPlace(text));
    await store().addChunks(FOLDER, places);
    for (const place of places) await store().quarantine(FOLDER, [rotten(place)]);
    const page = (before?: number) =>
      store().quarantined(FOLDER, { limit: 2, ...(before !== undefined && { before }) });
    const first = await page();
    expect(first.map(({ hash }) => hash)).toEqual([c, b]);
    expect((await page(first.at(-1)?.number)).map(({ hash }) => hash)).toEqual([a]);
  });

  it('what is forgotten stays missing, and counts as neither', async () => {
    await store().addChunks(FOLDER, [chunkPlace('a')]);
    await store().quarantine(FOLDER, [rotten(chunkPlace('a'))]);
    await store().forgetQuarantined(FOLDER, [a, b]);
    expect(await store().quarantined(FOLDER, ALL)).toEqual([]);
    expect(await store().missingChunks(FOLDER, [a])).toEqual([a]);
    expect(await store().counts(FOLDER)).toMatchObject({ quarantined: 0, healed: 0 });
  });
}

function contentsContract(store: Get): void {
  it('tells the contents that a chunk is a part of, living or in the history', async () => {
    const part = (text: string) => ({ hash: hashOf(text), size: 9 });
    const large = (name: string, chunks: string[]) => {
      const checksum = hashOf(name);
      return { checksum, size: 18, chunks: chunks.map(part) };
    };
    await store().transaction(FOLDER, (tx) =>
      tx.addManifests([large('living', ['a', 'b']), large('old', ['b']), large('never', ['b'])]),
    );
    const step = (node: string, text: string) => ({
      node,
      entry: fileEntry(node, { checksum: hashOf(text), size: 18 }),
    });
    await writeSteps(store(), [step('n', 'old'), step('m', 'c')]);
    await writeSteps(store(), [step('n', 'living')]);
    const merged = { mergedFrom: [{ checksum: hashOf('merged'), size: 6 }] };
    await writeSteps(store(), [step('m', 'd')], merged);
    const asked = [a, b, c, hashOf('merged'), hashOf('none')];
    const found = await store().contentsWith(FOLDER, asked);
    const sorted = [...found].map(([hash, contents]) => [hash, [...contents].sort()]);
    expect(sorted).toEqual([
      [a, [hashOf('living')]],
      [b, [hashOf('living'), hashOf('old')].sort()],
      [c, [c]],
      [hashOf('merged'), [hashOf('merged')]],
    ]);
    expect(await store().contentsWith('other', [a])).toEqual(new Map());
  });
}

function scrubbingContract(store: Get): void {
  it('tells the stored chunks in the order of hashes, in pages', async () => {
    const places = Array.from({ length: 20 }, (_, n) => chunkPlace(`chunk ${n}`));
    await store().addChunks(FOLDER, places);
    const told: string[] = [];
    for (let after = ''; ; after = told.at(-1) ?? '') {
      const page = await store().chunksAfter(FOLDER, after, 7);
      if (page.length === 0) break;
      expect(page.length).toBeLessThanOrEqual(7);
      told.push(...page.map(({ hash }) => hash));
    }
    expect(told).toEqual(places.map(({ hash }) => hash).sort());
    const [first] = await store().chunksAfter(FOLDER, '', 1);
    expect(places).toContainEqual(first);
    expect(await store().chunksAfter('other', '', 9)).toEqual([]);
  });

  it('tells the packs that chunks lie in, and how long each must be', async () => {
    await store().addChunks(FOLDER, [
      chunkPlace('a', { pack: 'p1', offset: 49, length: 7 }),
      chunkPlace('b', { pack: 'p1', offset: 2 ** 33, length: 5 }),
      chunkPlace('c', { pack: 'p2', offset: 49, length: 1 }),
    ]);
    expect(await store().packs(FOLDER)).toEqual(
      new Map([
        ['p1', 2 ** 33 + 5],
        ['p2', 50],
      ]),
    );
    await store().quarantine(FOLDER, [rotten(chunkPlace('c', { pack: 'p2', offset: 49 }))]);
    expect([...(await store().packs(FOLDER)).keys()]).toEqual(['p1']);
    expect(await store().packs('other')).toEqual(new Map());
  });

  it('remembers how far it has come', async () => {
    expect(await store().scrubbing(FOLDER)).toBeUndefined();
    await store().putScrubbing(FOLDER, { after: '', begun: 1_000 });
    await store().putScrubbing(FOLDER, { after: a, begun: 2_000 });
    expect(await store().scrubbing(FOLDER)).toEqual({ after: a, begun: 2_000 });
    expect(await store().scrubbing('other')).toBeUndefined();
  });
}
