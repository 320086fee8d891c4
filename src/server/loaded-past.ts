import type { NodeId, Versioned } from '../core/entry.ts';
import type { Then } from '../core/rewind.ts';
import type { FolderView } from './by-path.ts';
import type { PastState } from './past.ts';

/** What nodes were at a cursor: some that are known, and those that somebody has asked for, loaded after the first time. */
export class LoadedPast implements Then {
  readonly #at: number;
  readonly #known: Map<NodeId, Versioned | undefined>;
  readonly #wanted = new Set<NodeId>();

  constructor(at: number, states: readonly PastState[]) {
    this.#at = at;
    this.#known = new Map(states.map(({ node, entry }) => [node, entry]));
  }

  has(node: NodeId): boolean {
    const isKnown = this.#known.has(node);
    if (!isKnown) this.#wanted.add(node);
    return isKnown;
  }

  get(node: NodeId): Versioned | undefined {
    return this.has(node) ? this.#known.get(node) : undefined;
  }

  /** With what was asked for: what is told of a node needs what was above it. */
  keys(): Iterable<NodeId> {
    return this.#known.keys();
  }

  /** Loads what was asked for; answers whether there was anything. */
  async load({ metadata, folder }: FolderView): Promise<boolean> {
    const nodes = [...this.#wanted];
    if (nodes.length === 0) return false;
    this.#wanted.clear();
    const found = await metadata.entriesAt(folder, this.#at, nodes);
    for (const node of nodes) this.#known.set(node, found.get(node));
    return true;
  }
}
