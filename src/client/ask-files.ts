import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectories } from './make-directories.ts';

/**
 * Asks the client that runs to look at everything: it removes the file when it has, and has offered what it found. In a
 * file for each who asks, so that one who goes away or comes late is in nobody's way.
 */
export function leaveAsk(folder: string, name: string): string {
  makeDirectories(folder, 0o700);
  const path = join(folder, name);
  writeFileSync(path, '', { mode: 0o600 });
  return path;
}

/** The names of those that were left; none where nobody ever asked. */
export function readAsks(folder: string): string[] {
  try {
    return existsSync(folder) ? readdirSync(folder) : [];
  } catch {
    return [];
  }
}

export const isAskLeft = (path: string): boolean => existsSync(path);

/** Absent already: nothing happens. */
export const removeAsk = (path: string): void => rmSync(path, { force: true });
