import { type Entry, type NodeId, sameEntry } from './entry.ts';
import type { Tree } from './tree.ts';

/** What has to happen to one node: created (no `before`), dropped (no `after`), or moved, rewritten or both. */
export interface Step<Before extends Entry = Entry> {
  readonly node: NodeId;
  readonly before: Before | undefined;
  readonly after: Entry | undefined;
}

/** What has to change so that `from` becomes `to`, of these nodes. */
export function difference<Before extends Entry>(
  from: Tree<Before>,
  to: Tree,
  nodes: Iterable<NodeId>,
): Step<Before>[] {
  const steps: Step<Before>[] = [];
  for (const node of nodes) {
    const [before, after] = [from.get(node), to.get(node)];
    if (!sameEntry(before, after)) steps.push({ node, before, after });
  }
  return steps;
}
