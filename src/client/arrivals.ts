import { type NodeId, ROOT } from '../core/entry.ts';
import { roomOf } from './room.ts';
import type { Session } from './session.ts';
import { sameVersioned } from './state/layers.ts';

/** A part of what arrives: what one round takes on. */
export interface Arrivals {
  /** With every node comes the directory that it is in. */
  readonly nodes: readonly NodeId[];
  /** How many nodes are left to the rounds after this one. */
  readonly later: number;
}

/**
 * Where the server alone has something that is not here, and very much of it: a part of what is new there, that can be
 * brought here whatever else there is. Undefined where the round has to know of all that changed: also while anything
 * changed here, or waits for a person's word.
 */
export function arrivalsIn(session: Session): Arrivals | undefined {
  const { state, breaker, arriving } = session;
  if (breaker.holds.length > 0 || breaker.word !== undefined) return undefined;
  const most = roomOf(session) * arriving.factor;
  const first = state.changedThere(most + 1);
  if (first === undefined || first.length <= most) return undefined;
  const nodes = new Set<NodeId>();
  for (const node of first) takeIn(session, node, nodes);
  return nodes.size === 0
    ? undefined
    : { nodes: [...nodes], later: state.changedCount() - nodes.size };
}

/** With what it is in. Answers whether it is among them: it is new, and nothing here has its place. */
function takeIn(session: Session, node: NodeId, nodes: Set<NodeId>): boolean {
  if (nodes.has(node)) return true;
  const { synced, local, remote } = session.state;
  const entry = remote.get(node);
  if (entry === undefined || synced.get(node) !== undefined) return false;
  const { parent, name } = entry;
  if (local.find(parent, name) !== undefined) return false;
  if (!isAgreed(session, parent) && !takeIn(session, parent, nodes)) return false;
  nodes.add(node);
  return true;
}

/** What changed here is nothing, or there would be no part. */
function isAgreed({ state: { synced, remote } }: Session, node: NodeId): boolean {
  if (node === ROOT) return true;
  const agreed = synced.get(node);
  return agreed !== undefined && sameVersioned(agreed, remote.get(node));
}
