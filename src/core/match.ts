import { type Kind, type NodeId, ROOT } from './entry.ts';
import type { Tree } from './tree.ts';

/** One name that a scan found. */
export interface Found {
  readonly name: string;
  /** Undefined: something is there, but what it is cannot be told. */
  readonly kind: Kind | undefined;
  /** '' where inodes mean nothing. */
  readonly inode: string;
  /** What a directory holds; undefined when the scan did not look into it. */
  readonly below?: readonly this[];
}

/** A directory the scan looked into, and all it found there. */
export interface Visited<F extends Found> {
  readonly directory: NodeId;
  readonly found: readonly F[];
}

export interface MatchInput<F extends Found> {
  readonly local: Tree;
  readonly inodeOf: (id: NodeId) => string | undefined;
  /** The node of the local tree last seen with this inode. */
  readonly byInode: (inode: string) => NodeId | undefined;
  /** Parents before what is in them, each directory once. */
  readonly visited: readonly Visited<F>[];
  readonly newId: () => NodeId;
}

export interface MatchedNode<F extends Found> {
  readonly node: NodeId;
  readonly parent: NodeId;
  readonly found: F;
}

export interface Matched<F extends Found> {
  /** Everything found whose kind could be told, parents first. */
  readonly present: readonly MatchedNode<F>[];
  /** Nodes that are proved to be nowhere the scan looked, while the directory they were in was looked into. */
  readonly vanished: readonly NodeId[];
  /** Nodes of which nothing can be told; what is below them stays as it was. */
  readonly unknown: readonly NodeId[];
}

/**
 * Which node is what was found (rule N2): first the node whose known place it is, unless its inode is
 * another known node's; else the node with its inode, wherever that was; else the place after all;
 * else it is new. So save-by-rename keeps the node, `mv` is a move, a swap is two.
 */
export function match<F extends Found>(input: MatchInput<F>): Matched<F> {
  const matching = new Matching(input);
  for (const { directory, found } of input.visited) matching.walk(directory, found);
  matching.settleRest();
  return matching.result();
}

interface Unmatched<F extends Found> {
  readonly parent: NodeId;
  readonly found: F;
}

class Matching<F extends Found> {
  readonly #input: MatchInput<F>;
  readonly #claimed = new Map<NodeId, MatchedNode<F>>();
  readonly #unknown = new Set<NodeId>();
  readonly #walked = new Set<NodeId>();
  #rest: Unmatched<F>[] = [];

  constructor(input: MatchInput<F>) {
    this.#input = input;
  }

  /** By place, top down. What does not fit its place waits in the rest. */
  walk(start: NodeId, found: readonly F[]): void {
    const waiting: { directory: NodeId; found: readonly F[] }[] = [{ directory: start, found }];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const { directory } = at;
      if (this.#walked.has(directory)) continue;
      this.#walked.add(directory);
      for (const one of at.found) {
        const node = this.#input.local.find(directory, one.name);
        if (one.kind === undefined) this.#setUnknown(node);
        else if (node === undefined || !this.#fits(node, one))
          this.#rest.push({ parent: directory, found: one });
        else {
          this.#claimed.set(node, { node, parent: directory, found: one });
          if (one.below) waiting.push({ directory: node, found: one.below });
        }
      }
    }
  }

  /** By inode, then by place in spite of the inode, else new; each level may bring more. */
  settleRest(): void {
    while (this.#rest.length > 0) {
      const level = this.#rest;
      this.#rest = [];
      const left = level.filter((one) => !this.#claimByInode(one));
      for (const one of left) this.#claimByPlace(one);
    }
  }

  result(): Matched<F> {
    const gone = new Set<NodeId>();
    for (const directory of this.#walked) {
      for (const child of this.#input.local.children(directory)) {
        if (!this.#isMet(child)) this.#vanish(child, gone);
      }
    }
    const present = [...this.#claimed.values()].filter(({ node }) => !this.#unknown.has(node));
    return { present, vanished: [...gone], unknown: [...this.#unknown] };
  }

  /** With what was in it; but what was found elsewhere, or is unclear, keeps all that is below it. */
  #vanish(top: NodeId, gone: Set<NodeId>): void {
    const waiting = [top];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (this.#isMet(at)) continue;
      gone.add(at);
      for (const child of this.#input.local.children(at)) waiting.push(child);
    }
  }

  #isMet(node: NodeId): boolean {
    return this.#claimed.has(node) || this.#unknown.has(node);
  }

  #setUnknown(node: NodeId | undefined): void {
    if (node !== undefined && !this.#claimed.has(node)) this.#unknown.add(node);
  }

  #fits(node: NodeId, found: F): boolean {
    const { local, inodeOf } = this.#input;
    if (this.#isMet(node) || local.get(node)?.kind !== found.kind) return false;
    if (found.inode !== '' && inodeOf(node) === found.inode) return true;
    const other = this.#ownerOf(found);
    return other === undefined || other === node;
  }

  /** The known node of this kind that was last seen with this inode. */
  #ownerOf({ inode, kind }: F): NodeId | undefined {
    const owner = inode === '' ? undefined : this.#input.byInode(inode);
    return owner !== undefined && this.#input.local.get(owner)?.kind === kind ? owner : undefined;
  }

  #claimByInode({ parent, found }: Unmatched<F>): boolean {
    const node = this.#ownerOf(found);
    if (node === undefined || this.#isMet(node) || !this.#hasLeft(node)) return false;
    this.#claim(node, { parent, found });
    return true;
  }

  #claimByPlace({ parent, found }: Unmatched<F>): void {
    const { local, newId } = this.#input;
    const node = local.find(parent, found.name);
    const fits = node !== undefined && !this.#isMet(node) && local.get(node)?.kind === found.kind;
    this.#claim(fits ? node : newId(), { parent, found });
  }

  #claim(node: NodeId, { parent, found }: Unmatched<F>): void {
    this.#claimed.set(node, { node, parent, found });
    if (found.below) this.walk(node, found.below);
  }

  /** Whether the scan proves that a node is no longer at its known place: a hard link is not a move. */
  #hasLeft(node: NodeId): boolean {
    const { local } = this.#input;
    for (let at = local.get(node)?.parent; at !== undefined; at = local.get(at)?.parent) {
      if (this.#walked.has(at)) return true;
      if (at === ROOT || this.#isMet(at)) return false;
    }
    return false;
  }
}
