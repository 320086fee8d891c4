import type { Entry, NodeId } from '../../src/core/entry.ts';
import { type Found, type Matched, match, type Visited } from '../../src/core/match.ts';
import { MemoryTree } from '../../src/core/tree.ts';
import { directory, file, symlink } from './hand-made.ts';

/** What a look at a directory finds, written by hand, and what it is matched to. */

export interface Thing extends Found {
  readonly below?: readonly this[];
}

export const aFile = (name: string, inode = ''): Thing => ({ name, kind: 'file', inode });
export const aLink = (name: string, inode = ''): Thing => ({ name, kind: 'symlink', inode });
export const unclear = (name: string): Thing => ({ name, kind: undefined, inode: '' });

/** Looked into, unless `below` is undefined. */
export const aDirectory = (name: string, inode: string, below?: readonly Thing[]): Thing => ({
  name,
  kind: 'directory',
  inode,
  ...(below && { below }),
});

/** A known node, with the inode it was last seen with. */
export type KnownNode = readonly [entry: Entry, inode: string];

export const knownFile = (parent: NodeId, name: string, inode = ''): KnownNode => [
  file([parent, name], ''),
  inode,
];
export const knownDirectory = (parent: NodeId, name: string, inode = ''): KnownNode => [
  directory(parent, name),
  inode,
];
export const knownLink = (parent: NodeId, name: string, inode = ''): KnownNode => [
  symlink(parent, name, ''),
  inode,
];

export interface Look {
  readonly known: Readonly<Record<NodeId, KnownNode>>;
  readonly visited: readonly Visited<Thing>[];
}

/** New nodes are `new1`, `new2`, …; of nodes that share an inode, the first is the one last seen with it. */
export function matchOf({ known, visited }: Look): Matched<Thing> {
  const owners = new Map<string, NodeId>();
  for (const [id, [, inode]] of Object.entries(known))
    if (inode !== '' && !owners.has(inode)) owners.set(inode, id);
  let made = 0;
  return match<Thing>({
    local: new MemoryTree(Object.entries(known).map(([id, [entry]]) => [id, entry])),
    inodeOf: (id) => known[id]?.[1],
    byInode: (inode) => owners.get(inode),
    visited,
    newId: () => {
      made += 1;
      return `new${made}`;
    },
  });
}

export interface Shown {
  /** `node: parent/name`, sorted. */
  readonly present: readonly string[];
  readonly vanished: readonly NodeId[];
  readonly unknown: readonly NodeId[];
}

export function matched(look: Look): Shown {
  const { present, vanished, unknown } = matchOf(look);
  return {
    present: present.map(({ node, parent, found }) => `${node}: ${parent}/${found.name}`).sort(),
    vanished: [...vanished].sort(),
    unknown: [...unknown].sort(),
  };
}
