import type { Creation } from '../core/change.ts';
import type { Place } from '../core/entry.ts';
import { Failure } from '../protocol/failure.ts';
import type { Located } from './by-path.ts';

/** The directories that must be made so that something can be at a path, and where it then is. */
export interface Way {
  readonly directories: readonly Creation[];
  readonly place: Place;
}

/** `located` is a path that nothing is at. Throws Failure `conflict` when nothing can be there. */
export function createParents({ parent, missing, isBlocked }: Located, newId: () => string): Way {
  const name = missing.at(-1);
  if (isBlocked || name === undefined) {
    throw new Failure('conflict', 'A file is where a directory would have to be.');
  }
  const directories: Creation[] = [];
  let above = parent;
  for (const between of missing.slice(0, -1)) {
    const node = newId();
    const place = { parent: above, name: between };
    directories.push({ type: 'create', node, kind: 'directory', place });
    above = node;
  }
  return { directories, place: { parent: above, name } };
}
