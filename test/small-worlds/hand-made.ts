import {
  type DirectoryEntry,
  type Entry,
  type FileContent,
  type FileEntry,
  type NodeId,
  ROOT,
  type SymlinkEntry,
  sameContent,
  samePlace,
  type Versioned,
} from '../../src/core/entry.ts';
import { type Merged, type MergeInput, merge } from '../../src/core/merge.ts';
import { below, MemoryTree, pathOf, type Tree } from '../../src/core/tree.ts';

/** Trees that are written by hand, entry by entry, for a test to decide about. */

type Place = readonly [parent: NodeId, name: string];

/** A file whose checksum is its bytes, so that a test can read it. */
export const file = (
  [parent, name]: Place,
  bytes: string,
  more: Partial<FileContent> = {},
): FileEntry => ({
  kind: 'file',
  parent,
  name,
  checksum: bytes,
  size: bytes.length,
  mtime: 0,
  executable: false,
  ...more,
});

export const directory = (parent: NodeId, name: string): DirectoryEntry => ({
  kind: 'directory',
  parent,
  name,
});

export const symlink = (parent: NodeId, name: string, target: string): SymlinkEntry => ({
  kind: 'symlink',
  parent,
  name,
  target,
});

/** The entry as the server has it; Bert is who wrote it, and 1 is its version unless said otherwise. */
export const versioned = (
  entry: Entry,
  { place = 1, content = 1, author = 'Bert' } = {},
): Versioned => ({ ...entry, placeVersion: place, contentVersion: content, author });

export type Known = Readonly<Record<NodeId, Entry>>;

export interface Situation extends Partial<Omit<MergeInput, 'synced' | 'local' | 'remote'>> {
  readonly synced?: Known;
  readonly local?: Known;
  /** What differs from synced gets version 2, unless the entry has versions of its own. */
  readonly remote?: Known;
}

/** Everything merge asks for; the client is Anna, and the copies are `copy1`, `copy2`, … */
export function situation({
  synced = {},
  local = {},
  remote = {},
  ...given
}: Situation): MergeInput {
  let copies = 0;
  return {
    synced: treeOf(synced, (entry) => versioned(entry)),
    local: new MemoryTree(Object.entries(local)),
    remote: treeOf(remote, (entry, id) => changedSince(synced[id], entry)),
    changed: Object.keys({ ...synced, ...local, ...remote }),
    sheltered: () => false,
    taken: () => false,
    clientName: 'Anna',
    newId: () => {
      copies += 1;
      return `copy${copies}`;
    },
    ...given,
  };
}

export const mergeOf = (given: Situation): Merged => merge(situation(given));

/** What the target holds, as `show` writes it. */
export const merged = (given: Situation): string[] => show(mergeOf(given).target);

function treeOf(
  entries: Known,
  withVersions: (entry: Entry, id: NodeId) => Versioned,
): MemoryTree<Versioned> {
  return new MemoryTree(
    Object.entries(entries).map(([id, entry]) => [
      id,
      isVersioned(entry) ? entry : withVersions(entry, id),
    ]),
  );
}

const isVersioned = (entry: Entry): entry is Versioned => 'placeVersion' in entry;

const changedSince = (synced: Entry | undefined, entry: Entry): Versioned =>
  versioned(entry, {
    place: synced !== undefined && samePlace(synced, entry) ? 1 : 2,
    content: synced !== undefined && sameContent(synced, entry) ? 1 : 2,
  });

/** Everything from the root down: `d/` a directory, `d/f: bytes` a file, `l -> target` a symlink; sorted. */
export function show(tree: Tree): string[] {
  const lines = [...below(tree, ROOT)].map((id) => lineOf(tree, id));
  return lines.sort();
}

function lineOf(tree: Tree, id: NodeId): string {
  const path = pathOf(tree, id)?.join('/') ?? `NOWHERE(${id})`;
  const entry = tree.get(id);
  if (entry?.kind === 'file') return `${path}: ${entry.checksum}`;
  if (entry?.kind === 'symlink') return `${path} -> ${entry.target}`;
  return `${path}/`;
}
