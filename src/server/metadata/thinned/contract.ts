import { describe, expect, it } from 'vitest';
import { pickFrom, random } from '../../../../test/random.ts';
import type { NodeId, Versioned } from '../../../core/entry.ts';
import { DEFAULT_RETENTION, tiersOf } from '../../../protocol/retention.ts';
import type { MetadataStore } from '../../ports.ts';
import { thinHistory } from '../../thin-history.ts';
import type { VersionMark } from '../../thinned.ts';
import { verifyChain } from '../../verify-chain.ts';
import { type By, FOLDER, fileEntry, hashOf, type Step, writeSteps } from '../sample.ts';

type Get = () => MetadataStore;

const edit = (node: NodeId, text: string): Step => ({
  node,
  entry: fileEntry(node, { checksum: hashOf(text) }),
});
const remove = (node: NodeId): Step => ({ node, entry: undefined });

/** The part of the contract about what a retention asks, and what it removes. */
export function thinnedContract(store: Get): void {
  const write = (steps: readonly Step[], by: By = {}) => writeSteps(store(), steps, by);
  const left = async (): Promise<number[]> =>
    (await store().history(FOLDER, { limit: 100 })).map(({ cursor }) => cursor).reverse();

  describe('versions', () => {
    it('are told node by node, the newest first, in pages', async () => {
      for (const text of ['1', '2', '3']) await write(['a', 'b', 'c'].map((n) => edit(n, text)));
      const told: VersionMark[] = [];
      for (let after: VersionMark | undefined; ; after = told.at(-1)) {
        const page = await store().versionsAfter(FOLDER, { after, limit: 2 });
        if (page.length === 0) break;
        told.push(...page);
      }
      const nodes = [...new Set(told.map(({ node }) => node))];
      expect(nodes.toSorted()).toEqual(['a', 'b', 'c']);
      const of = (node: string, first: number) =>
        [first + 6, first + 3, first].map((c) => [node, c]);
      const wanted = { a: of('a', 1), b: of('b', 2), c: of('c', 3) };
      expect(told.map(({ node, cursor }) => [node, cursor])).toEqual(
        nodes.flatMap((node) => wanted[node as 'a' | 'b' | 'c']),
      );
      expect(await store().versionsAfter('none', { after: undefined, limit: 9 })).toEqual([]);
    });

    it('are fixed but for edits that are no merges', async () => {
      const mergedFrom = [{ checksum: hashOf('x'), size: 1 }];
      await write([edit('a', '1'), edit('a', '2')], { clientId: 'ben', time: 7_000 });
      await write([edit('a', '3')], { mergedFrom });
      await write([{ node: 'a', entry: fileEntry('moved') }, remove('a')]);
      const page = await store().versionsAfter(FOLDER, { after: undefined, limit: 9 });
      expect(page.map(({ isFixed }) => isFixed)).toEqual([true, true, true, false, true]);
      const second = { node: 'a', cursor: 2, time: 7_000, clientId: 'ben', isFixed: false };
      expect(page[3]).toEqual(second);
    });
  });

  describe('removing versions', () => {
    it('takes those that are named, but never a node’s last, and touches nothing else', async () => {
      await write([edit('a', '1'), edit('b', '1'), edit('a', '2'), edit('a', '3'), remove('b')]);
      const nodes = await store().nodes(FOLDER, ['a', 'b']);
      const changes = await store().changes(FOLDER, { since: 0, until: 5, limit: 9 });
      expect(await store().removeVersions(FOLDER, [3, 4, 5, 99])).toBe(1);
      expect(await left()).toEqual([1, 2, 4, 5]);
      expect(await store().removeVersions(FOLDER, [3, 4, 5, 99])).toBe(0);
      expect(await store().removeVersions(FOLDER, [])).toBe(0);
      expect(await store().removeVersions(FOLDER, [1, 2])).toBe(2);
      expect(await left()).toEqual([4, 5]);
      expect(await store().nodes(FOLDER, ['a', 'b'])).toEqual(nodes);
      expect(await store().folder(FOLDER)).toMatchObject({ cursor: 5 });
      expect(await store().changes(FOLDER, { since: 0, until: 5, limit: 9 })).toEqual(changes);
      await expect(store().removeVersions('none', [1])).rejects.toThrow('none');
    });

    it('takes thousands in one call', async () => {
      await write(Array.from({ length: 3_000 }, (_, at) => edit('a', `${at}`)));
      const all = Array.from({ length: 3_000 }, (_, at) => at + 1);
      expect(await store().removeVersions(FOLDER, all)).toBe(2_999);
      expect(await left()).toEqual([3_000]);
    });
  });

  describe('states where versions were removed', () => {
    const at = async (cursor: number) => {
      const page = { at: cursor, until: 99, after: cursor, limit: 9 };
      const [state] = (await store().changedSince(FOLDER, page)).states;
      const [entry] = (await store().entriesAt(FOLDER, cursor, ['a'])).values();
      expect(entry).toEqual(state?.entry);
      return `${state?.entry?.contentVersion ?? '-'}${state?.isRounded === true ? '~' : ''}`;
    };

    it('are exact beside a record that is kept, else rounded to the last before, and say so', async () => {
      await write(['1', '2', '3', '4', '5', '6'].map((text) => edit('a', text)));
      const told = () => Promise.all([0, 1, 2, 3, 4, 5].map(at));
      expect(await told()).toEqual(['-', '1', '2', '3', '4', '5']);
      await store().removeVersions(FOLDER, [3]);
      expect(await told()).toEqual(['-', '1', '2~', '3', '4', '5']);
      await store().removeVersions(FOLDER, [2, 4]);
      expect(await told()).toEqual(['-', '1~', '1~', '1~', '4', '5']);
    });

    it('are rounded to the first that is known where none before is kept', async () => {
      await write(['1', '2', '3', '4'].map((text) => edit('a', text)));
      await store().removeVersions(FOLDER, [1, 2]);
      expect(await Promise.all([0, 1, 2, 3].map(at))).toEqual(['2~', '2~', '2', '3']);
    });

    it('give what was deleted back as it was', async () => {
      await write([edit('a', '1'), edit('a', '2'), edit('a', '3'), remove('a')]);
      await store().removeVersions(FOLDER, [2, 3]);
      expect(await Promise.all([1, 2, 3].map(at))).toEqual(['1~', '1~', '3']);
      expect(await store().deletions(FOLDER, { limit: 9 })).toMatchObject([
        { cursor: 4, before: { contentVersion: 3 } },
      ]);
    });
  });

  it('thinned, a history still tells exactly where everything was, and says which contents it rounds', async () => {
    const { was, times } = await live(store(), 23);
    for (const days of [1, 3, 12, 500]) {
      const clock = { now: () => (times.at(-1) ?? 0) + days * DAY };
      await thinHistory({ metadata: store(), folder: FOLDER, clock, tiers: TIERS });
      for (const [cursor, then] of was) await expectRounded(store(), cursor, then);
      expect(await verifyChain(store(), FOLDER)).toMatchObject({ broken: [], lacking: [] });
    }
    expect((await left()).length).toBeLessThan(400);
  });
}

const DAY = 24 * 60 * 60 * 1000;
const TIERS = tiersOf(DEFAULT_RETENTION);
const NODES = Array.from({ length: 6 }, (_, at) => `n${at}`);

/** Edits in bursts, and now and then a move, a deletion or a creation; with what all nodes were at each cursor. */
async function live(store: MetadataStore, seed: number) {
  const next = random(seed);
  const pick = pickFrom(next);
  const was = new Map<number, ReadonlyMap<NodeId, Versioned>>();
  const times: number[] = [];
  for (let time = 3_000 * DAY, done = 0; done < 600; done += 1) {
    const node = pick(NODES);
    const now = (await store.nodes(FOLDER, [node])).get(node);
    const deed = now === undefined ? 0 : next();
    const name = now === undefined || deed > 0.9 ? `${node}-${done}` : now.name;
    const entry = fileEntry(name, { checksum: hashOf(`${done}`) });
    const step = deed > 0.85 && deed < 0.9 ? { node, entry: undefined } : { node, entry };
    await writeSteps(store, [step], { time, clientId: pick(['anna', 'ben']) });
    was.set(done + 1, await store.nodes(FOLDER, NODES));
    times.push(time);
    time += Math.floor(next() * pick([2_000, 2_000, 2_000, 300_000, DAY / 2]));
  }
  return { was, times };
}

async function expectRounded(
  store: MetadataStore,
  cursor: number,
  then: ReadonlyMap<NodeId, Versioned>,
): Promise<void> {
  const page = { at: cursor, until: 9_999, after: cursor, limit: 99 };
  const { states } = await store.changedSince(FOLDER, page);
  for (const { node, entry, isRounded } of states) {
    const real = then.get(node);
    if (isRounded !== true) expect([cursor, node, entry]).toEqual([cursor, node, real]);
    else expect(entry && { ...entry, ...contentsOf(real) }).toEqual(real);
    if (isRounded === true) expect(entry?.contentVersion).toBeLessThanOrEqual(cursor);
  }
}

/** All but where it is. */
const contentsOf = (entry: Versioned | undefined) => {
  const { parent, name, placeVersion, ...rest } = { placeVersion: 0, ...fileEntry(''), ...entry };
  return rest;
};
