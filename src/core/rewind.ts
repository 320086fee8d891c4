import { type Change, contentOf } from './change.ts';
import {
  type Entry,
  movedTo,
  type NodeId,
  ROOT,
  sameContent,
  sameEntry,
  samePlace,
  type Versioned,
} from './entry.ts';
import { orderOfferInPieces } from './order-offer.ts';
import { drain, isTurn } from './pieces.ts';
import { RewindEnd } from './rewind-end.ts';
import { type Meant, RewindScope } from './rewind-scope.ts';
import { MemoryTree, type Overlay, type Tree } from './tree.ts';

/** What nodes were; a map is one. Like the tree, it need not be loaded whole. */
export interface Then {
  has(node: NodeId): boolean;
  /** undefined: not there. */
  get(node: NodeId): Entry | undefined;
  /** Those that may have to change. */
  keys(): Iterable<NodeId>;
}

export interface RewindInput {
  /** The living tree. Only `get` and `named` are asked, so it need not be loaded whole. */
  readonly now: Tree<Versioned>;
  /** A node that is not in here was what it is. */
  readonly past: Then;
  /** What is to become what it was, with everything in it. */
  readonly meant: readonly Meant[];
  /** Nodes whose content then cannot be had any more. */
  readonly lost: ReadonlySet<NodeId>;
  /** One word, for names that have to be others. */
  readonly mark: string;
}

/** One node's step back. */
export interface RewindStep {
  readonly node: NodeId;
  readonly before: Versioned | undefined;
  readonly after: Entry | undefined;
}

export interface Rewind {
  /** For one commit. */
  readonly changes: readonly Change[];
  /** In the same order. */
  readonly steps: readonly RewindStep[];
  /** What the tree is afterwards. */
  readonly end: Tree<Entry>;
  /** Of `lost`: those that would have been given their contents, and were not. */
  readonly kept: readonly NodeId[];
}

/**
 * The one commit that makes nodes, with everything in them, what they were (decision 0019):
 *
 * - What was in a directory then is in it again, where and as it was, from wherever it is now. What is gone is created again
 *   with the id that it had.
 * - What is in it now and was nowhere then is deleted.
 * - What is in it now and was elsewhere then goes back there as it is, with what is in it. Where that cannot be, it is kept beside the
 *   directory that is rewound, under a free name.
 * - Nothing else changes. A directory that has to be there for any of this and is gone is made again, with its id, empty.
 * - A node whose content is lost is not created again, or keeps the content that it has; its place goes back.
 *
 * The cost follows `past`, never the size of the tree. The judge accepts the commit as long as `now` is so.
 */
export const rewind = (input: RewindInput): Rewind => drain(rewindInPieces(input));

/** As `rewind`, in pieces, for others to have their turn in between; `now` and `past` have to hold still meanwhile. */
export function* rewindInPieces(input: RewindInput): Generator<void, Rewind> {
  const scope = new RewindScope(input);
  const end = new RewindEnd(input, scope);
  const kept: NodeId[] = [];
  const nodes = new Set([...input.past.keys(), ...input.meant.map((one) => one.node)]);
  yield;
  for (const [at, node] of [...nodes].entries()) {
    if (isTurn(at)) yield;
    if (node === ROOT) continue;
    const now = input.now.get(node);
    const then = scope.thenOf(node);
    const goal = input.lost.has(node) && needsContent(now, then) ? keptGoal(now, then) : then;
    if (goal !== then) kept.push(node);
    const meant = scope.meant.get(node);
    if (meant !== undefined) end.putMeant(node, { goal, was: then, stays: meant.stays });
    else if (scope.wasIn(node)) end.tree.set(node, goal);
    else if (now !== undefined && scope.isIn(now.parent)) end.takeOut(node, now, then);
  }
  end.settle();
  const steps = yield* stepsTo(input.now, end.tree);
  yield;
  return { changes: steps.flatMap(changesOf), steps, end: end.tree, kept };
}

const needsContent = (now: Entry | undefined, then: Entry | undefined): boolean =>
  then !== undefined && (now === undefined || !sameContent(now, then));

const keptGoal = (now: Entry | undefined, then: Entry | undefined): Entry | undefined =>
  now === undefined || then === undefined ? now : movedTo(now, then);

/** In an order in which each step needs only those before it, or a few that have to be made together. */
function* stepsTo(now: Tree<Versioned>, end: Overlay<Entry>): Generator<void, RewindStep[]> {
  const steps: RewindStep[] = [];
  const remote = new MemoryTree<Versioned>();
  for (const [at, node] of [...end.touched].entries()) {
    if (isTurn(at)) yield;
    const [before, after] = [now.get(node), end.get(node)];
    if (sameEntry(before, after)) continue;
    steps.push({ node, before, after });
    if (before !== undefined) remote.set(node, before);
  }
  const offer = steps as Parameters<typeof orderOfferInPieces>[0];
  return (yield* orderOfferInPieces(offer, { remote, target: end })).flat();
}

function changesOf({ node, before, after }: RewindStep): Change[] {
  if (before !== undefined && (after === undefined || before.kind !== after.kind)) {
    const { placeVersion, contentVersion } = before;
    const deletion: Change = {
      type: 'delete',
      node,
      replacesPlace: placeVersion,
      replacesContent: contentVersion,
    };
    return after === undefined ? [deletion] : [deletion, creationOf(node, after)];
  }
  if (after === undefined) return [];
  return [before === undefined ? creationOf(node, after) : updateOf(node, before, after)];
}

function creationOf(node: NodeId, entry: Entry): Change {
  const { kind, parent, name } = entry;
  const content = contentOf(entry);
  return { type: 'create', node, kind, place: { parent, name }, ...(content && { content }) };
}

function updateOf(node: NodeId, before: Versioned, after: Entry): Change {
  const { parent, name } = after;
  const content = sameContent(before, after) ? undefined : contentOf(after);
  return {
    type: 'update',
    node,
    ...(!samePlace(before, after) && { place: { parent, name, replaces: before.placeVersion } }),
    ...(content && { content: { ...content, replaces: before.contentVersion } }),
  };
}
