import { describe, expect, it } from 'vitest';
import type { NodeId } from '../../../core/entry.ts';
import { chainAfter, ORIGIN } from '../../chain.ts';
import type { MetadataStore } from '../../ports.ts';
import { verifyChain } from '../../verify-chain.ts';
import { FOLDER, fileEntry, recordOf, writeSteps } from '../sample.ts';

type Get = () => MetadataStore;

/** The part of the contract about the names of histories. */
export function chainContract(store: Get): void {
  describe('chain', () => {
    const create = (node: NodeId) => ({ node, entry: fileEntry(`${node}.txt`) });
    const verified = () => verifyChain(store(), FOLDER);
    const chainAt = (cursor: number) => store().chain(FOLDER, cursor);
    const commit = (...nodes: NodeId[]) =>
      store().transaction(FOLDER, async (tx) => {
        const { cursor } = await tx.folder();
        const records = await Promise.all(nodes.map((node) => recordOf(tx, create(node))));
        await tx.append(records.map((record, at) => ({ ...record, cursor: cursor + 1 + at })));
        expect(await tx.chain(cursor + nodes.length)).toMatch(/^[0-9a-f]{64}$/);
      });

    it('[B18] names the history at the end of each commit, and nowhere else', async () => {
      expect(await chainAt(0)).toBe(ORIGIN);
      await commit('a', 'b');
      await commit('c');
      expect(await chainAt(1)).toBeUndefined();
      expect(await chainAt(4)).toBeUndefined();
      const names = await Promise.all([0, 2, 3].map(chainAt));
      expect(new Set(names).size).toBe(3);
      expect(await store().chain('none', 2)).toBeUndefined();
    });

    it('[B18] is what its records make of it, and stays when they are pruned', async () => {
      await commit('a', 'b');
      const [last, first] = await store().history(FOLDER, { limit: 9 });
      if (first === undefined || last === undefined) throw new Error('Two records were written.');
      expect(await chainAt(2)).toBe(chainAfter(ORIGIN, [first, last]));
      await writeSteps(store(), [{ node: 'a', entry: undefined }], { time: 2_000 });
      const name = await chainAt(2);
      await store().pruneHistory(FOLDER, 10_000);
      expect(await chainAt(2)).toBe(name);
    });

    it('[B18] goes with the transaction that is refused', async () => {
      const refused = store().transaction(FOLDER, async (tx) => {
        await tx.append([await recordOf(tx, create('a'))]);
        throw new Error('refused');
      });
      await expect(refused).rejects.toThrow('refused');
      expect(await chainAt(1)).toBeUndefined();
      await commit('b');
      expect(await chainAt(1)).toBeDefined();
    });

    it('[B18] [G08] verifies; a record that was changed, or is another, breaks it', async () => {
      await commit('a', 'b');
      await commit('c');
      expect(await verified()).toEqual({ verified: 2, thinned: 0, broken: [], lacking: [] });
      const lying: Pick<MetadataStore, 'history' | 'commitsBefore'> = {
        commitsBefore: (folder, page) => store().commitsBefore(folder, page),
        history: async (folder, query) =>
          (await store().history(folder, query)).map((record) =>
            record.node === 'a' ? { ...record, path: 'elsewhere' } : record,
          ),
      };
      expect(await verifyChain(lying, FOLDER)).toMatchObject({ verified: 1, broken: [2] });
      await writeSteps(store(), [{ node: 'a', entry: undefined }], { time: 2_000 });
      await store().pruneHistory(FOLDER, 10_000);
      expect(await verified()).toEqual({ verified: 2, thinned: 1, broken: [], lacking: [] });
    });

    it('[B18] a commit of which pruning took a part, whichever, is not broken', async () => {
      await commit('a', 'b', 'c');
      await writeSteps(store(), [{ node: 'c', entry: undefined }], { time: 2_000 });
      await store().pruneHistory(FOLDER, 10_000);
      expect(await verified()).toEqual({ verified: 1, thinned: 1, broken: [], lacking: [] });
      await writeSteps(store(), [{ node: 'b', entry: undefined }], { time: 2_000 });
      await store().pruneHistory(FOLDER, 10_000);
      expect(await verified()).toEqual({ verified: 2, thinned: 1, broken: [], lacking: [] });
    });

    it('a record that is missing and was not removed on purpose is told from those that were', async () => {
      await commit('a', 'b');
      await commit('c');
      await writeSteps(store(), [{ node: 'a', entry: undefined }], { time: 2_000 });
      await store().removeVersions(FOLDER, [1]);
      const without = (cursors: readonly number[]) => ({
        commitsBefore: store().commitsBefore.bind(store()),
        history: async (...asked: Parameters<MetadataStore['history']>) =>
          (await store().history(...asked)).filter(({ cursor }) => !cursors.includes(cursor)),
      });
      expect(await verifyChain(without([2]), FOLDER)).toMatchObject({ lacking: [2] });
      expect(await verifyChain(without([3]), FOLDER)).toMatchObject({ lacking: [3] });
      expect(await verifyChain(without([4]), FOLDER)).toMatchObject({ lacking: [4] });
      expect(await verified()).toMatchObject({ verified: 2, thinned: 1, lacking: [] });
    });

    it('tells of commits in pages, the newest first, with how much of them was removed', async () => {
      await commit('a', 'b', 'c');
      await commit('d');
      await writeSteps(
        store(),
        ['a', 'b'].map((node) => ({ node, entry: undefined })),
      );
      await store().removeVersions(FOLDER, [1, 2]);
      const told = async (before: number | undefined, limit: number) =>
        (await store().commitsBefore(FOLDER, { before, limit })).map(
          ({ first, last, removed }) => `${first}-${last}:${removed}`,
        );
      expect(await told(undefined, 9)).toEqual(['6-6:0', '5-5:0', '4-4:0', '1-3:2']);
      expect(await told(6, 2)).toEqual(['5-5:0', '4-4:0']);
      expect(await told(4, 2)).toEqual(['1-3:2']);
      const [newest] = await store().commitsBefore(FOLDER, { before: undefined, limit: 1 });
      expect(newest?.chain).toBe(await chainAt(6));
      expect(await store().commitsBefore('none', { before: undefined, limit: 9 })).toEqual([]);
    });
  });
}
