import type { Conflict } from './find-conflicts.ts';
import { MAX_TEXT, mergeText } from './merge-text.ts';
import { type Disk, DiskError, type Look, type Path } from './ports.ts';
import { Refused } from './refused.ts';
import type { Settled } from './resolve-conflict.ts';

interface Question {
  readonly conflict: Conflict;
  /** The version that both were made from. */
  readonly base: Uint8Array;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Puts both versions of a conflict into the original, where they can be merged by lines, and the versions as they
 * were into the trash. Throws Refused where they cannot, having done nothing, and DiskError.
 */
export async function mergeConflict(
  disk: Disk,
  { conflict: { copy, original, look }, base, now }: Question,
): Promise<Settled> {
  const there = await disk.look(original);
  if (there?.kind !== 'file' || look.kind !== 'file')
    throw cannot(original, 'one of them is no file');
  const [mine, theirs] = [await readText(disk, copy, look), await readText(disk, original, there)];
  const bytes = mergeText({ ancestor: base, local: mine, remote: theirs });
  if (bytes === undefined) throw cannot(original, 'they are no texts, or changed the same lines');
  const staged = await disk.stage();
  try {
    await staged.write(bytes);
    await staged.finish({ mtime: now, executable: there.executable });
    await disk.place(staged, original, there);
  } finally {
    await staged.discard();
  }
  await disk.trash(copy, look);
  await disk.sync();
  return { winner: undefined, merged: true, trashed: [original, copy], renamed: [] };
}

/** No more than can be merged. Throws DiskError 'changed' when it is not what was looked at. */
async function readText(disk: Disk, path: Path, { size }: Look): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const range = { offset: 0, length: MAX_TEXT + 1 };
  for await (const part of disk.read(path, range)) parts.push(part);
  const bytes = Buffer.concat(parts);
  if (bytes.length !== Math.min(size, range.length)) throw new DiskError('changed', path);
  return bytes;
}

const cannot = (original: Path, reason: string): Refused =>
  new Refused(
    `The versions of ${original.join('/')} cannot be merged by themselves: ${reason}. ` +
      'Edit the original and delete the copy, or see: syncer-client resolve --help',
  );
