import { INTERNAL_DIRECTORY } from '../../../core/name.ts';
import { DiskError, type Look, type Path } from '../../ports.ts';
import type { Trashed } from '../../trashed.ts';
import { withoutFingerprint } from '../facts.ts';
import { checkChangeable, checkLink, checkPath } from '../names.ts';
import { dayOfLayer } from '../trash-layer.ts';
import { TRASH } from './in-trash.ts';
import type { Inside } from './inside.ts';
import { factsAt, lookAfter, type Spot } from './look.ts';
import { putAtFreeName } from './put.ts';

export type Thing = Pick<Trashed, 'layer' | 'path'>;

/** Gives something in the trash a free name in the directory. */
export function restore(inside: Inside, { layer, path }: Thing, to: Path): Look {
  checkPath(path);
  checkChangeable(to);
  if (dayOfLayer(layer) === undefined) throw new DiskError('absent', path);
  const directory = inside.open([INTERNAL_DIRECTORY, TRASH, layer, ...path.slice(0, -1)]);
  try {
    inside.unsynced.add(directory.at);
    return putBack(inside, { spot: `${directory.at}/${path.at(-1) ?? ''}`, path }, to);
  } finally {
    directory.close();
  }
}

function putBack(inside: Inside, from: Spot, to: Path): Look {
  const found = factsAt(inside, { spot: from.spot, path: to });
  if (found === undefined) throw new DiskError('absent', from.path);
  const { kind, target } = found;
  if (kind === 'directory') throw new DiskError('unsupported', from.path);
  if (target !== undefined) checkLink(to, target);
  return inside.within(to, (at, name) => {
    const goal = { spot: `${at}/${name}`, path: to };
    inside.unsynced.add(at);
    putAtFreeName(inside, { from, to: goal, kind });
    return withoutFingerprint(lookAfter(inside, goal, found));
  });
}
