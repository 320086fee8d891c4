import { type NodeId, ROOT, type Versioned } from '../core/entry.ts';
import type { Tree } from '../core/tree.ts';
import type { FolderView } from './by-path.ts';
import { groupsInTurns, inTurns } from './in-turns.ts';
import type { LoadedPast } from './loaded-past.ts';

/** The part of the living tree that somebody has asked for. It is not loaded yet where it was asked for the first time. */
class LoadedTree implements Tree<Versioned> {
  readonly #entries = new Map<NodeId, Versioned | undefined>();
  readonly #places = new Map<string, NodeId[]>();
  readonly #wanted = new Set<NodeId>();
  readonly #wantedPlaces = new Map<string, { readonly parent: NodeId; readonly name: string }>();

  get(id: NodeId): Versioned | undefined {
    if (!this.#entries.has(id) && id !== ROOT) this.#wanted.add(id);
    return this.#entries.get(id);
  }

  find(parent: NodeId, name: string): NodeId | undefined {
    return this.named(parent, name)[0];
  }

  named(parent: NodeId, name: string): readonly NodeId[] {
    const key = `${parent}/${name}`;
    const there = this.#places.get(key);
    if (there === undefined) this.#wantedPlaces.set(key, { parent, name });
    return there ?? [];
  }

  children(): never {
    throw new Error('What is in a directory is not loaded.');
  }

  /** Loads what was asked for, and everything above that; answers whether there was anything. */
  async load(view: FolderView): Promise<boolean> {
    if (this.#wanted.size + this.#wantedPlaces.size === 0) return false;
    if (this.#wantedPlaces.size > 0) await this.#loadPlaces(view);
    while (this.#wanted.size > 0) await this.#loadNodes(view);
    return true;
  }

  async #loadPlaces({ metadata, folder }: FolderView): Promise<void> {
    const wanted = [...this.#wantedPlaces];
    this.#wantedPlaces.clear();
    for await (const group of groupsInTurns(wanted)) {
      for (const [key] of group) this.#places.set(key, []);
      const places = group.map(([, place]) => place);
      for (const { place, node } of await metadata.named(folder, places)) {
        this.#places.get(`${place.parent}/${place.name}`)?.push(node);
        this.get(node);
      }
    }
  }

  async #loadNodes({ metadata, folder }: FolderView): Promise<void> {
    const wanted = [...this.#wanted];
    this.#wanted.clear();
    for await (const ids of groupsInTurns(wanted)) {
      const found = await metadata.nodes(folder, ids);
      for (const id of ids) this.#entries.set(id, found.get(id));
      for (const { parent } of found.values()) this.get(parent);
    }
  }
}

export interface Wanted {
  /** Nodes that are surely asked for. */
  readonly nodes: Iterable<NodeId>;
  /** What is looked at beside the tree, and loaded as it is. */
  readonly past?: LoadedPast;
}

/**
 * Answers what `look` makes of the living tree, of which only that is loaded which it asks for: it is called again as long
 * as it asks for more, so it must be pure, and bear a tree that seems to lack nodes. It comes in pieces: others have their
 * turn in between.
 */
export async function withTree<T>(
  view: FolderView,
  { nodes, past }: Wanted,
  look: (tree: Tree<Versioned>) => Generator<void, T>,
): Promise<T> {
  const tree = new LoadedTree();
  for (const id of nodes) tree.get(id);
  await tree.load(view);
  for (;;) {
    const seen = await inTurns(look(tree));
    const isMore = [await tree.load(view), (await past?.load(view)) ?? false];
    if (!isMore.includes(true)) return seen;
  }
}
