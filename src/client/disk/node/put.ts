import {
  closeSync,
  linkSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  unlinkSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Kind } from '../../../core/entry.ts';
import { fold } from '../../../core/representable.ts';
import { DiskError } from '../../ports.ts';
import { errnoOf, isNoLink } from './disk-error.ts';
import type { Inside } from './inside.ts';
import { factsAt, type Spot } from './look.ts';

export interface Putting {
  readonly from: Spot;
  readonly to: Spot;
  readonly kind: Kind;
  /** What is at `from` is a file of ours, which nobody else changes. */
  readonly isOurs?: boolean;
}

/**
 * Gives what is at `from` the name `to`, which must be free. Node's rename takes the name from
 * whoever has it; a hard link does not, so that is what makes the new name, where there are any.
 */
export function putAtFreeName(inside: Inside, putting: Putting): void {
  const { from, to, kind } = putting;
  if (isOnlySpelledAnew(from, to)) {
    renameSync(from.spot, to.spot);
  } else if (!linkAway(inside, putting)) {
    renameToFreeName({ from, to, kind });
  }
}

/** False where that cannot be; then nothing was done. */
function linkAway(inside: Inside, { from, to, kind, isOurs = false }: Putting): boolean {
  const before = isOurs ? undefined : factsAt(inside, from);
  if (!tryLink(inside, { from, to, kind })) return false;
  if (isOurs) unlinkSync(from.spot);
  else dropOldName(inside, { from, to, kind }, before?.inode);
  return true;
}

/** A second name for what is at `from`; false where there are no hard links. */
export function tryLink(inside: Inside, { from, to, kind }: Putting): boolean {
  if (!canLink(inside, kind)) return false;
  try {
    linkSync(from.spot, to.spot);
    return true;
  } catch (error) {
    if (isNoLink(error)) return false;
    throw error;
  }
}

/** A link to a symlink is a link to what it points at on some systems. */
const canLink = (inside: Inside, kind: Kind): boolean =>
  inside.system.hardLinks &&
  (kind === 'file' || (kind === 'symlink' && process.platform === 'linux'));

/** RACE: who puts a file at `from` after this look, and before it is removed, loses it. */
function dropOldName(inside: Inside, { from, to }: Putting, inode: string | undefined): void {
  if (factsAt(inside, from)?.inode !== inode) {
    rmSync(to.spot, { force: true });
    throw new DiskError('changed', from.path);
  }
  unlinkSync(from.spot);
}

/**
 * A file reserves its name, empty, and takes it over. Others cannot. RACE: who takes the name between
 * the look and the rename loses what is there: an empty directory to a directory (a full one makes
 * the rename fail), and a file to a symlink where symlinks cannot be linked.
 */
function renameToFreeName({ from, to, kind }: Putting): void {
  if (kind === 'file') closeSync(openSync(to.spot, 'wx'));
  else if (lstatSync(to.spot, { throwIfNoEntry: false })) throw new DiskError('exists', to.path);
  try {
    renameSync(from.spot, to.spot);
  } catch (error) {
    if (kind === 'file' && lstatSync(to.spot).size === 0) rmSync(to.spot);
    throw errnoOf(error) === 'ENOTEMPTY' ? new DiskError('exists', to.path) : error;
  }
}

/** `A` to `a` where the system takes the two for one name: what is in the way is the thing itself. */
function isOnlySpelledAnew(from: Spot, to: Spot): boolean {
  const [name, wanted] = [basename(from.spot), basename(to.spot)];
  const directory = dirname(to.spot);
  if (name === wanted || fold(name) !== fold(wanted)) return false;
  if (!isSame(`${dirname(from.spot)}/.`, `${directory}/.`)) return false;
  if (!isSame(from.spot, to.spot)) return false;
  return !readdirSync(directory).includes(wanted);
}

function isSame(a: string, b: string): boolean {
  const [one, other] = [a, b].map((spot) =>
    lstatSync(spot, { bigint: true, throwIfNoEntry: false }),
  );
  return one !== undefined && one.ino === other?.ino && one.dev === other.dev;
}
