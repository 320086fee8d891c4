import { type NodeId, ROOT } from './entry.ts';
import type { Trees } from './merge.ts';
import { above, type Tree } from './tree.ts';

/** A node found here that the server knows by another id. */
export interface Twin {
  readonly node: NodeId;
  readonly to: NodeId;
}

/**
 * Rule M1: new here and new there, same parent, same name, same kind: one node, with the server's id.
 * Directories so unite, and what is in them is looked at next; files go on without a common ancestor.
 * In the order of the answer, parents come before children.
 */
export function twins({ synced, local, remote, changed }: Trees): Twin[] {
  const isNewHere = (id: NodeId): boolean => !synced.get(id) && !remote.get(id) && !!local.get(id);
  const isNewThere = (id: NodeId): boolean => !synced.get(id) && !local.get(id) && !!remote.get(id);
  const united = new Map<NodeId, NodeId>();
  const found: Twin[] = [];
  for (const node of topDown(local, [...changed].filter(isNewHere))) {
    const entry = local.get(node);
    if (entry === undefined) continue;
    const parent = united.get(entry.parent) ?? entry.parent;
    const to = remote.named(parent, entry.name).find(isNewThere);
    if (to === undefined || remote.get(to)?.kind !== entry.kind) continue;
    united.set(node, to);
    found.push({ node, to });
  }
  return found;
}

function topDown(tree: Tree, ids: readonly NodeId[]): NodeId[] {
  const depth = new Map<NodeId, number>([[ROOT, 0]]);
  for (const id of ids) depth.set(id, [...above(tree, id)].length);
  return [...ids].sort((a, b) => (depth.get(a) ?? 0) - (depth.get(b) ?? 0) || (a < b ? -1 : 1));
}
