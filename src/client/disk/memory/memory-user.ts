import { Buffer } from 'node:buffer';
import { dirname } from 'node:path/posix';
import type { User } from '../user.ts';
import { type AnyInode, bytesOf, type DirectoryInode, type FileInode } from './inode.ts';
import type { MemoryVolume } from './memory-volume.ts';

/** What a real disk does only by chance. */
export interface MemoryUser extends User {
  /** Not a person but a bad disk: other bytes, as many as before, and nothing else that tells of it. */
  rot(path: string, content: string): void;
  /** A second name for what is at `from`: the middle of a move, on a disk with hard links. */
  link(from: string, to: string): void;
}

/** What a person did counts as durable at once, and with it all that was done before. */
export function memoryUser(volume: MemoryVolume): MemoryUser {
  return {
    write: (path, content) => {
      const file = find(volume, path);
      if (file?.kind === 'file') volume.setPieces(file, [Buffer.from(content)]);
      else put(volume, path, volume.newFile([Buffer.from(content)]));
      volume.sync();
    },
    append: (path, content) => {
      const file = mustBeFile(volume, path);
      volume.setPieces(file, [...file.pieces, Buffer.from(content)]);
      volume.sync();
    },
    read: (path) => {
      const file = find(volume, path);
      return file?.kind === 'file' ? bytesOf(file).toString() : undefined;
    },
    rot: (path, content) => {
      const file = mustBeFile(volume, path);
      const bytes = Buffer.from(content);
      if (bytes.length !== bytesOf(file).length) throw new Error(`${path} has another size`);
      file.pieces = [bytes];
      volume.sync();
    },
    link: (from, to) => {
      put(volume, to, mustBeFile(volume, from));
      volume.sync();
    },
    setTime: (path, mtime) => {
      volume.setAttributes(mustBeFile(volume, path), { mtimeNs: BigInt(mtime) * 1_000_000n });
      volume.sync();
    },
    remove: (path) => {
      drop(volume, path);
      volume.sync();
    },
    rename: (from, to) => {
      const source = { directory: directoryAt(volume, dirname(from)), name: lastOf(from) };
      volume.rename(source, { directory: directoryAt(volume, dirname(to)), name: lastOf(to) });
      volume.sync();
    },
    makeDirectory: (path) => {
      directoryAt(volume, path);
      volume.sync();
    },
    symlink: (path, target) => {
      put(volume, path, volume.newSymlink(target));
      volume.sync();
    },
    makePipe: (path) => {
      put(volume, path, volume.newPipe());
      volume.sync();
    },
    snapshot: () => new Map(volume.root === undefined ? [] : told(volume.root, '')),
  };
}

const split = (path: string): string[] =>
  path.split('/').filter((name) => name !== '' && name !== '.');
const lastOf = (path: string): string => split(path).at(-1) ?? '';

function find(volume: MemoryVolume, path: string): AnyInode | undefined {
  let at: AnyInode | undefined = volume.root;
  for (const name of split(path)) {
    at = at?.kind === 'directory' ? volume.child(at, name)?.inode : undefined;
  }
  return at;
}

function mustBeFile(volume: MemoryVolume, path: string): FileInode {
  const file = find(volume, path);
  if (file?.kind !== 'file') throw new Error(`${path} is no file`);
  return file;
}

/** The directory at a path, made when it is missing. */
function directoryAt(volume: MemoryVolume, path: string): DirectoryInode {
  if (volume.root === undefined) throw new Error('There is no directory');
  let at = volume.root;
  for (const name of split(path)) {
    const next = volume.child(at, name)?.inode ?? volume.newDirectory();
    if (next.kind !== 'directory') throw new Error(`${path} leads through a ${next.kind}`);
    if (volume.child(at, name) === undefined) volume.attach(at, name, next);
    at = next;
  }
  return at;
}

const put = (volume: MemoryVolume, path: string, inode: AnyInode): void =>
  volume.attach(directoryAt(volume, dirname(path)), lastOf(path), inode);

function drop(volume: MemoryVolume, path: string): AnyInode {
  const inode = find(volume, path);
  if (inode === undefined) throw new Error(`${path} is not there`);
  volume.detach(directoryAt(volume, dirname(path)), lastOf(path));
  return inode;
}

function* told(directory: DirectoryInode, above: string): Iterable<[string, string]> {
  for (const { name, inode } of directory.children.values()) {
    const path = `${above}${name}`;
    yield [path, contentOf(inode)];
    if (inode.kind === 'directory') yield* told(inode, `${path}/`);
  }
}

function contentOf(inode: AnyInode): string {
  if (inode.kind === 'file') return bytesOf(inode).toString();
  if (inode.kind === 'symlink') return `-> ${inode.target}`;
  return inode.kind === 'directory' ? 'dir' : inode.kind;
}
