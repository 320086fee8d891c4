import { describe, expect, it } from 'vitest';
import { type Checked, check } from './check.ts';
import { MemoryMetadata } from './metadata/memory.ts';
import { directoryEntry, FOLDER, fileEntry, hashOf, writeSteps } from './metadata/sample.ts';
import { memoryObjects } from './objects/memory.ts';
import { createPacks } from './packs.ts';
import type { MetadataStore } from './ports.ts';
import { storeChunks } from './store-chunks.ts';

const bytesOf = (text: string) => ({ hash: hashOf(text), bytes: Buffer.from(text) });
const file = (name: string, text: string, parent = 'root') =>
  fileEntry(name, { parent, checksum: hashOf(text), size: text.length });

/** A small sound server: a file in a directory, one of two chunks, one that was edited. */
async function setUp() {
  const metadata = new MemoryMetadata();
  await metadata.openFolder(FOLDER, 'epoch');
  const objects = memoryObjects();
  let serial = 0;
  const newName = (): string => {
    serial += 1;
    return `pack-${serial}`;
  };
  const packs = createPacks({ objects, newName });
  const store = (...texts: string[]) =>
    storeChunks({ metadata, packs, folder: FOLDER }, texts.map(bytesOf));
  await store('small');
  await store('large 1', 'large 2');
  await store('old', 'new');
  const part = (text: string) => ({ hash: hashOf(text), size: text.length });
  const chunks = ['large 1', 'large 2'].map(part);
  const large = { checksum: hashOf('large 1large 2'), size: 14, chunks };
  await metadata.transaction(FOLDER, (tx) => tx.addManifests([large]));
  await writeSteps(metadata, [
    { node: 'd', entry: directoryEntry('docs') },
    { node: 's', entry: file('small', 'small', 'd') },
    { node: 'l', entry: file('large', 'large 1large 2') },
    { node: 'e', entry: file('edited', 'old') },
  ]);
  await writeSteps(metadata, [{ node: 'e', entry: file('edited', 'new') }]);
  const look = (given: Partial<MetadataStore> = {}, readPercent = 100): Promise<Checked> =>
    check({
      metadata: changed(metadata, given),
      ...{ objects, folder: FOLDER, readPercent, random: () => 0.5 },
      ...{ damage: () => [], progressed: () => {} },
    });
  return { metadata, objects, store, look };
}

/** The store, with answers that a sound one would not give. */
const changed = (metadata: MetadataStore, given: Partial<MetadataStore>): MetadataStore =>
  new Proxy(metadata, {
    get(target, name) {
      const method: unknown = Reflect.get(given, name) ?? Reflect.get(target, name);
      return typeof method === 'function' ? method.bind(target) : method;
    },
  });

const told = ({ findings }: Checked) =>
  findings.map(({ about, message, paths }) => `${about} ${paths.join(' | ')}: ${message}`);

describe('[D19] a check', () => {
  it('finds nothing where everything is sound, and reads what it is asked to read', async () => {
    const { look } = await setUp();
    const sound = { findings: [], broken: 0, nodes: 4, chunks: 5 };
    expect(await look()).toMatchObject({ ...sound, chunksRead: 5 });
    expect(await look({}, 0)).toMatchObject({ ...sound, chunksRead: 0 });
    expect(await look({}, 50)).toMatchObject({ ...sound, chunksRead: 0 });
    expect(await look({}, 51)).toMatchObject({ ...sound, chunksRead: 5 });
  });

  it('counts what nothing refers to, which is no fault', async () => {
    const { look, store, objects } = await setUp();
    await store('for a commit to use');
    await objects.put('left-by-a-crash', Buffer.alloc(7));
    const { broken, unreferenced } = await look();
    expect(broken).toBe(0);
    expect(unreferenced).toEqual({ chunks: 1, packs: 1, bytes: 19 + 7 });
  });

  it('[D13] names the paths whose chunk has no pack, or one that is too short', async () => {
    const { look, objects } = await setUp();
    await objects.delete('pack-1');
    objects.damage('pack-2', (bytes) => bytes.slice(0, -1));
    const lines = told(await look({}, 0)).sort();
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^content docs\/small \| docs\/small \(history\): .*is not there/);
    expect(lines[1]).toMatch(/^content large \| .*ends at/);
  });

  it('[D12] finds rot only where it reads', async () => {
    const { look, objects } = await setUp();
    objects.damage('pack-1', (bytes) => bytes.with(-1, (bytes.at(-1) ?? 0) ^ 1));
    expect((await look({}, 0)).broken).toBe(0);
    const { broken, findings } = await look();
    expect([broken, findings[0]?.paths[0]]).toEqual([1, 'docs/small']);
    expect(findings[0]?.message).toContain('are others than they were');
  });

  it('says of a place that the disk does not give that it cannot be read', async () => {
    const { look, objects } = await setUp();
    objects.unreadable.add('pack-1');
    expect(told(await look())[0]).toContain('pack pack-1 cannot be read: a bad place on the disk');
  });

  it('finds chunks that are missing or in quarantine, also of the history alone', async () => {
    const { look, metadata } = await setUp();
    const places = await metadata.chunkPlaces(FOLDER, [hashOf('old')]);
    const rotten = places.map((one) => ({ ...one, since: 1, reason: 'changed' as const }));
    await metadata.quarantine(FOLDER, rotten);
    const quarantined = told(await look());
    expect(quarantined).toHaveLength(1);
    expect(quarantined[0]).toMatch(/^content edited \(history\): .*is in quarantine/);
    await metadata.forgetQuarantined(FOLDER, [hashOf('old')]);
    expect(told(await look())[0]).toContain('it is not stored');
  });

  it('finds a content that was merged from what is not there', async () => {
    const { look, metadata } = await setUp();
    const mergedFrom = [{ checksum: hashOf('gone'), size: 4 }];
    await writeSteps(metadata, [{ node: 'e', entry: file('edited', 'old') }], { mergedFrom });
    expect(told(await look())[0]).toContain(`edited (history): Chunk ${hashOf('gone')}`);
  });

  it('finds manifests that are gone, or do not add up', async () => {
    const { look } = await setUp();
    const gone = told(await look({ manifests: async () => [] }));
    expect(gone[0]).toContain('large (history): Chunk');
    const checksum = hashOf('large 1large 2');
    const chunks = [{ hash: hashOf('large 1'), size: 7 }];
    const short = told(await look({ manifests: async () => [{ checksum, size: 14, chunks }] }));
    expect(short).toHaveLength(1);
    expect(short[0]).toContain('has 14 bytes, and its chunks 7');
  });

  it('finds nodes without a directory, in a ring, and two at one place', async () => {
    const { look, metadata } = await setUp();
    const nodes = await metadata.allNodes(FOLDER, { after: undefined, limit: 9 });
    const with_ = (parents: Record<string, string>) =>
      nodes.map(([id, entry]) => [id, { ...entry, parent: parents[id] ?? entry.parent }] as const);
    const looked = async (parents: Record<string, string>) =>
      told(await look({ allNodes: async () => with_(parents).map(([id, one]) => [id, one]) }));
    expect(await looked({ s: 'nowhere' })).toContainEqual(
      expect.stringMatching(/^tree \?\/small: Node s lies in no directory/),
    );
    expect(await looked({ d: 'd' })).toContainEqual(
      expect.stringMatching(/^tree docs: 1 directories lie inside one another in a ring/),
    );
    const twice = [
      { place: { parent: 'root', name: 'large' }, node: 'l' },
      { place: { parent: 'root', name: 'large' }, node: 'other' },
    ];
    expect(told(await look({ named: async () => twice }))).toContainEqual(
      expect.stringMatching(/^tree large: Node l is not alone/),
    );
  });

  it('finds nodes, a cursor and a chain that are not what the history says', async () => {
    const { look, metadata } = await setUp();
    const nodes = await metadata.nodes(FOLDER, ['d', 's', 'l', 'e']);
    const without = new Map([...nodes].filter(([id]) => id !== 's'));
    expect(told(await look({ nodes: async () => without }))[0]).toMatch(
      /^history docs\/small: Node s is not what its last change, 2/,
    );
    const state = { epoch: 'epoch', cursor: 9 };
    expect(told(await look({ folder: async () => state }))[0]).toContain(
      'The folder is at 9, its last change at 5',
    );
    const links = await metadata.commitsBefore(FOLDER, { before: undefined, limit: 99 });
    const changed = links.map((link) => (link.last === 5 ? { ...link, chain: 'other' } : link));
    expect(told(await look({ commitsBefore: async () => changed }))[0]).toContain(
      'The commit that ends at 5 is not the one',
    );
    const more = links.map((link) => (link.last === 5 ? { ...link, removed: 1 } : link));
    expect(told(await look({ commitsBefore: async () => more }))[0]).toContain(
      'Of the commit that ends at 5, records are missing',
    );
    const some = await metadata.allNodes(FOLDER, { after: undefined, limit: 3 });
    expect(told(await look({ allNodes: async () => some })).join()).toContain(
      'tells of 4 living nodes, and there are 3',
    );
  });

  it('[D18] what cannot be read is a finding, and the rest is looked at', async () => {
    const { look, objects } = await setUp();
    await objects.delete('pack-1');
    const changes = async () => {
      throw new Error('database disk image is malformed');
    };
    const lines = told(await look({ changes }));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('The history cannot be read to the end: database disk image');
    expect(lines[1]).toContain('is not there');
  });

  it('tells what is wrong with the database itself, and when it has no folder', async () => {
    const metadata = new MemoryMetadata();
    const objects = memoryObjects();
    const checked = await check({
      ...{ metadata, objects, folder: FOLDER, readPercent: 0, random: () => 0 },
      ...{ damage: () => ['page 7 is damaged'], progressed: () => {} },
    });
    expect(checked.findings.map(({ message }) => message.split('.')[0])).toEqual([
      'page 7 is damaged',
      'There is no folder called default',
    ]);
  });
});
