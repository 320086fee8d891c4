import { createHash } from 'node:crypto';
import {
  type AnyInode,
  bytesOf,
  type DirectoryInode,
  type FileInode,
} from '../../src/client/disk/memory/inode.ts';
import type { MemoryVolume } from '../../src/client/disk/memory/memory-volume.ts';
import type { Entry } from '../../src/core/entry.ts';

/** What is at a path: `dir`, `-> target`, or a file's checksum. */
export type Tree = Map<string, string>;

const known = new WeakMap<object, string>();

/** SHA-256, as the server names contents. */
export const checksumOf = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');

/** Everything that a person sees in the directory. */
export function visibleTree({ root }: MemoryVolume): Tree {
  const tree: Tree = new Map();
  if (root !== undefined) walk(root, '', tree);
  return tree;
}

/** Everything else in it, by checksum: what is staged, lifted, or in the trash. */
export function hiddenContents(volume: MemoryVolume): Set<string> {
  const ours = volume.root && volume.child(volume.root, '.syncer')?.inode;
  const tree: Tree = new Map();
  if (ours?.kind === 'directory') walk(ours, '', tree);
  return new Set(tree.values());
}

export function inodeAt(volume: MemoryVolume, path: string): AnyInode | undefined {
  let at: AnyInode | undefined = volume.root;
  for (const name of path.split('/')) {
    at = at?.kind === 'directory' ? volume.child(at, name)?.inode : undefined;
  }
  return at;
}

/** All that the system tells of a file that changes when it is written to, as it stands in a fingerprint. */
export const shownOf = (file: FileInode): string =>
  `/${bytesOf(file).length}/${file.mtimeNs}/${file.ctimeNs}/`;

/** The directories on the way to a path, as far as they are there, from the top. */
export function directoriesTo(volume: MemoryVolume, path: string): DirectoryInode[] {
  const found: DirectoryInode[] = [];
  let at: AnyInode | undefined = volume.root;
  for (const name of path.split('/')) {
    if (at?.kind !== 'directory') break;
    found.push(at);
    at = volume.child(at, name)?.inode;
  }
  return found;
}

interface Place {
  readonly directory: DirectoryInode;
  readonly path: readonly string[];
}

/** Where a directory is, and all below it, spelled as on the disk, from the top; none where nobody sees it. */
export function placesOf({ root }: MemoryVolume, wanted: DirectoryInode): Place[] {
  const places: Place[] = root === undefined ? [] : [{ directory: root, path: [] }];
  const found = new Set<DirectoryInode>();
  // It grows meanwhile.
  for (const { directory, path } of places) {
    if (directory === wanted) found.add(directory);
    for (const { name, inode } of directory.children.values()) {
      if (inode.kind !== 'directory' || (directory === root && name === '.syncer')) continue;
      if (found.has(directory)) found.add(inode);
      places.push({ directory: inode, path: [...path, name] });
    }
  }
  return places.filter(({ directory }) => found.has(directory));
}

function walk(directory: DirectoryInode, above: string, tree: Tree): void {
  for (const { name, inode } of directory.children.values()) {
    if (above === '' && name === '.syncer') continue;
    const path = `${above}${name}`;
    tree.set(path, whatIs(inode));
    if (inode.kind === 'directory') walk(inode, `${path}/`, tree);
  }
}

/** What has to be at a path for an entry to be there. */
export function whatItSays(entry: Entry): string {
  if (entry.kind === 'file') return entry.checksum;
  return entry.kind === 'symlink' ? `-> ${entry.target}` : 'dir';
}

export function whatIs(inode: AnyInode): string {
  if (inode.kind === 'symlink') return `-> ${inode.target}`;
  if (inode.kind !== 'file') return inode.kind === 'directory' ? 'dir' : inode.kind;
  const { pieces } = inode;
  const checksum = known.get(pieces) ?? checksumOf(bytesOf(inode));
  known.set(pieces, checksum);
  return checksum;
}
