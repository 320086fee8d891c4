import { describe, expect, it } from 'vitest';
import type { NodeId } from '../../../core/entry.ts';
import type { MetadataStore } from '../../ports.ts';
import type { VersionMark } from '../../thinned.ts';
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
}
