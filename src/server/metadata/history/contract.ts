import { describe, expect, it } from 'vitest';
import type { NodeId } from '../../../core/entry.ts';
import type { ChangeRecord, HistoryQuery, MetadataStore } from '../../ports.ts';
import {
  type By,
  directoryEntry,
  FOLDER,
  fileEntry,
  hashOf,
  type Step,
  writeSteps,
} from '../sample.ts';

type Get = () => MetadataStore;

/** The part of the contract about what happened: changes, history, contested files, pruning. */
export function historyContract(store: Get): void {
  describe('changes', () => changesContract(store));
  describe('history', () => historyQueries(store));
  describe('history by path', () => pathContract(store));
  describe('contested', () => contestedContract(store));
  describe('prune', () => pruneContract(store));
}

const create = (node: NodeId): Step => ({ node, entry: fileEntry(`${node}.txt`) });
const edit = (node: NodeId, text: string): Step => ({
  node,
  entry: fileEntry(`${node}.txt`, { checksum: hashOf(text) }),
});
const remove = (node: NodeId): Step => ({ node, entry: undefined });

function changesContract(store: Get): void {
  const told = async (since: number, until: number, limit = 100): Promise<string[]> => {
    const changes = await store().changes(FOLDER, { since, until, limit });
    return changes.map(({ cursor, node, entry }) => `${cursor}${entry ? '+' : '-'}${node}`);
  };

  it('tells the last state at `until` of what changed after `since`', async () => {
    await writeSteps(store(), [create('a'), create('b'), edit('a', '2'), remove('b'), create('c')]);
    expect(await told(0, 5)).toEqual(['3+a', '4-b', '5+c']);
    expect(await told(0, 3)).toEqual(['2+b', '3+a']);
    expect(await told(0, 1)).toEqual(['1+a']);
    expect(await told(2, 4)).toEqual(['3+a', '4-b']);
    expect(await told(3, 5)).toEqual(['4-b', '5+c']);
    expect(await told(5, 5)).toEqual([]);
    expect(await told(0, 99)).toEqual(['3+a', '4-b', '5+c']);
  });

  it('tells the entry as it was at that cursor', async () => {
    const records = await writeSteps(store(), [create('a'), edit('a', '2'), edit('a', '3')]);
    const [change] = await store().changes(FOLDER, { since: 0, until: 2, limit: 9 });
    expect(change).toEqual({ cursor: 2, node: 'a', entry: records[1]?.after });
  });

  it('[E11] leaves nothing out and tells nothing twice, whatever is committed meanwhile', async () => {
    const names = Array.from({ length: 25 }, (_, i) => `n${i}`);
    await writeSteps(store(), names.map(create));
    await writeSteps(store(), names.slice(0, 10).map(remove));
    const until = 35;
    const expected = await store().changes(FOLDER, { since: 0, until, limit: 100 });
    const paged: ChangeRecord[] = [];
    for (let since = 0, i = 10; ; since = paged.at(-1)?.cursor ?? 0) {
      const page = await store().changes(FOLDER, { since, until, limit: 4 });
      if (page.length === 0) break;
      paged.push(...page);
      await writeSteps(store(), [edit(`n${i}`, 'meanwhile'), create(`new${i}`), remove(`n${i}`)]);
      i += 1;
    }
    expect(paged).toEqual(expected);
    expect(paged).toHaveLength(25);
  });

  it('tells the whole tree at any cursor', async () => {
    await writeSteps(store(), [create('a'), create('b'), edit('a', '2')]);
    await writeSteps(store(), [remove('a'), create('c'), edit('b', '2'), edit('c', '2')]);
    const all = await store().changes(FOLDER, { since: 0, until: 7, limit: 100 });
    const living = all.flatMap(({ node, entry }) => (entry ? [[node, entry] as const] : []));
    expect(new Map(living)).toEqual(await store().nodes(FOLDER, ['a', 'b', 'c']));
  });
}

function historyQueries(store: Get): void {
  const cursors = async (query: Omit<HistoryQuery, 'limit'>, limit = 100): Promise<number[]> =>
    (await store().history(FOLDER, { ...query, limit })).map(({ cursor }) => cursor);

  const write = async (): Promise<void> => {
    await writeSteps(store(), [create('a'), create('b')], { clientId: 'anna', time: 100 });
    await writeSteps(store(), [edit('a', '2')], { clientId: 'ben', time: 200 });
    await writeSteps(store(), [edit('b', '2')], { clientId: 'anna', time: 150 });
    await writeSteps(store(), [remove('a')], { clientId: 'anna', time: 300 });
  };

  it('gives back whole records, newest first', async () => {
    const by = { clientId: 'anna', time: 1_234_567_890_123, cause: 'upload' };
    const moved = { node: 'a', entry: fileEntry('moved') };
    const steps = [create('a'), edit('a', '2'), moved, remove('a')];
    const records = await writeSteps(store(), steps, by);
    expect(await store().history(FOLDER, { limit: 10 })).toEqual(records.reverse());
    expect(records.map(({ operation }) => operation)).toEqual([
      'delete',
      'move',
      'update',
      'create',
    ]);
    expect(records[1]).toMatchObject({ path: 'moved', oldPath: 'a.txt', ...by });
    expect(records[0]).toMatchObject({ path: 'moved', after: undefined });
    expect(records[0]?.before).toEqual(records[1]?.after);
  });

  it('[M9] keeps what a merged content was made of', async () => {
    const mergedFrom = [
      { checksum: 'a'.repeat(64), size: 3 },
      { checksum: 'b'.repeat(64), size: 70_000 },
    ];
    await writeSteps(store(), [create('a')]);
    const [record] = await writeSteps(store(), [edit('a', '2')], { mergedFrom });
    expect(record?.mergedFrom).toEqual(mergedFrom);
    const [newest, first] = await store().history(FOLDER, { limit: 10 });
    expect(newest).toEqual(record);
    expect(first && 'mergedFrom' in first).toBe(false);
  });

  it('answers by node, by client, by time, and by all of them', async () => {
    await write();
    expect(await cursors({})).toEqual([5, 4, 3, 2, 1]);
    expect(await cursors({ node: 'a' })).toEqual([5, 3, 1]);
    expect(await cursors({ clientId: 'anna' })).toEqual([5, 4, 2, 1]);
    expect(await cursors({ since: 150 })).toEqual([5, 4, 3]);
    expect(await cursors({ since: 151, clientId: 'anna' })).toEqual([5]);
    expect(await cursors({ node: 'b', clientId: 'anna', since: 101 })).toEqual([4]);
    expect(await cursors({ path: 'a.txt', clientId: 'anna' })).toEqual([5, 1]);
    expect(await cursors({ path: 'a.txt', node: 'b' })).toEqual([]);
  });

  it('answers in pages', async () => {
    await write();
    for (const query of [{}, { clientId: 'anna' }, { since: 0 }, { path: 'a.txt' }]) {
      const whole = await cursors(query);
      const first = await cursors(query, 2);
      const second = await cursors({ ...query, before: first.at(-1) ?? 0 }, 2);
      expect([...first, ...second]).toEqual(whole.slice(0, 4));
      expect(await cursors({ ...query, before: 1 })).toEqual([]);
    }
    expect(await cursors({}, 0)).toEqual([]);
  });

  it('answers nothing for what never was', async () => {
    await write();
    expect(await cursors({ node: 'none' })).toEqual([]);
    expect(await cursors({ clientId: 'none' })).toEqual([]);
    expect(await cursors({ path: 'none' })).toEqual([]);
    expect(await cursors({ path: 'a.txt/none' })).toEqual([]);
  });
}

function pathContract(store: Get): void {
  const at = async (path: string, limit = 100): Promise<number[]> =>
    (await store().history(FOLDER, { path, limit })).map(({ cursor }) => cursor);
  const place = (node: NodeId, name: string): Step => ({ node, entry: fileEntry(name) });

  it('follows a node that is or was there through its names', async () => {
    await writeSteps(store(), [place('a', 'one'), place('a', 'two'), place('a', 'three')]);
    await writeSteps(store(), [place('b', 'one'), place('c', 'other')]);
    expect(await at('three')).toEqual([3, 2, 1]);
    expect(await at('two')).toEqual([3, 2, 1]);
    expect(await at('one')).toEqual([4, 3, 2, 1]);
    expect(await at('one', 2)).toEqual([4, 3]);
  });

  it('tells of every node that had the name in turn', async () => {
    await writeSteps(store(), [place('a', 'x'), remove('a'), place('b', 'x'), remove('b')]);
    expect(await at('x')).toEqual([4, 3, 2, 1]);
  });

  it('tells what was recorded under a directory, and of no neighbour', async () => {
    await writeSteps(store(), [
      { node: 'd', entry: directoryEntry('d_%') },
      { node: 'e', entry: directoryEntry('e', 'd') },
      { node: 'f', entry: fileEntry('f', { parent: 'e' }) },
      place('g', 'd_%.txt'),
      place('h', 'd_%0'),
      place('i', 'dx%'),
      { node: 'j', entry: directoryEntry('dxyz') },
      { node: 'k', entry: fileEntry('f', { parent: 'j' }) },
      { node: 'f', entry: fileEntry('out') },
      { node: 'l', entry: fileEntry('日本', { parent: 'd' }) },
    ]);
    expect(await at('d_%')).toEqual([10, 9, 3, 2, 1]);
    expect(await at('d_%/e')).toEqual([9, 3, 2]);
    expect(await at('d_%', 2)).toEqual([10, 9]);
    expect(await at('')).toHaveLength(10);
  });

  it('knows a node by the path that a renamed directory gave it', async () => {
    await writeSteps(store(), [
      { node: 'd', entry: directoryEntry('before') },
      { node: 'f', entry: fileEntry('f', { parent: 'd' }) },
      { node: 'd', entry: directoryEntry('after') },
    ]);
    expect(await at('after/f')).toEqual([2]);
    expect(await at('before/f')).toEqual([2]);
    expect(await at('after')).toEqual([3, 1]);
    expect(await at('before')).toEqual([3, 2, 1]);
  });
}

function contestedContract(store: Get): void {
  const contested = (since: number) => store().contested(FOLDER, since);
  const write = (steps: readonly Step[], clientId: string, time: number) =>
    writeSteps(store(), steps, { clientId, time } satisfies By);

  it('tells living files that more than one client changed, newest first', async () => {
    const inside = (text: string): Step => ({
      node: 'b',
      entry: fileEntry('b', { parent: 'd', checksum: hashOf(text) }),
    });
    const directory: Step = { node: 'd', entry: directoryEntry('d') };
    await write([create('a'), directory, inside('1'), create('alone')], 'anna', 10);
    await write([edit('a', '2'), inside('2')], 'ben', 20);
    await write([edit('alone', '2'), edit('a', '3')], 'anna', 30);
    await write([{ node: 'd', entry: directoryEntry('e') }], 'carl', 40);
    expect(await contested(0)).toEqual([
      { path: 'a.txt', node: 'a', clients: ['anna', 'ben'], last: 30 },
      { path: 'e/b', node: 'b', clients: ['ben', 'anna'], last: 20 },
    ]);
    expect(await contested(20)).toMatchObject([{ node: 'a' }]);
    expect(await contested(21)).toEqual([]);
  });

  it('forgets what was deleted', async () => {
    await write([create('a')], 'anna', 10);
    await write([edit('a', '2')], 'ben', 20);
    await write([remove('a')], 'anna', 30);
    expect(await contested(0)).toEqual([]);
  });
}

function pruneContract(store: Get): void {
  const write = (steps: readonly Step[], time: number) => writeSteps(store(), steps, { time });
  const changes = (since: number, until: number) =>
    store().changes(FOLDER, { since, until, limit: 100 });
  const left = async (): Promise<number[]> =>
    (await store().history(FOLDER, { limit: 100 })).map(({ cursor }) => cursor).reverse();

  it('removes what is older, but never the last record of a node', async () => {
    await write([create('a'), create('b'), create('c')], 100);
    await write([edit('a', '2'), remove('b')], 200);
    await write([edit('a', '3')], 300);
    expect(await store().pruneHistory(FOLDER, 100)).toBe(0);
    expect(await store().pruneHistory(FOLDER, 300)).toBe(2);
    expect(await left()).toEqual([3, 4, 5, 6]);
    expect(await store().pruneHistory(FOLDER, 300)).toBe(0);
    expect(await store().pruneHistory(FOLDER, 301)).toBe(1);
    expect(await left()).toEqual([3, 5, 6]);
    expect(await store().counts(FOLDER)).toMatchObject({ history: 3, files: 2 });
  });

  it('changes nothing of what any snapshot since then tells', async () => {
    await write([create('a'), create('b'), edit('a', '2'), create('c')], 100);
    await write([remove('b'), edit('c', '2')], 200);
    await write([edit('a', '3'), edit('c', '3'), create('d'), remove('a')], 300);
    const ranges = [6, 7, 8, 9, 10].flatMap((until) =>
      Array.from({ length: until + 1 }, (_, since) => ({ since, until })),
    );
    const ask = () => Promise.all(ranges.map(({ since, until }) => changes(since, until)));
    const before = await ask();
    expect(await store().pruneHistory(FOLDER, 300)).toBe(3);
    expect(await ask()).toEqual(before);
  });

  it('goes by the time of each record, also when the clock went back', async () => {
    await write([create('a')], 500);
    await write([edit('a', '2')], 100);
    await write([edit('a', '3')], 200);
    expect(await store().pruneHistory(FOLDER, 300)).toBe(1);
    expect(await left()).toEqual([1, 3]);
  });

  it('touches neither nodes nor cursor', async () => {
    await write([create('a'), edit('a', '2'), edit('a', '3')], 100);
    await store().pruneHistory(FOLDER, 999);
    expect(await store().folder(FOLDER)).toMatchObject({ cursor: 3 });
    expect((await store().nodes(FOLDER, ['a'])).get('a')?.contentVersion).toBe(3);
    await write([edit('a', '4')], 200);
    expect(await left()).toEqual([3, 4]);
  });

  it('prunes thousands in one call', async () => {
    const text = Array.from({ length: 5_000 }, (_, i) => `${i}`);
    await write([create('a'), ...text.map((one) => edit('a', one)), create('b')], 100);
    expect(await store().pruneHistory(FOLDER, 200)).toBe(5_000);
    expect(await left()).toEqual([5_001, 5_002]);
  });
}
