import { type Entry, movedTo, type NodeId, plain, ROOT, samePlace } from './entry.ts';
import type { Trees } from './merge.ts';
import type { Overlay } from './tree.ts';

/**
 * Makes the target one tree: whatever is in it has its parents in it (the end of rule M3), and no
 * parents form a ring (M5).
 *
 * It ends: a restored node stays, and each undone move makes one local move less. A ring always
 * holds a node that was moved here and is on the server, for neither side's own tree has rings.
 */
export function connect(trees: Trees, target: Overlay<Entry>): void {
  const waiting = [...target.touched].filter((id) => target.get(id) !== undefined);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const ring = restoreAbove(trees, target, id);
    if (ring !== undefined) waiting.push(undoMove(trees, target, ring), id);
  }
}

/** Walks up from a node, restoring what is missing; answers the ring, if the way leads into one. */
function restoreAbove(trees: Trees, target: Overlay<Entry>, from: NodeId): NodeId[] | undefined {
  const way = new Set<NodeId>();
  for (let id = from; id !== ROOT; ) {
    if (way.has(id)) return ringFrom(way, id);
    way.add(id);
    id = (target.get(id) ?? restore(trees, target, id)).parent;
  }
  return undefined;
}

/** The part of a way that leads from a node back to it. */
function ringFrom(way: ReadonlySet<NodeId>, id: NodeId): NodeId[] {
  const nodes = [...way];
  return nodes.slice(nodes.indexOf(id));
}

function restore({ synced, local, remote }: Trees, target: Overlay<Entry>, id: NodeId): Entry {
  const known = local.get(id) ?? remote.get(id) ?? synced.get(id);
  if (known === undefined) throw new Error(`The parent ${id} is in none of the three trees.`);
  const entry = plain(known);
  target.set(id, entry);
  return entry;
}

/** Takes the server's place for one node of the ring: the one with the least id, so that every try decides alike. */
function undoMove({ remote }: Trees, target: Overlay<Entry>, ring: readonly NodeId[]): NodeId {
  for (const id of [...ring].sort()) {
    const entry = target.get(id);
    const there = remote.get(id);
    if (entry === undefined || there === undefined || samePlace(entry, there)) continue;
    target.set(id, movedTo(entry, there));
    return id;
  }
  throw new Error('A ring of parents without a move made here.');
}
