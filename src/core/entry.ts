/** Names one node for its whole life, whatever it is called and wherever it moves. Made by the client that creates it. */
export type NodeId = string;

/** The folder itself. It is never stored as an entry, cannot move and cannot be deleted. */
export const ROOT: NodeId = 'root';

export type Kind = 'file' | 'directory' | 'symlink';

/** Where a node is: under which directory, and by what name. */
export interface Place {
  readonly parent: NodeId;
  readonly name: string;
}

export interface FileContent {
  /** SHA-256 of the bytes, lower-case hex. */
  readonly checksum: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970, an integer; may be negative. */
  readonly mtime: number;
  readonly executable: boolean;
}

export interface SymlinkContent {
  /** Relative, inside the folder, with `/`. */
  readonly target: string;
}

export type FileEntry = Place & FileContent & { readonly kind: 'file' };
export type SymlinkEntry = Place & SymlinkContent & { readonly kind: 'symlink' };
export type DirectoryEntry = Place & { readonly kind: 'directory' };

/** What a node is at one moment. An entry is a value: never changed, only replaced. */
export type Entry = FileEntry | SymlinkEntry | DirectoryEntry;

/** The cursors of the changes that last set a node's place and its content. A commit names the ones it replaces. */
export interface Versions {
  readonly placeVersion: number;
  readonly contentVersion: number;
}

/** An entry as the server has it, with the name of the client that last set its content. */
export type Versioned = Entry & Versions & { readonly author: string };

export const samePlace = (a: Place, b: Place): boolean =>
  a.parent === b.parent && a.name === b.name;

/** Equal bytes (or link targets), whatever the times and the executable bit say. */
export function sameBytes(a: Entry, b: Entry): boolean {
  if (a.kind === 'file' && b.kind === 'file') return a.checksum === b.checksum && a.size === b.size;
  if (a.kind === 'symlink' && b.kind === 'symlink') return a.target === b.target;
  return a.kind === b.kind;
}

/** Equal in everything but the place. */
export function sameContent(a: Entry, b: Entry): boolean {
  if (!sameBytes(a, b)) return false;
  if (a.kind !== 'file' || b.kind !== 'file') return true;
  return a.mtime === b.mtime && a.executable === b.executable;
}

export const sameEntry = (a: Entry | undefined, b: Entry | undefined): boolean =>
  a === undefined || b === undefined ? a === b : samePlace(a, b) && sameContent(a, b);

/** `entry`, moved to `place`; the same object when it is there already. */
export const movedTo = <E extends Entry>(entry: E, { parent, name }: Place): E =>
  samePlace(entry, { parent, name }) ? entry : { ...entry, parent, name };

/** The place of one entry with the content of another of the same kind. */
export function withContent(entry: Entry, content: Entry): Entry {
  const { parent, name } = entry;
  if (content.kind === 'file') {
    const { checksum, size, mtime, executable } = content;
    return { kind: 'file', parent, name, checksum, size, mtime, executable };
  }
  if (content.kind === 'symlink') return { kind: 'symlink', parent, name, target: content.target };
  return { kind: 'directory', parent, name };
}

/** An entry without its versions: what a disk can hold of it. */
export const plain = (entry: Entry): Entry => withContent(entry, entry);
