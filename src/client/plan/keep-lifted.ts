import type { Entry, NodeId } from '../../core/entry.ts';
import { below, pathOf } from '../../core/tree.ts';
import type { Seen } from '../ports.ts';
import type { Session } from '../session.ts';

interface Kept {
  readonly node: NodeId;
  readonly entry: Entry;
  readonly seen: Seen | undefined;
}

/**
 * Looks around while something is lifted out of its place, by a round that was interrupted or is under way: the next
 * one puts it back first, so it counts as being where it was. Answers the paths of what is lifted.
 */
export async function keepLifted(session: Session, look: () => Promise<void>): Promise<string[]> {
  const { disk, state } = session;
  const nodes = await disk.lifted();
  const paths = nodes.map((node) => pathOf(state.local, node)?.join('/') ?? node);
  const kept = nodes.flatMap((top) =>
    [top, ...below(state.local, top)].flatMap((node): Kept[] => {
      const entry = state.local.get(node);
      return entry === undefined ? [] : [{ node, entry, seen: state.seen(node) }];
    }),
  );
  await look();
  const gone = kept.filter(({ node }) => state.local.get(node) === undefined);
  state.record(
    gone.map(({ node, entry, seen }) => ({ type: 'local', node, entry, ...(seen && { seen }) })),
  );
  return paths;
}
