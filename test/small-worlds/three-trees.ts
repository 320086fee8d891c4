import fc from 'fast-check';
import {
  type Entry,
  type FileContent,
  type NodeId,
  plain,
  ROOT,
  sameEntry,
  type Versioned,
} from '../../src/core/entry.ts';
import type { MergeInput } from '../../src/core/merge.ts';
import { below, MemoryTree, type Tree } from '../../src/core/tree.ts';

/**
 * Any three trees that can be: what was agreed, and what became of it on this disk and on the server.
 * Each side is always one tree without rings or twins; together they hold every kind of conflict.
 */
export interface ThreeTrees {
  readonly synced: MemoryTree<Versioned>;
  readonly local: MemoryTree;
  readonly remote: MemoryTree<Versioned>;
}

/** One thing that somebody does. Numbers choose among what is there; what makes no sense does nothing. */
export interface Edit {
  readonly do: 'file' | 'directory' | 'symlink' | 'write' | 'touch' | 'chmod' | 'move' | 'remove';
  readonly which: number;
  readonly into: number;
  readonly name: string;
  readonly content: string;
  readonly mtime: number;
}

const anEdit: fc.Arbitrary<Edit> = fc.record({
  do: fc.constantFrom<Edit['do'][]>(
    ...(['file', 'directory', 'symlink', 'write', 'touch', 'chmod', 'remove'] as const),
    ...(['directory', 'write', 'move', 'move', 'move', 'move'] as const),
  ),
  which: fc.nat(8),
  into: fc.nat(5),
  name: fc.constantFrom('a', 'b', 'c'),
  content: fc.constantFrom('A', 'B', 'C', 'D'),
  mtime: fc.constantFrom(0, 1000, 2000),
});

/** `lost`: the client has lost what was agreed (S5). */
const someEdits = fc.record({
  before: fc.array(anEdit, { maxLength: 8, size: 'max' }),
  here: fc.array(anEdit, { maxLength: 8, size: 'max' }),
  there: fc.array(anEdit, { maxLength: 8, size: 'max' }),
  lost: fc.nat(9).map((chance) => chance === 0),
});

/** a/a/a/ and b/, a file and a symlink, so that there is something to move, and somewhere to. */
const START: readonly Edit[] = [
  { do: 'directory', into: 0, name: 'a' } as const,
  { do: 'directory', into: 1, name: 'a' } as const,
  { do: 'directory', into: 2, name: 'a' } as const,
  { do: 'directory', into: 0, name: 'b' } as const,
  { do: 'file', into: 1, name: 'b' } as const,
  { do: 'symlink', into: 4, name: 'b' } as const,
].map((edit) => ({ which: 0, content: 'A', mtime: 0, ...edit }));

export const threeTrees: fc.Arbitrary<ThreeTrees> = someEdits.map(
  ({ before, here, there, lost }) => {
    const server = new Server();
    for (const edit of [...START, ...before]) server.edit(edit, 's');
    const synced = new MemoryTree(server.tree.entries());
    const local = new MemoryTree<Entry>([...synced.entries()].map(([id, one]) => [id, plain(one)]));
    for (const [at, edit] of here.entries()) doEdit(local, edit, `l${at}`);
    for (const edit of there) server.edit(edit, 'r');
    return { synced: lost ? new MemoryTree() : synced, local, remote: server.tree };
  },
);

/** Stamps what changes, as the real one does. */
class Server {
  readonly tree = new MemoryTree<Versioned>();
  #cursor = 0;

  edit(edit: Edit, side: string): void {
    this.#cursor += 1;
    const plainTree = new MemoryTree<Entry>(this.tree.entries());
    for (const id of doEdit(plainTree, edit, `${side}${this.#cursor}`)) {
      const after = plainTree.get(id);
      this.tree.set(id, after && this.#stamp(this.tree.get(id), after, edit));
    }
  }

  #stamp(before: Versioned | undefined, after: Entry, edit: Edit): Versioned {
    const written = before === undefined || edit.do !== 'move';
    const placed = before === undefined || edit.do === 'move';
    return {
      ...after,
      placeVersion: placed ? this.#cursor : before.placeVersion,
      contentVersion: written ? this.#cursor : before.contentVersion,
      author: 'Bert',
    };
  }
}

/** Does one edit; answers the nodes that it changed. */
function doEdit(tree: MemoryTree, edit: Edit, newId: NodeId): readonly NodeId[] {
  const ids = [...tree.ids()].sort();
  const node = ids[edit.which % Math.max(ids.length, 1)];
  const entry = node === undefined ? undefined : tree.get(node);
  const parent = directoryAt(tree, edit.into);
  const isFree = tree.find(parent, edit.name) === undefined;
  const { name } = edit;
  if (edit.do === 'file' || edit.do === 'directory' || edit.do === 'symlink')
    return isFree ? put(tree, newId, created(edit, parent)) : [];
  if (node === undefined || entry === undefined) return [];
  if (edit.do === 'remove') return remove(tree, node);
  if (edit.do !== 'move') return put(tree, node, rewritten(entry, edit));
  const isBelow = parent === node || [...below(tree, node)].includes(parent);
  return isFree && !isBelow ? put(tree, node, { ...entry, parent, name }) : [];
}

function directoryAt(tree: MemoryTree, at: number): NodeId {
  const all = [...tree.ids()].filter((id) => tree.get(id)?.kind === 'directory').sort();
  return [ROOT, ...all][at % (all.length + 1)] ?? ROOT;
}

function created({ do: kind, name, content, mtime }: Edit, parent: NodeId): Entry {
  if (kind === 'directory') return { kind, parent, name };
  if (kind === 'symlink') return { kind, parent, name, target: content };
  return { kind: 'file', parent, name, ...contentOf(content, mtime) };
}

const contentOf = (checksum: string, mtime: number): FileContent => ({
  checksum,
  size: 1,
  mtime,
  executable: false,
});

function rewritten(entry: Entry, { do: how, content, mtime }: Edit): Entry {
  if (entry.kind === 'symlink') return how === 'write' ? { ...entry, target: content } : entry;
  if (entry.kind === 'directory') return entry;
  if (how === 'chmod') return { ...entry, executable: !entry.executable };
  return how === 'touch' ? { ...entry, mtime } : { ...entry, checksum: content, mtime };
}

function put(tree: MemoryTree, node: NodeId, entry: Entry): readonly NodeId[] {
  if (sameEntry(tree.get(node), entry)) return [];
  tree.set(node, entry);
  return [node];
}

function remove(tree: MemoryTree, node: NodeId): readonly NodeId[] {
  const all = [node, ...below(tree, node)];
  for (const id of all) tree.set(id, undefined);
  return all;
}

/** Every node of any of them: more than the ones that changed. */
export const allIds = ({ synced, local, remote }: ThreeTrees): NodeId[] => [
  ...new Set([...synced.ids(), ...local.ids(), ...remote.ids()]),
];

/** The nodes on which the three do not agree. */
export const changedIds = (trees: ThreeTrees): NodeId[] =>
  allIds(trees).filter((id) => {
    const [synced, remote] = [trees.synced.get(id), trees.remote.get(id)];
    const isAsKnown =
      synced?.placeVersion === remote?.placeVersion &&
      synced?.contentVersion === remote?.contentVersion;
    return !isAsKnown || !sameEntry(synced, trees.local.get(id));
  });

/** What merge asks for; each call counts its copies anew. */
export function inputOf(trees: ThreeTrees, changed = changedIds(trees)): MergeInput {
  let copies = 0;
  return {
    ...trees,
    changed,
    sheltered: () => false,
    taken: () => false,
    clientName: 'Anna',
    newId: () => {
      copies += 1;
      return `x${copies}`;
    },
  };
}

/** All nodes of a tree that hangs together, with their entries without versions. */
export const entriesOf = (tree: Tree): Map<NodeId, Entry> =>
  new Map(
    [...below(tree, ROOT)].sort().flatMap((id) => {
      const entry = tree.get(id);
      return entry === undefined ? [] : [[id, plain(entry)] as const];
    }),
  );
