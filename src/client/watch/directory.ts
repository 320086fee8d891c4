import { lstatSync, readdirSync, statSync } from 'node:fs';
import { checkName } from '../../core/name.ts';

/**
 * What tells a directory from another one at the same place. Throws what the system throws, and
 * ENOTDIR for anything else that is there. A symlink is no directory, but for the root, which a
 * person chose.
 */
export function identityOf(path: string, follow: boolean): string {
  const stats = (follow ? statSync : lstatSync)(path, { bigint: true });
  if (!stats.isDirectory()) throw Object.assign(new Error('no directory'), { code: 'ENOTDIR' });
  // Inodes are used again at once. Where no birth time is told, no two looks are the same.
  const birth = stats.birthtimeNs === 0n ? `?${serial++}` : stats.birthtimeNs;
  return `${stats.dev}:${stats.ino}:${birth}`;
}

/** False where it is proved that there is none; what cannot be told may be one. */
export function mayBeDirectory(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch (error) {
    return !VANISHED.has(codeOf(error));
  }
}

export const codeOf = (error: unknown): string =>
  (error as NodeJS.ErrnoException | undefined)?.code ?? 'unknown';

/** It went away meanwhile, is no directory, or nothing can be there. */
export const VANISHED: ReadonlySet<string> = new Set([
  'ENOENT',
  'ENOTDIR',
  'ELOOP',
  'ENAMETOOLONG',
]);

let serial = 0;

/** The names of the directories in a directory; none when it cannot be read. Symlinks are none. */
export function directoriesIn(path: string): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    return [];
  }
}

/** Whether this is our own directory, by any name that some system takes for it. */
export const isOurs = (name: string): boolean => checkName(name) === 'internal';
