import { readdirSync, rmdirSync, rmSync, statfsSync } from 'node:fs';
import { dayOf } from '../trash-layer.ts';
import { TRASH } from './in-trash.ts';
import type { Inside } from './inside.ts';
import { STAGING } from './stage.ts';
import { collect, type Kept } from './trashed.ts';

const DAY = 24 * 60 * 60 * 1000;
const KEPT_DAYS = 30;
const KEPT_BYTES = 10 * 1024 ** 3;

/** Removes staged files that a crash left, trash of over 30 days, and the oldest beyond what is kept. */
export async function tidy(inside: Inside, now: number): Promise<void> {
  if (!inside.isBound()) return;
  inside.withOurs([STAGING], (at) => removeForgotten(inside, at));
  inside.withOurs([TRASH], (at) => removeOldDays(at, dayOf(now - KEPT_DAYS * DAY)));
  const kept = await collect(inside);
  inside.withOurs([TRASH], (at) => {
    removeOldest(at, kept, mostBytes(at));
    removeEmptyDirectories(at, kept);
  });
}

function removeForgotten(inside: Inside, at: string): void {
  for (const name of readdirSync(at)) {
    if (!inside.staged.has(name)) rmSync(`${at}/${name}`, { force: true, recursive: true });
  }
}

/** Days are names that sort. */
function removeOldDays(at: string, oldestKept: string): void {
  for (const day of readdirSync(at)) {
    if (day < oldestKept) rmSync(`${at}/${day}`, { force: true, recursive: true });
  }
}

function removeOldest(at: string, kept: readonly Kept[], most: number): void {
  const files = kept.filter((one) => !one.isDirectory).sort((a, b) => a.since - b.since);
  let bytes = files.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of files) {
    if (bytes <= most) return;
    rmSync(`${at}${path}`, { force: true });
    bytes -= size;
  }
}

/** 10 GiB, and never more than a tenth of the disk. */
function mostBytes(at: string): number {
  const { blocks, bsize } = statfsSync(`${at}/.`);
  return Math.min(KEPT_BYTES, (blocks * bsize) / 10);
}

/** Deepest first; what still holds something says so itself. */
function removeEmptyDirectories(at: string, kept: readonly Kept[]): void {
  for (const { path, isDirectory } of kept.toReversed()) {
    if (!isDirectory) continue;
    try {
      rmdirSync(`${at}${path}`);
    } catch {}
  }
}
