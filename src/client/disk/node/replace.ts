import { renameSync, rmSync } from 'node:fs';
import { DiskError } from '../../ports.ts';
import { type Facts, sameButChangeTime } from '../facts.ts';
import { inTrash } from './in-trash.ts';
import type { Inside } from './inside.ts';
import { factsAt } from './look.ts';
import { type Putting, putAtFreeName, tryLink } from './put.ts';

interface Replacing extends Putting {
  /** What is replaced, as it was seen a moment ago. */
  readonly found: Facts;
}

/**
 * Puts a thing in the place of another, which goes to the trash. The other first gets its name in
 * the trash beside its own, so that the user's name is never without one of the two.
 */
export function replace(inside: Inside, replacing: Replacing): void {
  const { to, found } = replacing;
  inTrash(inside, to.path, (kept) => {
    const second = { from: to, to: { spot: kept, path: to.path }, kind: found.kind };
    if (tryLink(inside, second)) renameOver(inside, replacing, kept);
    else replaceByRenaming(inside, replacing, kept);
  });
}

/** RACE: who puts another file here after this look, and before the rename, loses it. Writes are safe. */
function renameOver(inside: Inside, { from, to, found }: Replacing, kept: string): void {
  try {
    const facts = factsAt(inside, to);
    if (facts === undefined || !sameButChangeTime(found, facts)) {
      throw new DiskError('changed', to.path);
    }
    renameSync(from.spot, to.spot);
  } catch (error) {
    rmSync(kept, { force: true });
    throw error;
  }
}

/** Here the name is missing for a moment, but what takes it takes it from nobody. */
function replaceByRenaming(inside: Inside, { from, to, kind, found }: Replacing, kept: string) {
  renameSync(to.spot, kept);
  try {
    putAtFreeName(inside, { from, to, kind });
  } catch (error) {
    putBack(inside, { from: { spot: kept, path: to.path }, to, kind: found.kind });
    throw error;
  }
}

/** Where that cannot be, it stays in the trash. */
function putBack(inside: Inside, putting: Putting): void {
  try {
    putAtFreeName(inside, putting);
  } catch {}
}
