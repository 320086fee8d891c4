import { type Entry, type NodeId, ROOT } from './entry.ts';

/**
 * Entries by node id, with look-up by place.
 *
 * Missing: `get` and `find` answer undefined, `children` nothing. The root is in every tree and has
 * no entry. A tree may for a moment hold two nodes under one name (a page of changes applied half
 * way, a merge before names are settled); `find` then answers one of them and `named` both.
 */
export interface Tree<E extends Entry = Entry> {
  get(id: NodeId): E | undefined;
  find(parent: NodeId, name: string): NodeId | undefined;
  named(parent: NodeId, name: string): readonly NodeId[];
  children(parent: NodeId): Iterable<NodeId>;
}

export interface WritableTree<E extends Entry = Entry> extends Tree<E> {
  /** Sets what the node is; undefined takes it out. Twice is once. */
  set(id: NodeId, entry: E | undefined): void;
}

const NONE: readonly NodeId[] = [];

/** A whole tree in memory. */
export class MemoryTree<E extends Entry = Entry> implements WritableTree<E> {
  readonly #entries = new Map<NodeId, E>();
  readonly #places = new Map<NodeId, Map<string, NodeId[]>>();

  constructor(entries: Iterable<readonly [NodeId, E]> = []) {
    for (const [id, entry] of entries) this.set(id, entry);
  }

  get size(): number {
    return this.#entries.size;
  }

  get(id: NodeId): E | undefined {
    return this.#entries.get(id);
  }

  find(parent: NodeId, name: string): NodeId | undefined {
    return this.named(parent, name)[0];
  }

  named(parent: NodeId, name: string): readonly NodeId[] {
    return this.#places.get(parent)?.get(name) ?? NONE;
  }

  *children(parent: NodeId): Iterable<NodeId> {
    for (const ids of this.#places.get(parent)?.values() ?? []) yield* ids;
  }

  ids(): Iterable<NodeId> {
    return this.#entries.keys();
  }

  entries(): Iterable<[NodeId, E]> {
    return this.#entries.entries();
  }

  set(id: NodeId, entry: E | undefined): void {
    const before = this.#entries.get(id);
    if (before !== undefined) this.#leave(id, before);
    if (entry === undefined) {
      this.#entries.delete(id);
      return;
    }
    this.#entries.set(id, entry);
    this.#enter(id, entry);
  }

  #enter(id: NodeId, { parent, name }: Entry): void {
    const names = this.#places.get(parent) ?? new Map<string, NodeId[]>();
    names.set(name, [...(names.get(name) ?? []), id]);
    this.#places.set(parent, names);
  }

  #leave(id: NodeId, { parent, name }: Entry): void {
    const names = this.#places.get(parent);
    const rest = names?.get(name)?.filter((other) => other !== id) ?? [];
    if (rest.length > 0) names?.set(name, rest);
    else names?.delete(name);
    if (names?.size === 0) this.#places.delete(parent);
  }
}

/** A tree that is another one but for some nodes; it costs what differs, never the size of the base. */
export class Overlay<E extends Entry = Entry> implements WritableTree<E> {
  readonly #base: Tree<E>;
  readonly #own = new MemoryTree<E>();
  readonly #touched = new Set<NodeId>();

  constructor(base: Tree<E>) {
    this.#base = base;
  }

  /** Every node that was set here, whether or not it differs from the base. */
  get touched(): ReadonlySet<NodeId> {
    return this.#touched;
  }

  get(id: NodeId): E | undefined {
    return this.#touched.has(id) ? this.#own.get(id) : this.#base.get(id);
  }

  find(parent: NodeId, name: string): NodeId | undefined {
    return this.named(parent, name)[0];
  }

  named(parent: NodeId, name: string): readonly NodeId[] {
    const below = this.#base.named(parent, name).filter((id) => !this.#touched.has(id));
    const own = this.#own.named(parent, name);
    return below.length === 0 ? own : [...below, ...own];
  }

  *children(parent: NodeId): Iterable<NodeId> {
    for (const id of this.#base.children(parent)) if (!this.#touched.has(id)) yield id;
    yield* this.#own.children(parent);
  }

  set(id: NodeId, entry: E | undefined): void {
    this.#touched.add(id);
    this.#own.set(id, entry);
  }
}

/** The names from the root down to a node; undefined when it, or a directory above it, is not in the tree (or in a ring). */
export function pathOf(tree: Tree, id: NodeId): string[] | undefined {
  const names: string[] = [];
  const met = new Set<NodeId>();
  for (let at = id; at !== ROOT; ) {
    const entry = tree.get(at);
    if (entry === undefined || met.has(at)) return undefined;
    met.add(at);
    names.push(entry.name);
    at = entry.parent;
  }
  return names.reverse();
}

/** The node at a path of names; ROOT for the empty path. */
export function nodeAt(tree: Tree, path: readonly string[]): NodeId | undefined {
  let at: NodeId | undefined = ROOT;
  for (const name of path) {
    if (at === undefined) return undefined;
    at = tree.find(at, name);
  }
  return at;
}

/** The directories above a node, nearest first, the root last; ends early where the tree does. */
export function* above(tree: Tree, id: NodeId): Iterable<NodeId> {
  const met = new Set<NodeId>([id]);
  let at = tree.get(id)?.parent;
  while (at !== undefined && !met.has(at)) {
    yield at;
    met.add(at);
    at = at === ROOT ? undefined : tree.get(at)?.parent;
  }
}

/** Everything below a node, parents before children; without recursion, so depth costs no stack. */
export function* below(tree: Tree, id: NodeId): Iterable<NodeId> {
  const waiting = [...tree.children(id)];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next;
    if (tree.get(next)?.kind !== 'directory') continue;
    for (const child of tree.children(next)) waiting.push(child);
  }
}
