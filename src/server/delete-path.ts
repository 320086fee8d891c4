import type { Change } from '../core/change.ts';
import { type FolderView, type Living, locate, namesOf } from './by-path.ts';
import { type Author, commitByPath, type FolderPorts } from './commit-by-path.ts';
import { walkFolder } from './walk-folder.ts';

/**
 * Deletes what is at a path, with everything in it, in one commit. Answers whether anything was there.
 * Throws Failure `bad_name`.
 */
export async function deletePath(
  ports: FolderPorts,
  { path, author }: { readonly path: string; readonly author: Author },
): Promise<boolean> {
  const names = namesOf(path);
  const plan = async () => {
    const { found } = await locate(ports, names);
    const changes = found === undefined ? [] : await deletionsOf(ports, found);
    return { changes, result: found !== undefined };
  };
  return await commitByPath(ports, { author, cause: 'delete', plan });
}

/** Of a node with everything in it. */
export async function deletionsOf(view: FolderView, node: Living): Promise<Change[]> {
  const deletions = [deletionOf(node)];
  if (node.entry.kind !== 'directory') return deletions;
  for await (const below of walkFolder(view, { id: node.id, path: '' })) {
    deletions.push(deletionOf(below));
  }
  return deletions;
}

export const deletionOf = ({ id, entry }: Living): Change => ({
  type: 'delete',
  node: id,
  replacesPlace: entry.placeVersion,
  replacesContent: entry.contentVersion,
});
