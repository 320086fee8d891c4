import { lstatSync } from 'node:fs';
import type { Path } from '../../ports.ts';
import { dayOf, freeLayer } from '../trash-layer.ts';
import type { Directory } from './directory.ts';
import type { Inside } from './inside.ts';

export const TRASH = 'trash';

/**
 * Runs `step` with a free spot in today's trash for what was at `path`. What lies there already is
 * never written over: the newcomer lies in another layer.
 */
export function inTrash<T>(inside: Inside, path: Path, step: (spot: string) => T): T {
  const directory = enterTrash(inside, path);
  try {
    inside.unsynced.add(directory.at);
    return step(`${directory.at}/${path.at(-1) ?? ''}`);
  } finally {
    directory.close();
  }
}

function enterTrash(inside: Inside, path: Path): Directory {
  const day = dayOf(inside.now());
  const layer = inside.withOurs([TRASH], (at) =>
    freeLayer(day, (name) => isTaken(`${at}/${name}`, path)),
  );
  return inside.openOurs([TRASH, layer, ...path.slice(0, -1)]);
}

/** Something has the path in this layer, or a name above it that is no directory's. */
function isTaken(layer: string, path: Path): boolean {
  let spot = layer;
  for (const name of path) {
    const stats = lstatSync(spot, { throwIfNoEntry: false });
    if (stats === undefined) return false;
    if (!stats.isDirectory()) return true;
    spot = `${spot}/${name}`;
  }
  return lstatSync(spot, { throwIfNoEntry: false }) !== undefined;
}
