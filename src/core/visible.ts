import type { Entry } from './entry.ts';
import { type NodeId, ROOT } from './entry.ts';
import type { Tree } from './tree.ts';

/**
 * A tree without what this client cannot or will not hold (ignored, not representable here), and
 * without everything below that. Hidden nodes are as if they did not exist: they are neither
 * downloaded nor ever taken for deleted.
 */
export class Visible<E extends Entry> implements Tree<E> {
  readonly #tree: Tree<E>;
  readonly #hides: (path: readonly string[], entry: E, id: NodeId) => boolean;
  /** The path of each visible directory met, undefined for hidden ones. */
  readonly #paths = new Map<NodeId, readonly string[] | undefined>([[ROOT, []]]);

  constructor(tree: Tree<E>, hides: (path: readonly string[], entry: E, id: NodeId) => boolean) {
    this.#tree = tree;
    this.#hides = hides;
  }

  get(id: NodeId): E | undefined {
    const entry = this.#tree.get(id);
    return entry !== undefined && this.#pathOf(id, entry) !== undefined ? entry : undefined;
  }

  find(parent: NodeId, name: string): NodeId | undefined {
    return this.named(parent, name)[0];
  }

  named(parent: NodeId, name: string): readonly NodeId[] {
    return this.#tree.named(parent, name).filter((id) => this.get(id) !== undefined);
  }

  *children(parent: NodeId): Iterable<NodeId> {
    for (const id of this.#tree.children(parent)) if (this.get(id) !== undefined) yield id;
  }

  /** Whether a directory holds something that is not seen here. */
  hidesBelow(id: NodeId): boolean {
    for (const child of this.#tree.children(id)) if (this.get(child) === undefined) return true;
    return false;
  }

  #pathOf(id: NodeId, entry: E): readonly string[] | undefined {
    if (this.#paths.has(id)) return this.#paths.get(id);
    const parent = this.#parentPath(entry.parent);
    const path = parent && [...parent, entry.name];
    const visible = path !== undefined && !this.#hides(path, entry, id) ? path : undefined;
    if (entry.kind === 'directory' || visible === undefined) this.#paths.set(id, visible);
    return visible;
  }

  /** Climbs to the nearest directory whose path is known, then down again; without recursion. */
  #parentPath(id: NodeId): readonly string[] | undefined {
    const way: NodeId[] = [];
    for (let at = id; !this.#paths.has(at); ) {
      const entry = this.#tree.get(at);
      if (entry === undefined || way.length > 10_000) return undefined;
      way.push(at);
      at = entry.parent;
    }
    for (let at = way.pop(); at !== undefined; at = way.pop()) {
      const entry = this.#tree.get(at);
      if (entry !== undefined) this.#pathOf(at, entry);
    }
    return this.#paths.get(id);
  }
}
