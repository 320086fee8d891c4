import { type NodeId, ROOT, type Versioned } from '../core/entry.ts';
import { PATH_PROBLEMS, parsePath } from '../core/path.ts';
import { MemoryTree, pathOf } from '../core/tree.ts';
import { Failure } from '../protocol/failure.ts';
import type { FolderName, MetadataStore } from './ports.ts';

/** What is needed to look into one folder. */
export interface FolderView {
  readonly metadata: MetadataStore;
  readonly folder: FolderName;
}

export interface Living {
  readonly id: NodeId;
  readonly entry: Versioned;
}

/** Where a path leads. */
export interface Located {
  /** The node at the path. */
  readonly found: Living | undefined;
  /** The last directory on the way that is there: the node's own parent when it is found. */
  readonly parent: NodeId;
  /** The names below `parent` that nobody has; the last is the path's own. Empty when it is found. */
  readonly missing: readonly string[];
  /** A file or a symlink is where the way goes on: nothing can be at the path. */
  readonly isBlocked: boolean;
}

/** The names of a path off the wire. Throws Failure `bad_name`: a path is taken as it is or refused (F01 to F05). */
export function namesOf(path: string): string[] {
  const names = parsePath(path);
  if (typeof names === 'string') throw new Failure('bad_name', PATH_PROBLEMS[names]);
  return names;
}

/** Follows the names down from the folder. Symlinks are never followed (F06). */
export async function locate(view: FolderView, names: readonly string[]): Promise<Located> {
  let parent = ROOT;
  for (const [depth, name] of names.entries()) {
    const child = await childAt(view, parent, name);
    const isLast = depth === names.length - 1;
    if (child === undefined || isLast) {
      const missing = child === undefined ? names.slice(depth) : [];
      return { found: child, parent, missing, isBlocked: false };
    }
    if (child.entry.kind !== 'directory') {
      return { found: undefined, parent, missing: names.slice(depth), isBlocked: true };
    }
    parent = child.id;
  }
  return { found: undefined, parent, missing: [], isBlocked: false };
}

async function childAt(
  { metadata, folder }: FolderView,
  parent: NodeId,
  name: string,
): Promise<Living | undefined> {
  const [there] = await metadata.named(folder, [{ parent, name }]);
  if (there === undefined) return undefined;
  const entry = (await metadata.nodes(folder, [there.node])).get(there.node);
  return entry === undefined ? undefined : { id: there.node, entry };
}

/** The paths of living nodes; one whose directories vanish meanwhile is not in the answer. */
export async function pathsOf(
  { metadata, folder }: FolderView,
  living: readonly Living[],
): Promise<Map<NodeId, string[]>> {
  const tree = new MemoryTree<Versioned>();
  let found: Iterable<readonly [NodeId, Versioned]> = living.map(({ id, entry }) => [id, entry]);
  for (;;) {
    const parents = new Set<NodeId>();
    for (const [id, entry] of found) {
      tree.set(id, entry);
      parents.add(entry.parent);
    }
    const wanted = [...parents].filter((id) => id !== ROOT && tree.get(id) === undefined);
    if (wanted.length === 0) break;
    found = await metadata.nodes(folder, wanted);
  }
  return new Map(living.flatMap(({ id }) => entryWithPath(tree, id)));
}

function entryWithPath(tree: MemoryTree<Versioned>, id: NodeId): [NodeId, string[]][] {
  const path = pathOf(tree, id);
  return path === undefined ? [] : [[id, path]];
}
