import { INTERNAL_DIRECTORY } from '../../../core/name.ts';
import { DiskError, type Look, type Path } from '../../ports.ts';
import type { Trashed } from '../../trashed.ts';
import { withoutFingerprint } from '../facts.ts';
import { checkLink, checkPath } from '../names.ts';
import { dayOfLayer } from '../trash-layer.ts';
import { type AnyInode, type DirectoryInode, sizeOf } from './inode.ts';
import { rename, TRASH } from './memory-changes.ts';
import type { MemoryInside, Spot } from './memory-inside.ts';

/** What lies in the trash, with the paths that it had. */
export function memoryTrashed(inside: MemoryInside): Trashed[] {
  const layers = [...inside.ours([TRASH]).children.values()];
  return layers.flatMap(({ name: layer, inode }) => {
    const day = dayOfLayer(layer);
    if (day === undefined || inode.kind !== 'directory') return [];
    return [...below(inode, [])].flatMap(({ path, found }) => {
      if (found.kind !== 'file' && found.kind !== 'symlink') return [];
      const since = Math.round(Number(found.ctimeNs) / 1e6);
      return [{ day, layer, path, kind: found.kind, size: sizeOf(found), since }];
    });
  });
}

function* below(
  directory: DirectoryInode,
  above: Path,
): Iterable<{ readonly path: Path; readonly found: AnyInode }> {
  for (const { name, inode } of directory.children.values()) {
    const path = [...above, name];
    yield { path, found: inode };
    if (inode.kind === 'directory') yield* below(inode, path);
  }
}

/** Throws 'absent' where it is not there. */
export function trashedSpot(
  inside: MemoryInside,
  { layer, path }: Pick<Trashed, 'layer' | 'path'>,
): Spot {
  checkPath(path);
  if (dayOfLayer(layer) === undefined) throw new DiskError('absent', path);
  const parent = inside.directory([INTERNAL_DIRECTORY, TRASH, layer, ...path.slice(0, -1)]);
  return inside.spotIn(parent, path.at(-1) ?? '', path);
}

export function restoreTo(inside: MemoryInside, from: Spot, to: Path): Look {
  const found = inside.facts({ ...from, path: to });
  if (found === undefined) throw new DiskError('absent', from.path);
  if (found.kind === 'directory') throw new DiskError('unsupported', from.path);
  if (found.target !== undefined) checkLink(to, found.target);
  const goal = inside.spot(to);
  rename(inside, from, { to: goal, step: 'restore' });
  return withoutFingerprint(inside.lookAfter(goal, found));
}
