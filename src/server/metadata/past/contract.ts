import { describe, expect, it } from 'vitest';
import { pickFrom, random } from '../../../../test/random.ts';
import { type NodeId, ROOT, type Versioned } from '../../../core/entry.ts';
import type { HistoryRecord, MetadataStore } from '../../ports.ts';
import {
  type By,
  directoryEntry,
  FOLDER,
  fileEntry,
  hashOf,
  recordOf,
  type Step,
} from '../sample.ts';

type Get = () => MetadataStore;

/** The part of the contract about what the folder was. */
export function pastContract(store: Get): void {
  describe('commits of the past', () => commitsContract(store));
  describe('states of the past', () => statesContract(store));
  describe('deletions', () => deletionsContract(store));
}

const create = (node: NodeId, parent?: NodeId): Step => ({
  node,
  entry: fileEntry(`${node}.txt`, parent === undefined ? {} : { parent }),
});
const makeDirectory = (node: NodeId, parent?: NodeId): Step => ({
  node,
  entry: directoryEntry(node, parent),
});
const edit = (node: NodeId, text: string): Step => ({
  node,
  entry: fileEntry(`${node}.txt`, { checksum: hashOf(text) }),
});
const remove = (node: NodeId): Step => ({ node, entry: undefined });

/** All in one commit, of different nodes. */
const commit = (store: MetadataStore, steps: readonly Step[], by: By = {}) =>
  store.transaction(FOLDER, async (tx): Promise<HistoryRecord[]> => {
    const { cursor } = await tx.folder();
    const records = await Promise.all(steps.map((step) => recordOf(tx, step, by)));
    const numbered = records.map((record, at) => ({ ...record, cursor: cursor + 1 + at }));
    await tx.append(numbered);
    return numbered;
  });

function commitsContract(store: Get): void {
  const upTo = (cursor: number) => store().lastCommit(FOLDER, { cursor });
  const until = (time: number) => store().lastCommit(FOLDER, { time });

  it('ends at or before a cursor, never in the middle', async () => {
    expect(await upTo(9)).toBe(0);
    await commit(store(), [create('a'), create('b'), create('c')]);
    await commit(store(), [create('d')]);
    await commit(store(), [create('e'), create('f')]);
    expect(await Promise.all([0, 1, 2, 3, 4, 5, 6, 99].map(upTo))).toEqual([
      0, 0, 0, 3, 4, 4, 6, 6,
    ]);
    expect(await store().lastCommit('none', { cursor: 3 })).toBe(0);
  });

  it('ends with all that was stored together at a time', async () => {
    expect(await until(5_000)).toBe(0);
    await commit(store(), [create('a'), create('b')], { time: 1_000 });
    await commit(store(), [create('c'), create('d')], { time: 2_000 });
    expect(await Promise.all([999, 1_000, 1_999, 2_000, 9_000].map(until))).toEqual([
      0, 2, 2, 4, 4,
    ]);
    expect(await store().lastCommit('none', { time: 3 })).toBe(0);
  });

  it('takes the last commit where the clock was put back', async () => {
    await commit(store(), [create('a')], { time: 5_000 });
    await commit(store(), [create('b')], { time: 2_000 });
    expect(await Promise.all([1_000, 3_000, 6_000].map(until))).toEqual([0, 2, 2]);
  });

  it('knows them by their records’ times, also when the first of them were pruned', async () => {
    await commit(store(), [create('a'), create('b'), create('c')], { time: 1_000 });
    await commit(store(), [edit('c', '2'), edit('b', '2')], { time: 2_000 });
    await store().pruneHistory(FOLDER, 3_000);
    expect(await until(1_500)).toBe(3);
    expect(await until(2_500)).toBe(5);
  });

  it('knows them by time in a long history, with a clock that goes back, and pruned', async () => {
    const next = random(13);
    const ends: number[] = [];
    for (let time = 1_000, done = 0; done < 60; done += 1) {
      time = Math.max(0, time + Math.floor(next() * 500) - 120);
      const nodes = Array.from({ length: 1 + Math.floor(next() * 60) }, (_, n) => `n${n}`);
      const steps = nodes.map((node) => edit(node, `${done}`));
      ends.push((await commit(store(), steps, { time })).at(-1)?.cursor ?? 0);
    }
    const agree = async () => {
      const records = await store().history(FOLDER, { limit: 9_999 });
      for (let n = 0; n < 60; n += 1) {
        const time = Math.floor(next() * 16_000);
        const last = records.find((record) => record.time <= time)?.cursor ?? 0;
        const end = last === 0 ? 0 : ends.find((one) => one >= last);
        expect([time, await until(time)]).toEqual([time, end]);
      }
    };
    await agree();
    await store().pruneHistory(FOLDER, 6_000);
    await agree();
    await store().pruneHistory(FOLDER, 99_999);
    await agree();
  });

  it('says which commit a change was in', async () => {
    await commit(store(), [create('a'), create('b')]);
    await commit(store(), [create('c')]);
    const spans = await Promise.all([0, 1, 2, 3, 4].map((at) => store().commitOf(FOLDER, at)));
    const [one, two] = [
      { first: 1, last: 2 },
      { first: 3, last: 3 },
    ];
    expect(spans).toEqual([undefined, one, one, two, undefined]);
    expect(await store().commitOf('none', 1)).toBeUndefined();
  });
}

function statesContract(store: Get): void {
  const since = async (at: number, until = 99, limit = 100) => {
    const told: string[] = [];
    for (let after: number | undefined = at; after !== undefined; ) {
      const page = await store().changedSince(FOLDER, { at, until, after, limit });
      told.push(...page.states.map(({ node, entry }) => `${node}@${entry?.contentVersion ?? '-'}`));
      after = page.next;
    }
    return told;
  };
  const at = async (cursor: number, ...nodes: NodeId[]) =>
    [...(await store().entriesAt(FOLDER, cursor, nodes))].map(
      ([node, { contentVersion }]) => `${node}@${contentVersion}`,
    );
  const write = async (...steps: Step[]) => {
    for (const step of steps) await commit(store(), [step]);
  };

  it('are what nodes were that changed after a cursor', async () => {
    await write(create('a'), create('b'), edit('a', '2'), remove('b'), create('c'), edit('a', '3'));
    expect(await since(0)).toEqual(['a@-', 'b@-', 'c@-']);
    expect(await since(2)).toEqual(['a@1', 'b@2', 'c@-']);
    expect(await since(3)).toEqual(['b@2', 'c@-', 'a@3']);
    expect(await since(4)).toEqual(['c@-', 'a@3']);
    expect(await since(5)).toEqual(['a@3']);
    expect(await since(6)).toEqual([]);
    expect(await since(2, 4)).toEqual(['a@1', 'b@2']);
    expect(
      (await store().changedSince('none', { at: 0, until: 9, after: 0, limit: 9 })).states,
    ).toEqual([]);
  });

  it('are whole entries', async () => {
    const [first] = await commit(store(), [create('a')]);
    await write({ node: 'a', entry: fileEntry('moved', { executable: true }) });
    const { states } = await store().changedSince(FOLDER, { at: 1, until: 9, after: 1, limit: 9 });
    expect(states).toEqual([{ node: 'a', entry: first?.after }]);
    expect((await store().entriesAt(FOLDER, 1, ['a'])).get('a')).toEqual(first?.after);
  });

  it('come in pages, in which nothing is left out or twice', async () => {
    const nodes = Array.from({ length: 23 }, (_, n) => `n${n}`);
    await commit(
      store(),
      nodes.map((node) => create(node)),
    );
    await commit(
      store(),
      nodes.toReversed().map((node) => edit(node, '2')),
    );
    await commit(
      store(),
      nodes.map((node) => edit(node, '3')),
    );
    const whole = await since(23);
    expect(whole).toHaveLength(23);
    for (const limit of [1, 5, 22, 23, 24]) expect(await since(23, 99, limit)).toEqual(whole);
  });

  it('come in pages that look through so many changes, however few nodes those are of', async () => {
    await write(create('a'), ...['2', '3', '4', '5'].map((text) => edit('a', text)), create('b'));
    const page = (after: number) =>
      store().changedSince(FOLDER, { at: 1, until: 5, after, limit: 2 });
    expect((await page(1)).states.map(({ node }) => node)).toEqual(['a']);
    expect((await page(1)).next).toBe(3);
    expect(await page(3)).toEqual({ states: [], next: 5 });
    expect(await page(5)).toEqual({ states: [], next: undefined });
  });

  it('tell who was at a place, of those that changed since', async () => {
    const place = (name: string, parent = ROOT) => ({ parent, name });
    const was = (at: number, name: string, parent?: string) =>
      store().changedAt(FOLDER, { at, until: 99, place: place(name, parent) });
    await write(makeDirectory('d'), create('a', 'd'), create('b'));
    await write({ node: 'd', entry: directoryEntry('renamed') }, { ...create('c') });
    await write(remove('a'), edit('b', '2'), { ...create('again'), node: 'a' });
    expect(await was(3, 'd')).toBe('d');
    expect(await was(4, 'd')).toBeUndefined();
    expect(await was(4, 'renamed')).toBeUndefined();
    expect(await was(3, 'a.txt', 'd')).toBe('a');
    expect(await was(3, 'a.txt')).toBeUndefined();
    expect(await was(3, 'b.txt')).toBe('b');
    expect(await was(7, 'b.txt')).toBeUndefined();
    expect(await was(3, 'c.txt')).toBeUndefined();
    const until = { at: 3, until: 6, place: place('b.txt') };
    expect(await store().changedAt(FOLDER, until)).toBeUndefined();
    expect(await store().changedAt('none', { ...until, until: 99 })).toBeUndefined();
  });

  it('tell who was at a place, whatever happened since', async () => {
    const pick = pickFrom(random(12));
    const [nodes, names] = [
      ['m0', 'm1', 'm2', 'm3'],
      ['one', 'two', 'three', 'four', 'five'],
    ];
    const was = new Map<number, Map<NodeId, Versioned>>();
    for (let done = 0; done < 60; done += 1) {
      const living = await store().nodes(FOLDER, nodes);
      const node = pick(nodes);
      const free = names.filter((one) => ![...living.values()].some(({ name }) => name === one));
      const isGone = living.has(node) && pick([true, false]);
      const entry = isGone ? undefined : fileEntry(pick(free));
      const [record] = await commit(store(), [{ node, entry }]);
      was.set(record?.cursor ?? 0, await store().nodes(FOLDER, nodes));
    }
    for (const [at, then] of was) {
      for (const name of names) {
        const place = { parent: ROOT, name };
        const [node] = [...then].find(([, entry]) => entry.name === name) ?? [];
        const page = { at, until: 999, after: at, limit: 999 };
        const { states } = await store().changedSince(FOLDER, page);
        const expected = states.some((one) => one.node === node) ? node : undefined;
        expect([at, name, await store().changedAt(FOLDER, { at, until: 999, place })]).toEqual([
          ...[at, name, expected],
        ]);
      }
    }
  });

  it('are told of single nodes, whether they changed since or not', async () => {
    await write(create('a'), create('b'), edit('a', '2'), remove('b'), create('b'));
    expect(await at(0, 'a', 'b')).toEqual([]);
    expect(await at(1, 'a', 'b')).toEqual(['a@1']);
    expect(await at(3, 'a', 'b', 'none', 'a')).toEqual(['a@3', 'b@2']);
    expect(await at(4, 'a', 'b')).toEqual(['a@3']);
    expect(await at(5, 'b')).toEqual(['b@5']);
    expect(await store().entriesAt('none', 5, ['b'])).toEqual(new Map());
    expect(await store().entriesAt(FOLDER, 5, [])).toEqual(new Map());
  });

  it('are those that were, whatever happened since', async () => {
    const pick = pickFrom(random(11));
    const nodes = Array.from({ length: 8 }, (_, n) => `n${n}`);
    const was = new Map<number, Map<NodeId, Versioned>>();
    for (let done = 0; done < 60; done += 1) {
      const living = await store().nodes(FOLDER, nodes);
      const some = new Set([pick(nodes), pick(nodes), pick(nodes)]);
      const steps = [...some].map((node) =>
        living.has(node) && pick([true, false]) ? remove(node) : edit(node, `${done}`),
      );
      const last = (await commit(store(), steps)).at(-1)?.cursor ?? 0;
      was.set(last, await store().nodes(FOLDER, nodes));
    }
    const now = await store().nodes(FOLDER, nodes);
    for (const [cursor, then] of was) {
      const page = { at: cursor, until: 999, after: cursor, limit: 99 };
      const { states } = await store().changedSince(FOLDER, page);
      const told = new Map<NodeId, Versioned | undefined>(now);
      for (const { node, entry } of states) told.set(node, entry);
      for (const node of nodes) expect([node, told.get(node)]).toEqual([node, then.get(node)]);
      expect(await store().entriesAt(FOLDER, cursor, nodes)).toEqual(then);
    }
  });

  it('are exact for every cursor since the pruning', async () => {
    await commit(store(), [create('a'), create('b'), create('c')], { time: 1_000 });
    await commit(store(), [edit('a', '2'), remove('c')], { time: 2_000 });
    await commit(store(), [edit('a', '3')], { time: 3_000 });
    const exact = [await since(5), await at(5, 'a', 'b', 'c'), await at(6, 'a', 'b', 'c')];
    await store().pruneHistory(FOLDER, 2_500);
    expect([await since(5), await at(5, 'a', 'b', 'c'), await at(6, 'a', 'b', 'c')]).toEqual(exact);
  });

  it('are the oldest that are known, for older cursors; no node that changed is left out', async () => {
    await commit(store(), [create('a'), create('b'), create('c')], { time: 1_000 });
    await commit(store(), [edit('a', '2')], { time: 2_000 });
    await commit(store(), [edit('a', '3'), remove('b')], { time: 3_000 });
    await store().pruneHistory(FOLDER, 4_000);
    expect(await since(0)).toEqual(['c@-', 'a@4', 'b@1']);
    expect(await since(3)).toEqual(['a@4', 'b@1']);
    expect(await at(3, 'a', 'b', 'c')).toEqual(['a@4', 'b@1', 'c@1']);
  });
}

function deletionsContract(store: Get): void {
  const deleted = async (query: { path?: string; before?: number } = {}, limit = 100) =>
    (await store().deletions(FOLDER, { ...query, limit })).map(
      ({ cursor, node }) => `${node}@${cursor}`,
    );

  it('are dead nodes, newest first, as they were and by whom', async () => {
    const [made] = await commit(store(), [create('a'), create('b'), create('c')]);
    await commit(store(), [remove('a')], { clientId: 'ben', time: 7_000 });
    await commit(store(), [remove('b')]);
    expect(await deleted()).toEqual(['b@5', 'a@4']);
    const [, a] = await store().deletions(FOLDER, { limit: 9 });
    const by = { clientId: 'ben', clientName: 'ben', time: 7_000 };
    expect(a).toEqual({ cursor: 4, node: 'a', path: 'a.txt', before: made?.after, ...by });
    expect(await store().deletions('none', { limit: 9 })).toEqual([]);
  });

  it('are not those of nodes that are there again', async () => {
    await commit(store(), [create('a')]);
    await commit(store(), [remove('a')]);
    await commit(store(), [create('a')]);
    expect(await deleted()).toEqual([]);
    await commit(store(), [remove('a')]);
    expect(await deleted()).toEqual(['a@4']);
  });

  it('leave out what went with its directory, in the same commit only', async () => {
    await commit(store(), [makeDirectory('d'), makeDirectory('other')]);
    await commit(store(), [makeDirectory('e', 'd'), create('early', 'd'), create('x', 'other')]);
    await commit(store(), [create('f', 'e'), create('g', 'd')]);
    await commit(store(), [remove('early')]);
    await commit(store(), ['f', 'x', 'e', 'g', 'd'].map(remove));
    expect(await deleted()).toEqual(['d@13', 'x@10', 'early@8']);
  });

  it('tell of what went with a directory that is there again, without it', async () => {
    await commit(store(), [makeDirectory('d'), create('f')]);
    await commit(store(), [makeDirectory('e', 'd'), create('g', 'd')]);
    await commit(store(), [create('h', 'e')]);
    await commit(store(), ['h', 'e', 'g', 'd'].map(remove));
    expect(await deleted()).toEqual(['d@9']);
    await commit(store(), [makeDirectory('d')]);
    expect(await deleted()).toEqual(['g@8', 'e@7']);
    await commit(store(), [remove('d')]);
    expect(await deleted()).toEqual(['d@11', 'g@8', 'e@7']);
  });

  it('at a path and below it', async () => {
    await commit(store(), [makeDirectory('d'), makeDirectory('d0')]);
    await commit(store(), [create('a', 'd'), create('b', 'd0'), makeDirectory('e', 'd')]);
    await commit(store(), [remove('a')]);
    await commit(store(), [remove('b')]);
    await commit(store(), [remove('e')]);
    expect(await deleted({ path: 'd' })).toEqual(['e@8', 'a@6']);
    expect(await deleted({ path: 'd/e' })).toEqual(['e@8']);
    expect(await deleted({ path: 'd/a.txt' })).toEqual(['a@6']);
    expect(await deleted({ path: 'none' })).toEqual([]);
  });

  it('come in pages', async () => {
    const nodes = Array.from({ length: 9 }, (_, n) => `n${n}`);
    await commit(
      store(),
      nodes.map((node) => create(node)),
    );
    for (const node of nodes) await commit(store(), [remove(node)]);
    const whole = await deleted();
    const [first, second] = [await deleted({}, 4), await deleted({ before: 15 }, 9)];
    expect([...first, ...second]).toEqual(whole);
  });

  it('stay when older records are pruned', async () => {
    await commit(store(), [create('a')]);
    await commit(store(), [remove('a')], { time: 2_000 });
    await store().pruneHistory(FOLDER, 9_000);
    expect(await deleted()).toEqual(['a@2']);
  });
}
