import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type NodeId, ROOT } from '../../core/entry.ts';
import type { MetadataStore, Transaction } from '../ports.ts';
import { browsingContract } from './browsing/contract.ts';
import { chainContract } from './chain/contract.ts';
import { historyContract } from './history/contract.ts';
import { pastContract } from './past/contract.ts';
import { recordsContract } from './records/contract.ts';
import {
  directoryEntry,
  FOLDER,
  fileEntry,
  hashOf,
  recordOf,
  symlinkEntry,
  versioned,
  writeSteps,
} from './sample.ts';
import { sweepingContract } from './sweeping/contract.ts';
import { thinnedContract } from './thinned/contract.ts';

/** What every MetadataStore keeps. `make` answers an empty one, which the suite closes. */
export function metadataStoreContract(name: string, make: () => Promise<MetadataStore>): void {
  describe(`metadata store contract: ${name}`, () => {
    let store: MetadataStore;
    beforeEach(async () => {
      store = await make();
      await store.openFolder(FOLDER, 'first-epoch');
    });
    afterEach(() => store.close());

    describe('folders', () => foldersContract(() => store));
    describe('transactions', () => transactionsContract(() => store));
    describe('append', () => appendContract(() => store));
    describe('nodes', () => nodesContract(() => store));
    describe('close', () => closeContract(() => store));
    browsingContract(() => store);
    chainContract(() => store);
    historyContract(() => store);
    pastContract(() => store);
    thinnedContract(() => store);
    recordsContract(() => store);
    sweepingContract(() => store);
  });
}

type Get = () => MetadataStore;

function foldersContract(store: Get): void {
  it('knows no folder that was not opened', async () => {
    expect(await store().folder('other')).toBeUndefined();
  });

  it('starts a folder at cursor 0 and keeps its first epoch', async () => {
    const first = { epoch: 'first-epoch', cursor: 0 };
    expect(await store().folder(FOLDER)).toEqual(first);
    expect(await store().openFolder(FOLDER, 'second-epoch')).toEqual(first);
    await writeSteps(store(), [{ node: 'a', entry: fileEntry('a') }]);
    expect(await store().openFolder(FOLDER, 'third-epoch')).toEqual({ ...first, cursor: 1 });
  });

  it('gives one epoch to all who open a new folder at once', async () => {
    const opened = ['x', 'y', 'z'].map((epoch) => store().openFolder('new', epoch));
    const states = await Promise.all(opened);
    expect(new Set(states.map(({ epoch }) => epoch)).size).toBe(1);
  });

  it('[B17] gives a history another name, and changes nothing else of it', async () => {
    await writeSteps(store(), [{ node: 'a', entry: fileEntry('a') }]);
    const before = await store().folder(FOLDER);
    await store().renewEpoch(FOLDER, 'another-epoch');
    expect(await store().folder(FOLDER)).toEqual({ ...before, epoch: 'another-epoch' });
    expect(await store().openFolder(FOLDER, 'third')).toMatchObject({ epoch: 'another-epoch' });
    expect((await store().nodes(FOLDER, ['a'])).size).toBe(1);
    await expect(store().renewEpoch('none', 'e')).rejects.toThrow('none');
  });

  it('keeps folders apart', async () => {
    await store().openFolder('other', 'an-epoch');
    await writeSteps(store(), [{ node: 'a', entry: fileEntry('a') }]);
    expect(await store().folder('other')).toEqual({ epoch: 'an-epoch', cursor: 0 });
    expect(await store().nodes('other', ['a'])).toEqual(new Map());
    expect(await store().children('other', [ROOT])).toEqual(new Map());
    expect(await store().history('other', { limit: 10 })).toEqual([]);
    await store().transaction('other', async (tx) => {
      expect(await tx.named([{ parent: ROOT, name: 'a' }])).toEqual([]);
      await tx.append([await recordOf(tx, { node: 'a', entry: directoryEntry('a') })]);
    });
    expect((await store().nodes(FOLDER, ['a'])).get('a')?.kind).toBe('file');
  });

  it('reads a folder that is not there as an empty one, and does not write to it', async () => {
    expect(await store().allNodes('none', { after: undefined, limit: 9 })).toEqual([]);
    expect(await store().changes('none', { since: 0, until: 9, limit: 9 })).toEqual([]);
    expect((await store().counts('none')).files).toBe(0);
    await expect(store().transaction('none', async () => 'done')).rejects.toThrow('none');
    await expect(store().audit('none', [])).rejects.toThrow('none');
  });
}

function transactionsContract(store: Get): void {
  const create = (node: NodeId) => ({ node, entry: fileEntry(`${node}.txt`) });

  it('answers what the body answers', async () => {
    expect(await store().transaction(FOLDER, async () => 'an answer')).toBe('an answer');
  });

  it('reads its own writes', async () => {
    await store().transaction(FOLDER, async (tx) => {
      await tx.append([await recordOf(tx, create('a'))]);
      expect(await tx.folder()).toEqual({ epoch: 'first-epoch', cursor: 1 });
      expect([...(await tx.nodes(['a', 'b'])).keys()]).toEqual(['a']);
      expect(await tx.named([{ parent: ROOT, name: 'a.txt' }])).toHaveLength(1);
      expect([...(await tx.children([ROOT])).keys()]).toEqual(['a']);
    });
  });

  it('shows nothing outside before it is done, and then everything', async () => {
    await store().transaction(FOLDER, async (tx) => {
      await tx.append([await recordOf(tx, create('a'))]);
      await elsewhere();
      expect(await store().folder(FOLDER)).toEqual({ epoch: 'first-epoch', cursor: 0 });
      expect(await store().nodes(FOLDER, ['a'])).toEqual(new Map());
      expect(await store().changes(FOLDER, { since: 0, until: 9, limit: 9 })).toEqual([]);
      await tx.append([await recordOf(tx, create('b'))]);
    });
    expect((await store().nodes(FOLDER, ['a', 'b'])).size).toBe(2);
    expect((await store().folder(FOLDER))?.cursor).toBe(2);
  });

  it('[D06] leaves nothing when the body throws, and passes on what it threw', async () => {
    const thrown = new Error('refused');
    const refused = store().transaction(FOLDER, async (tx) => {
      await tx.append([await recordOf(tx, create('a'))]);
      await tx.rememberCommit('anna', { key: 'k', first: 1, last: 1 }, 1);
      await elsewhere();
      throw thrown;
    });
    await expect(refused).rejects.toBe(thrown);
    expect(await store().folder(FOLDER)).toEqual({ epoch: 'first-epoch', cursor: 0 });
    expect(await store().children(FOLDER, [ROOT])).toEqual(new Map());
    expect(await store().history(FOLDER, { limit: 9 })).toEqual([]);
    expect(await store().transaction(FOLDER, (tx) => tx.commitByKey('anna', 'k'))).toBeUndefined();
  });

  it('runs one after another, whoever throws among them', async () => {
    const running = Array.from({ length: 100 }, (_, i) =>
      store().transaction(FOLDER, async (tx) => {
        const { cursor } = await tx.folder();
        if (i % 3 === 0) await elsewhere();
        await tx.append([await recordOf(tx, create(`n${i}`))]);
        if (i % 7 === 0) throw new Error('refused');
        return { before: cursor, after: (await tx.folder()).cursor };
      }),
    );
    const settled = await Promise.allSettled(running);
    const done = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(done.map(({ before }) => before)).toEqual(done.map((_, i) => i));
    expect(done.every(({ before, after }) => after === before + 1)).toBe(true);
    expect(await store().folder(FOLDER)).toMatchObject({ cursor: 85 });
    expect(await store().counts(FOLDER)).toMatchObject({ files: 85, history: 85 });
  });

  it('is there for whoever hears that it is done, though others are not done yet', async () => {
    const first = store().transaction(FOLDER, async (tx) => {
      await tx.append([await recordOf(tx, create('a'))]);
    });
    const others = [1, 2, 3].map((n) =>
      store().transaction(FOLDER, async (tx) => {
        await elsewhere();
        await tx.append([await recordOf(tx, create(`other-${n}`))]);
        await elsewhere();
      }),
    );
    await first;
    expect((await store().nodes(FOLDER, ['a'])).size).toBe(1);
    await Promise.all(others);
  });

  it('is worth nothing after its end', async () => {
    const leak = async (tx: Transaction): Promise<Transaction> => tx;
    const tx = await store().transaction(FOLDER, leak);
    await expect(tx.folder()).rejects.toThrow('ended');
    await expect(tx.nodes(['a'])).rejects.toThrow('ended');
    await expect(tx.addChunks([])).rejects.toThrow('ended');
    await expect(tx.append([])).rejects.toThrow('ended');
  });
}

function appendContract(store: Get): void {
  const create = (node: NodeId) => ({ node, entry: fileEntry(`${node}.txt`) });

  it.each([[0], [2], [3], [-1]])('refuses cursor %i as the first one', async (cursor) => {
    const gap = store().transaction(FOLDER, async (tx) => {
      await tx.append([{ ...(await recordOf(tx, create('a'))), cursor }]);
    });
    await expect(gap).rejects.toThrow('cursor');
    expect(await store().folder(FOLDER)).toMatchObject({ cursor: 0 });
  });

  it.each([[1], [3]])('refuses cursor %i after cursor 1', async (cursor) => {
    const gap = store().transaction(FOLDER, async (tx) => {
      const [a, b] = [await recordOf(tx, create('a')), await recordOf(tx, create('b'))];
      await tx.append([a, { ...b, cursor }]);
    });
    await expect(gap).rejects.toThrow('cursor');
    expect(await store().nodes(FOLDER, ['a', 'b'])).toEqual(new Map());
  });

  it('does nothing for no records', async () => {
    await store().transaction(FOLDER, (tx) => tx.append([]));
    expect(await store().folder(FOLDER)).toMatchObject({ cursor: 0 });
  });

  it('lets nodes swap their places in one append', async () => {
    await writeSteps(store(), [create('a'), create('b')]);
    await store().transaction(FOLDER, async (tx) => {
      const a = await recordOf(tx, { node: 'a', entry: fileEntry('b.txt') });
      const b = await recordOf(tx, { node: 'b', entry: fileEntry('a.txt') });
      await tx.append([a, { ...b, cursor: a.cursor + 1 }]);
    });
    const names = await store().named(FOLDER, [{ parent: ROOT, name: 'a.txt' }]);
    expect(names).toEqual([{ place: { parent: ROOT, name: 'a.txt' }, node: 'b' }]);
  });

  it('refuses two nodes at one place, and keeps nothing of it even if the body goes on', async () => {
    await writeSteps(store(), [create('a')]);
    const twins = store().transaction(FOLDER, async (tx) => {
      const record = await recordOf(tx, { node: 'b', entry: fileEntry('a.txt') });
      await tx.append([record]).catch(() => undefined);
    });
    await expect(twins).rejects.toThrow();
    expect(await store().counts(FOLDER)).toMatchObject({ files: 1, history: 1 });
  });

  it('lets the last record of a node hold', async () => {
    await writeSteps(store(), [
      create('a'),
      { node: 'a', entry: fileEntry('later') },
      create('b'),
      { node: 'b', entry: undefined },
    ]);
    const all = await store().allNodes(FOLDER, { after: undefined, limit: 9 });
    expect(all.map(([id, { name }]) => [id, name])).toEqual([['a', 'later']]);
  });

  it('takes 20,000 records at once', async () => {
    const count = 20_000;
    await store().transaction(FOLDER, async (tx) => {
      const first = await recordOf(tx, create('n'));
      const records = Array.from({ length: count }, (_, i) => {
        const cursor = i + 1;
        const entry = { ...fileEntry(`f${i}`), checksum: hashOf('same') };
        const after = versioned(entry, { before: undefined, cursor, author: 'anna' });
        return { ...first, cursor, node: `n${i}`, path: `f${i}`, after };
      });
      await tx.append(records);
    });
    const ids = Array.from({ length: count }, (_, i) => `n${i}`);
    expect((await store().nodes(FOLDER, ids)).size).toBe(count);
    expect((await store().children(FOLDER, [ROOT])).size).toBe(count);
    const places = ids.map((_, i) => ({ parent: ROOT, name: `f${i}` }));
    expect(await store().named(FOLDER, places)).toHaveLength(count);
    const changes = await store().changes(FOLDER, { since: 0, until: count, limit: count });
    expect(changes.map(({ cursor }) => cursor)).toEqual(ids.map((_, i) => i + 1));
  });
}

function nodesContract(store: Get): void {
  it('gives back every kind of entry as it was', async () => {
    const odd = { size: 2 ** 40, mtime: -5, executable: true };
    const records = await writeSteps(store(), [
      { node: 'f', entry: fileEntry('file') },
      { node: 'o', entry: fileEntry('odd', odd) },
      { node: 'd', entry: directoryEntry('directory') },
      { node: 's', entry: symlinkEntry('symlink', '../a target') },
    ]);
    const expected = new Map(records.map(({ node, after }) => [node, after]));
    expect(await store().nodes(FOLDER, ['f', 'o', 'd', 's'])).toEqual(expected);
    expect(await store().children(FOLDER, [ROOT])).toEqual(expected);
  });

  it('tells neither of nodes that are not there nor of deleted ones, and of each once', async () => {
    await writeSteps(store(), [
      { node: 'a', entry: fileEntry('a') },
      { node: 'b', entry: fileEntry('b') },
    ]);
    await writeSteps(store(), [{ node: 'b', entry: undefined }]);
    expect([...(await store().nodes(FOLDER, ['a', 'b', 'none', 'a'])).keys()]).toEqual(['a']);
    expect((await store().nodes(FOLDER, [])).size).toBe(0);
    const places = ['a', 'b', 'a', 'none'].map((name) => ({ parent: ROOT, name }));
    const named = [{ place: { parent: ROOT, name: 'a' }, node: 'a' }];
    expect(await store().named(FOLDER, places)).toEqual(named);
  });

  it.each([
    ['per%cent', 'per_cent'],
    ['under_score', 'underXscore'],
    ['Straße', 'STRASSE'],
    ['日本語 🎉', '日本語'],
    ['\u00e9', 'e\u0301'],
    ['quote \' and " and \\', 'quote'],
    ['Case', 'case'],
    ['0', '00'],
    ['1', '1.0'],
  ])('takes the name %j, which is not %j', async (name, other) => {
    await writeSteps(store(), [{ node: `node ${name}`, entry: fileEntry(name) }]);
    const find = (one: string) => store().named(FOLDER, [{ parent: ROOT, name: one }]);
    expect(await find(name)).toEqual([{ place: { parent: ROOT, name }, node: `node ${name}` }]);
    expect(await find(other)).toEqual([]);
    expect((await store().nodes(FOLDER, [`node ${name}`])).size).toBe(1);
    expect(await store().history(FOLDER, { path: name, limit: 9 })).toHaveLength(1);
    expect(await store().history(FOLDER, { path: other, limit: 9 })).toEqual([]);
  });

  it('gives all living children of several directories, and theirs only', async () => {
    await writeSteps(store(), [
      { node: 'd', entry: directoryEntry('d') },
      { node: 'e', entry: directoryEntry('e', 'd') },
      { node: 'f', entry: fileEntry('f', { parent: 'e' }) },
      { node: 'g', entry: fileEntry('g', { parent: 'd' }) },
      { node: 'gone', entry: fileEntry('gone', { parent: 'd' }) },
      { node: 'gone', entry: undefined },
    ]);
    const below = async (...parents: NodeId[]) =>
      [...(await store().children(FOLDER, parents)).keys()].sort();
    expect(await below(ROOT)).toEqual(['d']);
    expect(await below('d')).toEqual(['e', 'g']);
    expect(await below('e', 'd', 'none', 'f', 'd')).toEqual(['e', 'f', 'g']);
  });

  it('gives all nodes in the order of ids, in pages', async () => {
    const ids = ['b', 'Z', 'a-1', 'a', '0', 'zz', 'a1'];
    await writeSteps(
      store(),
      ids.map((node) => ({ node, entry: fileEntry(node) })),
    );
    const told: NodeId[] = [];
    for (let after: NodeId | undefined; ; after = told.at(-1)) {
      const page = await store().allNodes(FOLDER, { after, limit: 3 });
      if (page.length === 0) break;
      expect(page.length).toBeLessThanOrEqual(3);
      told.push(...page.map(([id]) => id));
    }
    expect(told).toEqual([...ids].sort());
  });
}

function closeContract(store: Get): void {
  it('finishes what was begun, and throws for what comes later', async () => {
    const begun = writeSteps(store(), [{ node: 'a', entry: fileEntry('a') }]);
    const closed = store().close();
    const late = [
      () => store().openFolder(FOLDER, 'e'),
      () => store().transaction(FOLDER, async () => undefined),
      () => store().folder(FOLDER),
      () => store().nodes(FOLDER, []),
      () => store().changes(FOLDER, { since: 0, until: 1, limit: 1 }),
      () => store().addChunks(FOLDER, []),
      () => store().history(FOLDER, { limit: 1 }),
      () => store().audit(FOLDER, []),
      () => store().counts(FOLDER),
    ];
    for (const ask of late) await expect(ask()).rejects.toThrow('closed');
    expect(await begun).toHaveLength(1);
    await closed;
    for (const ask of late) await expect(ask()).rejects.toThrow('closed');
  });

  it('twice is once', async () => {
    await store().close();
    await store().close();
  });
}

/** Lets everything else run that can: timers and callbacks, not only promises. */
const elsewhere = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));
