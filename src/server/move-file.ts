import type { Change } from '../core/change.ts';
import { Failure } from '../protocol/failure.ts';
import { type Living, type Located, locate, namesOf } from './by-path.ts';
import { type Author, commitByPath, type FolderPorts } from './commit-by-path.ts';
import { createParents, type Way } from './create-parents.ts';
import { deletionOf } from './delete-path.ts';

export interface Move {
  readonly from: string;
  readonly to: string;
  readonly author: Author;
}

/**
 * Moves what is at one path to another, making the directories above that. A file that is there is
 * replaced by a file, as a rename does. Throws Failure `not_found`, `bad_name`, and `conflict` when
 * something else is there or a directory would come to lie inside itself.
 */
export async function moveFile(ports: FolderPorts, { from, to, author }: Move): Promise<void> {
  const [source, target] = [namesOf(from), namesOf(to)];
  if (to.startsWith(`${from}/`)) {
    throw new Failure('conflict', 'Nothing can be moved into itself.');
  }
  const plan = async () => {
    const { found } = await locate(ports, source);
    if (found === undefined) throw new Failure('not_found');
    const there = await locate(ports, target);
    return { changes: changesFor(found, there, ports.newId), result: undefined };
  };
  await commitByPath(ports, { author, cause: 'move', plan });
}

function changesFor({ id, entry }: Living, there: Located, newId: () => string): Change[] {
  if (there.found?.id === id) return [];
  const { directories, place } = wayTo(entry.kind, there, newId);
  const replaced = there.found === undefined ? [] : [deletionOf(there.found)];
  const to = { ...place, replaces: entry.placeVersion };
  return [...directories, ...replaced, { type: 'update', node: id, place: to }];
}

function wayTo(kind: string, there: Located, newId: () => string): Way {
  if (there.found === undefined) return createParents(there, newId);
  const { kind: other, name } = there.found.entry;
  if (kind !== 'file' || other !== 'file') {
    throw new Failure('conflict', `A ${other} is where this should go.`);
  }
  return { directories: [], place: { parent: there.parent, name } };
}
