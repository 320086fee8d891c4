import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../system/until.ts';

/** The names in each directory, by its path below the top. */
export type Names = ReadonlyMap<string, ReadonlySet<string>>;

/** Ours, and what the others put into a directory that they synchronize. */
const FOREIGN = /^\.(?:syncer|stfolder|stversions|stignore|unison)/;

/** All the names below a directory. */
export function namesIn(top: string): Names {
  const found = new Map<string, ReadonlySet<string>>();
  const visit = (below: string): void => {
    const entries = readdirSync(join(top, below), { withFileTypes: true });
    const own = entries.filter(({ name }) => !FOREIGN.test(name));
    found.set(below, new Set(own.map(({ name }) => name)));
    for (const each of own) if (each.isDirectory()) visit(join(below, each.name));
  };
  visit('');
  return found;
}

/**
 * Waits until all these names are there. Looks into one directory at a time, and at the next when
 * that one is complete: looking must cost little beside what is looked at.
 */
export async function hasAll(top: string, names: Names, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1000;
  for (const [below, wanted] of names) {
    const isComplete = (): boolean => {
      const there = new Set(namesAt(join(top, below)));
      return wanted.isSubsetOf(there);
    };
    const left = (end - performance.now()) / 1000;
    await until(isComplete, { seconds: left, every: 5, what: `all is in ${below || 'the top'}` });
  }
}

function namesAt(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

export interface Sign {
  readonly size: number;
  /** Where these bytes must be. */
  readonly at: number;
  readonly bytes: Buffer;
}

/** Whether a file has this size, and these bytes there. */
export function shows(path: string, { size, at, bytes }: Sign): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.size !== size) return false;
  return readAt(path, { at, length: bytes.length }).equals(bytes);
}

export function readAt(path: string, { at, length }: { at: number; length: number }): Buffer {
  const bytes = Buffer.alloc(length);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, length, at);
    return bytes;
  } finally {
    closeSync(file);
  }
}

/** What differs between two trees, byte for byte; nothing, when they are equal. */
export function differences(a: string, b: string): string[] {
  const [left, right] = [namesIn(a), namesIn(b)];
  const found: string[] = [];
  for (const [below, names] of left) {
    const others = right.get(below) ?? new Set();
    for (const name of names.union(others)) {
      const path = join(below, name);
      if (!names.has(name) || !others.has(name)) found.push(`${path} is on one side only`);
      else if (!isEqual(join(a, path), join(b, path))) found.push(`${path} differs`);
    }
  }
  return found;
}

function isEqual(a: string, b: string): boolean {
  const [left, right]: [Stats, Stats] = [statSync(a), statSync(b)];
  if (left.isDirectory()) return right.isDirectory();
  return left.size === right.size && digest(a, left.size) === digest(b, right.size);
}

const PIECE = 1 << 22;

function digest(path: string, size: number): string {
  const hash = createHash('sha256');
  for (let at = 0; at < size; at += PIECE) {
    hash.update(readAt(path, { at, length: Math.min(PIECE, size - at) }));
  }
  return hash.digest('hex');
}
