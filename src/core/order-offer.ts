import type { Step } from './difference.ts';
import { type NodeId, ROOT, samePlace, type Versioned } from './entry.ts';
import { drain, isTurn } from './pieces.ts';
import { above, type Tree } from './tree.ts';

type OfferStep = Step<Versioned>;

/** The trees an offer leads between. */
export interface OfferTrees {
  readonly remote: Tree<Versioned>;
  readonly target: Tree;
}

/**
 * Orders an offer so that it can be sent in several commits (rule C3): groups, each of which needs only
 * itself and what came before it. Almost every group is one change; a swap or an inversion is one group.
 * The groups are the strongly connected components of "needs" (Tarjan, 1972), which come out in this order.
 */
export const orderOffer = (steps: readonly OfferStep[], trees: OfferTrees): OfferStep[][] =>
  drain(orderOfferInPieces(steps, trees));

/** As `orderOffer`, in pieces, for others to have their turn in between. */
export function* orderOfferInPieces(
  steps: readonly OfferStep[],
  trees: OfferTrees,
): Generator<void, OfferStep[][]> {
  const byNode = new Map(steps.map((step) => [step.node, step]));
  const search = new Search((node) => needsOf(node, byNode, trees));
  for (const { node } of steps) yield* search.visit(node);
  return search.groups.map((group) => group.flatMap((node) => byNode.get(node) ?? []));
}

/** The other changed nodes whose change has to be made before this one, or together with it. */
function needsOf(
  node: NodeId,
  steps: ReadonlyMap<NodeId, OfferStep>,
  { remote, target }: OfferTrees,
): NodeId[] {
  const step = steps.get(node);
  if (step === undefined) return [];
  const { before, after } = step;
  if (after === undefined) return [...remote.children(node)].filter((child) => steps.has(child));
  if (before !== undefined && samePlace(before, after)) return [];
  const vacated = remote.named(after.parent, after.name);
  // A directory must not come to be below itself on the way, whichever of the moves are made yet.
  const overhead =
    after.kind === 'directory' ? [...above(remote, after.parent), ...above(target, node)] : [];
  const needs = [...vacated, after.parent, ...overhead];
  return needs.filter((id) => id !== node && id !== ROOT && changesPlace(steps.get(id)));
}

const changesPlace = (step: OfferStep | undefined): boolean =>
  step !== undefined &&
  (step.before === undefined || step.after === undefined || !samePlace(step.before, step.after));

/** One node on the way of the search: what it still has to look at. */
interface Frame {
  readonly node: NodeId;
  readonly needs: readonly NodeId[];
  next: number;
}

/** Tarjan's search, with a stack of its own: a deep tree must not overflow the language's. */
class Search {
  readonly groups: NodeId[][] = [];
  readonly #needsOf: (node: NodeId) => NodeId[];
  readonly #index = new Map<NodeId, number>();
  readonly #low = new Map<NodeId, number>();
  readonly #open: NodeId[] = [];
  readonly #isOpen = new Set<NodeId>();

  constructor(needsOf: (node: NodeId) => NodeId[]) {
    this.#needsOf = needsOf;
  }

  *visit(start: NodeId): Generator<void> {
    if (this.#index.has(start)) return;
    if (isTurn(this.#index.size)) yield;
    const way: Frame[] = [this.#enter(start)];
    for (let frame = way.at(-1); frame !== undefined; frame = way.at(-1)) {
      const need = frame.needs[frame.next];
      frame.next += 1;
      if (need === undefined) this.#leave(way);
      else if (!this.#index.has(need)) {
        if (isTurn(this.#index.size)) yield;
        way.push(this.#enter(need));
      } else if (this.#isOpen.has(need)) this.#lower(frame.node, this.#index.get(need) ?? 0);
    }
  }

  #enter(node: NodeId): Frame {
    this.#index.set(node, this.#index.size);
    this.#low.set(node, this.#index.size - 1);
    this.#open.push(node);
    this.#isOpen.add(node);
    return { node, needs: this.#needsOf(node), next: 0 };
  }

  #leave(way: Frame[]): void {
    const node = way.pop()?.node ?? '';
    const low = this.#low.get(node) ?? 0;
    const parent = way.at(-1)?.node;
    if (parent !== undefined) this.#lower(parent, low);
    if (low !== this.#index.get(node)) return;
    const group = this.#open.splice(this.#open.lastIndexOf(node));
    for (const id of group) this.#isOpen.delete(id);
    this.groups.push(group);
  }

  #lower(node: NodeId, to: number): void {
    this.#low.set(node, Math.min(this.#low.get(node) ?? to, to));
  }
}
