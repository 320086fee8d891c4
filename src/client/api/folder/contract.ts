import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../../../core/change.ts';
import { ROOT } from '../../../core/entry.ts';
import type { FolderApi } from '../../folder-api.ts';
import type { Api } from '../../ports.ts';
import { chunkOf } from '../contract.ts';

/** A server that knows nothing yet; its one client, and how its folder is seen by that. */
export type MakeFolder = () => Promise<{
  readonly api: Api;
  readonly folder: FolderApi;
  /** Lets time pass, in milliseconds. */
  readonly pass: (ms: number) => Promise<void>;
}>;

export const CLIENT = { clientId: 'client-a', name: 'Anna', syncRoot: '/a', cursor: 0 };

const contentOf = (text: string) => {
  const { hash, size } = chunkOf(text);
  return { checksum: hash, size, mtime: 1_700_000_000_123, executable: false };
};

const file = (node: string, text: string) =>
  ({ type: 'create', node, kind: 'file', content: contentOf(text) }) as const;

/** What every implementation of FolderApi keeps. */
export function folderContract(name: string, make: MakeFolder): void {
  describe(name, () => {
    let api: Api;
    let folder: FolderApi;
    let pass: (ms: number) => Promise<void>;
    beforeEach(async () => {
      ({ api, folder, pass } = await make());
      await api.register(CLIENT);
    });

    /** The cursors. */
    async function commit(changes: readonly Change[], texts: readonly string[] = []) {
      const known = { key: randomUUID(), changes, manifests: [], chunks: texts.map(chunkOf) };
      const answer = await api.commit(known);
      if (answer.type !== 'accepted') throw new Error(JSON.stringify(answer));
      return answer.cursors;
    }

    const directory = (node: string, name: string): Change => ({
      ...{ type: 'create', node, kind: 'directory' },
      place: { parent: ROOT, name },
    });
    /** `at`: a name, or the node of a directory and a name, with a `/`. */
    const create = (node: string, at: string, text: string) => {
      const [name = '', parent = ROOT] = at.split('/').reverse();
      return commit([{ ...file(node, text), place: { parent, name } }], [text]);
    };
    const edit = (node: string, text: string, replaces: number) =>
      commit([{ type: 'update', node, content: { ...contentOf(text), replaces } }], [text]);
    const move = (node: string, to: string, replaces: number) =>
      commit([{ type: 'update', node, place: { parent: ROOT, name: to, replaces } }]);
    const remove = (node: string, replacesPlace: number, replacesContent: number) =>
      commit([{ type: 'delete', node, replacesPlace, replacesContent }]);

    /** `f` was made, edited, moved to `g` and deleted, at cursors 1 to 4. */
    async function aLife(): Promise<void> {
      await create('n1', 'f', 'one');
      await edit('n1', 'two, longer', 1);
      await move('n1', 'g', 1);
      await remove('n1', 3, 2);
    }

    it('tells what happened to a path, newest first, in pages', async () => {
      await aLife();
      await create('n2', 'other', 'x');
      const lines = await folder.history({ path: 'f' });
      expect(lines.map(({ cursor, operation }) => [cursor, operation])).toEqual([
        [4, 'delete'],
        [3, 'move'],
        [2, 'update'],
        [1, 'create'],
      ]);
      const { hash: checksum, size } = chunkOf('one');
      expect(lines[2]).toMatchObject({ path: 'f', node: 'n1', replaced: { checksum, size } });
      expect(lines[1]).toMatchObject({ path: 'g', old_path: 'f', client_name: 'Anna' });
      const page = await folder.history({ path: 'f', before: 3, limit: 1 });
      expect(page.map(({ cursor }) => cursor)).toEqual([2]);
      expect(await folder.history({ path: 'none' })).toEqual([]);
      expect(await folder.history({ client_id: 'nobody' })).toEqual([]);
      expect(await folder.history({})).toHaveLength(5);
    });

    it('tells what happened since a time', async () => {
      await create('n1', 'f', 'one');
      await pass(60_000);
      await create('n2', 'g', 'two');
      const [line] = await folder.history({ limit: 1 });
      const since = line?.time ?? '';
      expect((await folder.history({ since })).map(({ path }) => path)).toEqual(['g']);
    });

    it('knows what is at a path now', async () => {
      await commit([directory('d1', 'old')]);
      const [made = 0] = await create('n1', 'd1/f', 'one');
      await move('d1', 'new', made - 1);
      expect(await folder.nodeAt('new/f')).toBe('n1');
      expect(await folder.nodeAt('new')).toBe('d1');
      for (const path of ['old', 'old/f', 'new/g', 'new/f/x'])
        expect(await folder.nodeAt(path)).toBeUndefined();
    });

    it('lists what was deleted, and brings it back', async () => {
      await aLife();
      const { deleted } = await folder.trash({});
      expect(deleted).toMatchObject([{ node: 'n1', version: 4, path: 'g', client_name: 'Anna' }]);
      expect((await folder.trash({ path: 'f' })).deleted.length).toBeLessThan(2);
      const back = await folder.restore({ node: 'n1', version: 4 });
      expect(back).toMatchObject({ path: 'g', restored: 1, last: 5 });
      const node = await folder.nodeAt('g');
      expect((await api.changes(4, undefined)).changes).toMatchObject([
        { node, entry: { name: 'g', checksum: contentOf('two, longer').checksum } },
      ]);
      expect((await folder.trash({})).deleted).toEqual([]);
    });

    it('gives back what was held; twice changes nothing', async () => {
      await create('n1', 'f', 'one');
      await edit('n1', 'two', 1);
      const wish = { node: 'n1', version: 1 };
      expect(await folder.restore(wish)).toMatchObject({ path: 'f', first: 3, last: 3 });
      const again = await folder.restore(wish);
      expect(again.first).toBeUndefined();
      const [line] = await folder.history({ path: 'f', limit: 1 });
      expect(line).toMatchObject({ cursor: 3, checksum: contentOf('one').checksum });
      const never = folder.restore({ node: 'n1', version: 99 });
      await expect(never).rejects.toMatchObject({ code: 'not_found' });
    });

    it('goes back, and back again; what it would do is told without doing it', async () => {
      await create('n1', 'f', 'one');
      await edit('n1', 'two', 1);
      await create('n2', 'g', 'x');
      const planned = await folder.rewind({ to: 1, dry_run: true });
      expect(planned).toMatchObject({ to: 1, from: 3, creates: 0, updates: 1, deletes: 1 });
      expect(planned.first).toBeUndefined();
      expect((await folder.present()).cursor).toBe(3);
      const done = await folder.rewind({ to: 1 });
      expect(done).toMatchObject({ updates: 1, deletes: 1, first: 4, last: 5 });
      expect(done.steps).toContainEqual(
        expect.objectContaining({ operation: 'delete', path: 'g', kind: 'file' }),
      );
      expect(await folder.nodeAt('g')).toBeUndefined();
      expect(await folder.rewind({ to: 3 })).toMatchObject({ updates: 1, creates: 1 });
      expect(await folder.nodeAt('g')).toBeDefined();
      expect((await folder.rewind({ path: 'f', to: 3 })).first).toBeUndefined();
      await expect(folder.rewind({ path: 'none', to: 1 })).rejects.toMatchObject({
        code: 'not_found',
      });
    });

    it('knows its clients, where it stands, and what it takes', async () => {
      await create('n1', 'f', 'one');
      expect(await folder.clients()).toMatchObject([{ client_id: 'client-a', name: 'Anna' }]);
      const { epoch } = await api.changes(0, undefined);
      expect(await folder.present()).toEqual({ epoch, cursor: 1 });
      expect((await folder.taken()).maxFileSize).toBeGreaterThan(0);
    });

    it('tells who lacks something up to a cursor', async () => {
      await api.register({ ...CLIENT, identity: { last: undefined, next: 'token-1' } });
      await create('n1', 'f', 'one');
      const { epoch } = await folder.present();
      const lag = await folder.lag({});
      expect(lag).toMatchObject({ epoch, cursor: 1, behind: 1 });
      expect(lag.clients).toMatchObject([{ client_id: 'client-a', cursor: 0, lag_changes: 1 }]);
      expect(await folder.lag({ cursor: 0 })).toMatchObject({ cursor: 0, behind: 0, clients: [] });
      expect(await folder.lag({ connected: true })).toMatchObject({ cursor: 1, behind: 0 });
    });

    it('gives the bytes of any content that it has', async () => {
      await create('n1', 'f', 'one');
      await edit('n1', 'two', 1);
      const bytes = await folder.content(contentOf('one').checksum);
      expect(Buffer.from(bytes ?? []).toString()).toBe('one');
      expect(await folder.content('0'.repeat(64))).toBeUndefined();
    });
  });
}
