import type { Deleted, Trash } from '../protocol/rewind.ts';
import { msToTime } from '../protocol/time.ts';
import type { FolderView } from './by-path.ts';
import type { DeletedNode, DeletionsQuery } from './past.ts';

/** One page of what was deleted and can be had again, newest first. */
export async function listTrash(
  { metadata, folder }: FolderView,
  query: DeletionsQuery,
): Promise<Trash> {
  const deleted = await metadata.deletions(folder, query);
  const next = deleted.length < query.limit ? undefined : deleted.at(-1)?.cursor;
  return { deleted: deleted.map(describe), next: next ?? null };
}

function describe({ cursor, node, path, before, ...by }: DeletedNode): Deleted {
  return {
    node,
    version: cursor,
    path,
    kind: before.kind,
    ...(before.kind === 'file' ? { checksum: before.checksum, size: before.size } : {}),
    time: msToTime(by.time),
    client_id: by.clientId,
    client_name: by.clientName,
  };
}
