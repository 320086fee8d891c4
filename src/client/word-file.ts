import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Verb } from '../protocol/held.ts';
import type { Verbs } from './breaker.ts';
import { makeDirectories } from './make-directories.ts';

/**
 * Leaves a person's word for the client that runs, or for the next one that starts: it takes the file up
 * and removes it once the word is in its state. Written whole or not at all; of two words on one hold the
 * later one counts.
 */
export function writeWord(path: string, verbs: Verbs): void {
  const fresh = `${path}.${process.pid}.new`;
  makeDirectories(dirname(path), 0o700);
  const text = JSON.stringify({ holds: { ...readWord(path), ...verbs } });
  writeFileSync(fresh, `${text}\n`, { mode: 0o600 });
  renameSync(fresh, path);
}

/** Undefined where no word was left, or none that can be read. */
export function readWord(path: string): Verbs | undefined {
  try {
    const { holds } = JSON.parse(readFileSync(path, 'utf8'));
    const entries = Object.entries(holds ?? {}).filter(
      (entry): entry is [string, Verb] => entry[1] === 'approve' || entry[1] === 'undo',
    );
    return Object.fromEntries(entries);
  } catch {
    return undefined;
  }
}

export const isWordLeft = (path: string): boolean => existsSync(path);

/** Absent already: nothing happens. */
export const removeWord = (path: string): void => rmSync(path, { force: true });
