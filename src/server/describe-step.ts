import { operationOf } from '../core/change.ts';
import type { Entry, NodeId, Versioned } from '../core/entry.ts';
import type { RewindStep, Then } from '../core/rewind.ts';
import { pathOf, type Tree } from '../core/tree.ts';
import type { HeldContent, RewindProblem, RewindStep as WireStep } from '../protocol/rewind.ts';

interface Trees {
  readonly now: Tree<Versioned>;
  readonly past: Pick<Then, 'get'>;
  /** What `now` becomes. */
  readonly end: Tree<Entry>;
}

/** A step as the protocol tells of it. */
export function describeStep(step: RewindStep, { now, end }: Trees): WireStep {
  const { node, before, after } = step;
  const operation = operationOf(step);
  const oldPath = before === undefined ? undefined : pathIn(now, node);
  const path = after === undefined ? oldPath : pathIn(end, node);
  const [content, replaced] = [heldBy(after), heldBy(before)];
  const isOther = content?.checksum !== replaced?.checksum;
  return {
    node,
    operation,
    kind: (after ?? before)?.kind ?? 'file',
    path: path ?? '',
    ...(operation === 'move' && oldPath !== undefined && { old_path: oldPath }),
    ...(content && isOther && { content }),
    ...(replaced && isOther && { replaced }),
  };
}

export const describeProblem = (
  { node, reason }: { readonly node: NodeId; readonly reason: string },
  trees: Trees,
): RewindProblem => ({ node, path: placeIn(node, trees), reason });

/** Where a node is or, where it is not there now, was. */
export function placeIn(node: NodeId, { now, past, end }: Trees): string {
  const was = past.get(node);
  const above = was === undefined ? undefined : pathOf(end, was.parent);
  return pathIn(now, node) ?? [...(above ?? []), was?.name ?? ''].join('/');
}

const pathIn = (tree: Tree, node: NodeId): string | undefined => pathOf(tree, node)?.join('/');

const heldBy = (entry: Entry | undefined): HeldContent | undefined =>
  entry?.kind === 'file' ? { checksum: entry.checksum, size: entry.size } : undefined;

export function countSteps(steps: readonly RewindStep[]) {
  const counts = { creates: 0, updates: 0, moves: 0, deletes: 0 };
  for (const step of steps) counts[`${operationOf(step)}s`] += 1;
  return counts;
}
