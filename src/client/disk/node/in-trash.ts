import { lstatSync } from 'node:fs';
import { INTERNAL_DIRECTORY } from '../../../core/name.ts';
import type { Path } from '../../ports.ts';
import { withSuffix } from '../names.ts';
import type { Directory } from './directory.ts';
import type { Inside } from './inside.ts';

export const TRASH = 'trash';

/**
 * Runs `step` with a free spot in today's trash for what was at `path`. What lies there already is
 * never written over: the newcomer gets a number.
 */
export function inTrash<T>(inside: Inside, path: Path, step: (spot: string) => T): T {
  const directory = enterTrash(inside, path.slice(0, -1));
  try {
    inside.unsynced.add(directory.at);
    return step(`${directory.at}/${freeName(directory.at, path.at(-1) ?? '', () => false)}`);
  } finally {
    directory.close();
  }
}

/** The day, in UTC, as a name that sorts. */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

function enterTrash(inside: Inside, names: readonly string[]): Directory {
  let directory = inside.open([INTERNAL_DIRECTORY]);
  for (const name of [TRASH, dayOf(inside.now()), ...names]) {
    try {
      const free = freeName(directory.at, name, (spot) => lstatSync(spot).isDirectory());
      inside.make(directory, free);
      const next = directory.enter(free);
      directory.close();
      directory = next;
    } catch (error) {
      directory.close();
      throw error;
    }
  }
  return directory;
}

/** `name`, or the first `name (n)` that nothing has, or only something that will do. */
function freeName(at: string, name: string, willDo: (spot: string) => boolean): string {
  for (let n = 1; ; n += 1) {
    const candidate = n === 1 ? name : withSuffix(name, ` (${n})`);
    const spot = `${at}/${candidate}`;
    if (lstatSync(spot, { throwIfNoEntry: false }) === undefined || willDo(spot)) return candidate;
  }
}
