import { lstatSync, mkdirSync, rmdirSync } from 'node:fs';
import { DiskError, type Look, type Path } from '../../ports.ts';
import type { Inside } from './inside.ts';
import { lookAt } from './look.ts';

export function makeDirectory(inside: Inside, path: Path): Look {
  return inside.within(path, (at, name) => {
    const spot = `${at}/${name}`;
    inside.unsynced.add(at);
    mkdirSync(spot);
    const look = lookAt(inside, { spot, path });
    if (look === undefined) throw new DiskError('changed', path);
    return look;
  });
}

/** Something else by that name is no directory: the directory is absent. */
export function removeDirectory(inside: Inside, path: Path): void {
  inside.within(path, (at, name) => {
    const spot = `${at}/${name}`;
    if (!lstatSync(spot, { throwIfNoEntry: false })?.isDirectory()) {
      throw new DiskError('absent', path);
    }
    inside.unsynced.add(at);
    rmdirSync(spot);
  });
}
