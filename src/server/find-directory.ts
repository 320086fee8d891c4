import { type NodeId, ROOT } from '../core/entry.ts';
import { Failure } from '../protocol/failure.ts';
import { type FolderView, locate, namesOf } from './by-path.ts';

/**
 * The directory at a path; without one, the folder itself. Throws Failure `bad_name`, and `not_found` for what is not
 * there or is no directory.
 */
export async function mustFindDirectory(
  view: FolderView,
  path: string | undefined,
): Promise<NodeId> {
  if (path === undefined) return ROOT;
  const { found } = await locate(view, namesOf(path));
  if (found?.entry.kind === 'directory') return found.id;
  throw new Failure('not_found', 'There is no such directory.');
}
