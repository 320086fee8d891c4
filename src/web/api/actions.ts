import type { Deleted } from '../../protocol/rewind.ts';
import type { SettleRequest } from '../../protocol/steer.ts';
import { nameOf } from '../folder-path.ts';
import { countOf } from '../format.ts';
import { attempt, tell, tellError } from '../parts/toaster.tsx';
import { call } from './call.ts';
import { queries } from './client.ts';
import { refreshAll } from './follow-changes.ts';
import { ownId } from './own-id.ts';

/** What a person does to the folder. Each tells how it went, and what can be undone offers so. */
interface Node {
  readonly node: string;
  readonly path: string;
}

const plainly = (nodes: readonly Node[]): string =>
  nodes.length === 1
    ? `“${nameOf(nodes[0]?.path ?? '')}”`
    : countOf(nodes.length, 'entry', 'entries');

export async function deleteNodes(nodes: readonly Node[]): Promise<void> {
  const done: Node[] = [];
  try {
    for (const node of nodes) {
      await call('deleteFile', { params: { path: node.path }, query: { client_id: ownId() } });
      done.push(node);
    }
  } catch (error) {
    tellError('Not everything could be deleted', error);
  }
  await refreshAll(queries);
  if (done.length === 0) return;
  tell(`Deleted ${plainly(done)}`, () =>
    attempt('It could not be brought back', () => bringBack(done)),
  );
}

/** Deleted ones, from their last change: the deletion. */
async function bringBack(nodes: readonly Node[]): Promise<void> {
  for (const { node } of nodes) {
    const { history } = await call('history', { query: { node, limit: 1 } });
    const [deletion] = history;
    if (deletion?.operation !== 'delete') continue;
    await call('restore', { body: { client_id: ownId(), node, version: deletion.cursor } });
  }
  await refreshAll(queries);
  tell(`Brought back ${plainly(nodes)}`);
}

export async function move(from: string, to: string): Promise<void> {
  if (from === to) return;
  await call('move', { body: { client_id: ownId(), from, to } });
  await refreshAll(queries);
  tell(`Now at “${to}”`, () =>
    attempt('It could not be moved back', async () => {
      await call('move', { body: { client_id: ownId(), from: to, to: from } });
      await refreshAll(queries);
    }),
  );
}

export async function makeDirectory(path: string): Promise<void> {
  await call('makeDirectory', { body: { client_id: ownId(), path } });
  await refreshAll(queries);
}

/** Gives a file back what it held after the change `version`. `now`: of its last change, for the way back. */
export async function restoreVersion(node: string, version: number, now: number): Promise<void> {
  await call('restore', { body: { client_id: ownId(), node, version } });
  await refreshAll(queries);
  tell('The version is restored', () =>
    attempt('It could not be undone', async () => {
      await call('restore', { body: { client_id: ownId(), node, version: now } });
      await refreshAll(queries);
    }),
  );
}

/** Brings back what lies in the trash. The way back is to delete it once more. */
export async function restoreDeleted(deleted: readonly Deleted[]): Promise<void> {
  const back: Node[] = [];
  try {
    for (const { node, version } of deleted) {
      const { path } = await call('restore', { body: { client_id: ownId(), node, version } });
      back.push({ node, path });
    }
  } finally {
    await refreshAll(queries);
  }
  tell(`Restored ${plainly(back)}`, () =>
    attempt('It could not be deleted', () => deleteNodes(back)),
  );
}

export const settle = (path: string, keep: Exclude<SettleRequest['keep'], 'merged'>) =>
  settleWith({ path, keep });

/** Throws where one of the versions is not what was merged any more. */
export const settleMerged = (path: string, merged: SettleRequest['merged']) =>
  settleWith({ path, keep: 'merged', ...(merged && { merged }) });

async function settleWith(settlement: Omit<SettleRequest, 'client_id'>): Promise<void> {
  await call('settle', { body: { client_id: ownId(), ...settlement } });
  await refreshAll(queries);
  tell('The conflict is settled. What did not stay is in the trash.');
}

export async function removeClient(clientId: string): Promise<void> {
  await call('removeClient', { params: { client_id: clientId } });
  await queries.invalidateQueries({ queryKey: ['clients'] });
}
