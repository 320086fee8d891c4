import type { Change } from '../core/change.ts';
import { type NodeId, type Place, ROOT, type Versioned } from '../core/entry.ts';
import { MemoryTree } from '../core/tree.ts';
import { groupsInTurns } from './in-turns.ts';
import type { Transaction } from './ports.ts';

/**
 * The part of the tree that a commit is judged on: the nodes it names, the places they go to, what is
 * in directories it deletes, and everything above all of those. Its size follows the commit's.
 */
export async function loadSurroundings(
  tx: Transaction,
  changes: readonly Change[],
): Promise<MemoryTree<Versioned>> {
  const tree = new MemoryTree<Versioned>();
  const places = changes.flatMap((change) => placeOf(change) ?? []);
  const occupants: { readonly node: NodeId }[] = [];
  for await (const group of groupsInTurns(places)) occupants.push(...(await tx.named(group)));
  const deleted = changes.flatMap(({ type, node }) => (type === 'delete' ? [node] : []));
  for await (const group of groupsInTurns(deleted)) {
    for (const [id, entry] of await tx.children(group)) tree.set(id, entry);
  }
  const named = [...changes, ...occupants].map(({ node }) => node);
  await loadWithAbove(tx, tree, [...named, ...places.map(({ parent }) => parent)]);
  return tree;
}

const placeOf = (change: Change): Place | undefined =>
  change.type === 'delete' ? undefined : change.place;

async function loadWithAbove(
  tx: Transaction,
  tree: MemoryTree<Versioned>,
  ids: readonly NodeId[],
): Promise<void> {
  const asked = new Set<NodeId>([ROOT]);
  for (let wanted = ids; wanted.length > 0; ) {
    const news = [...new Set(wanted)].filter((id) => !asked.has(id));
    for (const id of news) asked.add(id);
    const parents = new Set<NodeId>();
    for await (const group of groupsInTurns(news)) {
      for (const [id, entry] of await tx.nodes(group)) {
        tree.set(id, entry);
        parents.add(entry.parent);
      }
    }
    wanted = [...parents];
  }
}
