import { difference, type Step } from '../core/difference.ts';
import type { NodeId, Versioned } from '../core/entry.ts';
import { type Merged, merge } from '../core/merge.ts';
import { pathOf } from '../core/tree.ts';
import type { Visible } from '../core/visible.ts';
import type { Arrivals } from './arrivals.ts';
import type { Hold } from './breaker.ts';
import { findHolds, withheldBy } from './find-holds.ts';
import { mergedContent, unmerged } from './merge-contents.ts';
import { inUnmounted } from './mounts.ts';
import type { Session } from './session.ts';
import { isTwinsName, reportUnrepresentable, visibleRemote } from './visible-remote.ts';

/** What the round would do. */
export interface Undecided extends Merged {
  /** The server's tree as it was decided on. */
  readonly remote: Visible<Versioned>;
  /** Every node that may differ between any two of the trees. */
  readonly nodes: readonly NodeId[];
  /** What has to happen on the disk. */
  readonly steps: readonly Step[];
  /** How many nodes more differ, of which nothing was decided yet. */
  readonly later: number;
}

/** What the round is to do. Never stored: after an interruption it is made again. */
export interface Decision extends Undecided {
  /** What waits for a person's word (rule S15). */
  readonly holds: readonly Hold[];
  /** The nodes that wait with it, for what is not mounted, or for another look (M9): nothing of them is carried out or offered. */
  readonly withheld: ReadonlySet<NodeId>;
}

/** Asks the core what both sides are to become, with what this client knows; of a part, if one is given. */
export function decide(session: Session, part?: Arrivals): Decision {
  const { state, settings, newId } = session;
  const { synced, local } = state;
  const remote = visibleRemote(session);
  const changed = part?.nodes ?? state.changed();
  if (part === undefined) session.problems.retain(new Set(changed));
  reportUnrepresentable(session, changed);
  const unknownAbove = nodesAbove(session);
  const merged = merge({
    synced,
    local,
    remote,
    changed,
    sheltered: (id) => unknownAbove.has(id) || remote.hidesBelow(id),
    mergedContent: (id) => mergedContent(session, remote, id),
    taken: (parent, name) =>
      isIgnoredName(session, parent, name) || isTwinsName(session, parent, name),
    clientName: settings.clientName,
    newId,
  });
  const nodes = [...new Set([...changed, ...merged.target.touched])];
  const undecided = {
    ...merged,
    remote,
    nodes,
    steps: difference(local, merged.target, nodes),
    later: part?.later ?? 0,
  };
  const holds = findHolds(session, undecided);
  const withheld = withheldBy(holds);
  for (const node of nodes) if (inUnmounted(session, node, merged.target)) withheld.add(node);
  for (const { node } of unmerged(session, changed, remote)) withhold(withheld, undecided, node);
  return { ...undecided, holds, withheld };
}

/** Rule M9: a file whose contents could not be looked at yet waits, and so does the copy that would be made of it. */
function withhold(withheld: Set<NodeId>, { copies }: Merged, node: NodeId): void {
  withheld.add(node);
  for (const { copy, of } of copies) if (of === node) withheld.add(copy);
}

/** Rule M8: what cannot be told, and what is above it. */
function nodesAbove({ state, unknown }: Session): Set<NodeId> {
  const nodes = new Set<NodeId>();
  for (const start of unknown) {
    for (let at: NodeId | undefined = start; at !== undefined && !nodes.has(at); ) {
      nodes.add(at);
      at = state.local.get(at)?.parent;
    }
  }
  return nodes;
}

function isIgnoredName({ state, ignore }: Session, parent: NodeId, name: string): boolean {
  const above = pathOf(state.local, parent) ?? pathOf(state.remote, parent);
  return above !== undefined && ignore.ignores([...above, name], false);
}
