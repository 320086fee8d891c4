import { type AnyInode, type DirectoryInode, sizeOf } from './inode.ts';
import type { MemoryInside } from './memory-inside.ts';
import { STAGING } from './memory-staged.ts';

const DAY = 24 * 60 * 60 * 1000;
const KEPT_DAYS = 30;
/** As on a real disk: a tenth of what it holds, where that is known. */
const KEPT_BYTES = 10 * 1024 ** 3;

export function memoryTidy(inside: MemoryInside, now: number): void {
  const staging = inside.ours([STAGING]);
  for (const { name } of [...staging.children.values()]) {
    if (!inside.staged.has(name)) inside.volume.detach(staging, name);
  }
  const trash = inside.ours(['trash']);
  const oldest = new Date(now - KEPT_DAYS * DAY).toISOString().slice(0, 10);
  for (const { name } of [...trash.children.values()]) {
    if (name < oldest) inside.volume.detach(trash, name);
  }
  const { capacity = Number.POSITIVE_INFINITY } = inside.faults;
  removeOldest(inside, trash, Math.min(KEPT_BYTES, capacity / 10));
}

export interface Kept {
  readonly directory: DirectoryInode;
  readonly name: string;
  readonly inode: AnyInode;
}

function removeOldest(inside: MemoryInside, trash: DirectoryInode, most: number): void {
  const kept = [...below(trash)].filter(({ inode }) => inode.kind !== 'directory');
  kept.sort((a, b) => Number(a.inode.ctimeNs - b.inode.ctimeNs));
  let bytes = kept.reduce((sum, { inode }) => sum + sizeOf(inode), 0);
  for (const { directory, name, inode } of kept) {
    if (bytes <= most) return;
    bytes -= sizeOf(inode);
    inside.volume.detach(directory, name);
  }
}

function* below(directory: DirectoryInode): Iterable<Kept> {
  for (const { name, inode } of directory.children.values()) {
    yield { directory, name, inode };
    if (inode.kind === 'directory') yield* below(inode);
  }
}
