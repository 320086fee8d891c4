import type { Change } from '../core/change.ts';
import { Failure } from '../protocol/failure.ts';
import { type Located, locate, namesOf } from './by-path.ts';
import { type Author, commitByPath, type FolderPorts } from './commit-by-path.ts';
import { createParents } from './create-parents.ts';

/**
 * Puts a directory at a path, with those above it. Answers false when one is there already, which stays as it is. Throws
 * Failure `bad_name`, and `conflict` when something else is there or above.
 */
export async function createDirectory(
  ports: FolderPorts,
  { path, author }: { readonly path: string; readonly author: Author },
): Promise<boolean> {
  const names = namesOf(path);
  const plan = async () => {
    const changes = changesFor(await locate(ports, names), ports.newId);
    return { changes, result: changes.length > 0 };
  };
  return await commitByPath(ports, { author, cause: 'directory', plan });
}

function changesFor(located: Located, newId: () => string): Change[] {
  const kind = located.found?.entry.kind;
  if (kind === 'directory') return [];
  if (kind !== undefined) throw new Failure('conflict', `A ${kind} is at this path.`);
  const { directories, place } = createParents(located, newId);
  return [...directories, { type: 'create', node: newId(), kind: 'directory', place }];
}
