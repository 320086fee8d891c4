import { type Entry, type NodeId, ROOT } from './entry.ts';
import type { RewindInput } from './rewind.ts';
import type { Tree } from './tree.ts';

/** A node that is to become what it was, with what is in it; ROOT: everything. */
export interface Meant {
  readonly node: NodeId;
  /** It stays where it is now, whatever becomes of what it holds. */
  readonly stays: boolean;
}

type Input = Pick<RewindInput, 'past' | 'meant'> & { readonly now: Pick<Tree, 'get' | 'named'> };

/** What was in those that are meant, and what is. Each node is looked at once. */
export class RewindScope {
  readonly meant: ReadonlyMap<NodeId, Meant>;
  readonly #input: Input;
  readonly #wasIn = new Map<NodeId, boolean>();
  readonly #isIn = new Map<NodeId, boolean>();

  constructor(input: Input) {
    this.#input = input;
    this.meant = new Map(input.meant.map((one) => [one.node, one]));
  }

  thenOf(node: NodeId): Entry | undefined {
    const { now, past } = this.#input;
    return past.has(node) ? past.get(node) : now.get(node);
  }

  /** Whether the node was one of those that are meant, or in one. */
  wasIn(node: NodeId): boolean {
    return decide(node, this.#wasIn, (at) => {
      if (at === ROOT) return this.meant.has(ROOT);
      const then = this.thenOf(at);
      return then !== undefined && !this.meant.has(at) ? then.parent : then !== undefined;
    });
  }

  /**
   * Whether what is in this directory now is to go, unless it was in it: the directory is one of those that are meant, or was
   * in one, or is new and in such a one. What was elsewhere, and all that is in it, is not.
   */
  isIn(directory: NodeId): boolean {
    return decide(directory, this.#isIn, (at) => {
      if (this.meant.has(at) || this.wasIn(at)) return true;
      if (at === ROOT || this.thenOf(at) !== undefined) return false;
      return this.#input.now.get(at)?.parent ?? false;
    });
  }
}

/** Goes up from a node until an answer is found, which then holds for the whole way; no recursion, for trees may be deep. */
function decide(
  node: NodeId,
  known: Map<NodeId, boolean>,
  look: (at: NodeId) => boolean | NodeId,
): boolean {
  const way: NodeId[] = [];
  for (let at = node; ; ) {
    const found = known.get(at) ?? look(at);
    way.push(at);
    if (typeof found === 'boolean') {
      for (const one of way) known.set(one, found);
      return found;
    }
    // Ends a walk through a ring, which no whole tree has.
    known.set(at, false);
    at = found;
  }
}
