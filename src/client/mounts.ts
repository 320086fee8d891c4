import { type NodeId, ROOT } from '../core/entry.ts';
import type { Matched } from '../core/match.ts';
import { above, below } from '../core/tree.ts';
import type { FoundHere } from './look-around.ts';
import type { ClientState } from './ports.ts';

/** Of the file system that a thing lies on; '' for the one that the synchronized directory itself is on. */
const deviceOf = (inode: string): string => {
  const end = inode.indexOf(':');
  return end < 0 ? '' : inode.slice(0, end);
};

/** Without the device, whose number may be another after each start. */
const withinDevice = (inode: string): string => inode.slice(inode.indexOf(':') + 1);

/** Whether another file system was mounted at this directory when it was last seen. */
export function wasMount({ state }: { readonly state: ClientState }, node: NodeId): boolean {
  const inode = state.seen(node)?.inode ?? '';
  // Nearly everything is on the directory's own device, and ends here.
  if (deviceOf(inode) === '' || state.local.get(node)?.kind !== 'directory') return false;
  const parent = state.local.get(node)?.parent ?? ROOT;
  return deviceOf(inode) !== deviceOf(state.seen(parent)?.inode ?? '');
}

/** Whether what is mounted there now is what was mounted there then. */
export const isSameMount = (before: string, now: string): boolean =>
  deviceOf(now) !== '' && withinDevice(before) === withinDevice(now);

/**
 * Rule S18: a mounted file system that is not there was unmounted, not deleted (B13). It is unknown, with
 * what is above it, and all that was in it stays as it was.
 */
export function withoutMounts(
  session: { readonly state: ClientState },
  matched: Matched<FoundHere>,
): Matched<FoundHere> {
  const lost = matched.vanished.filter((node) => wasMount(session, node));
  if (lost.length === 0) return matched;
  const { local } = session.state;
  const gone = new Set(matched.vanished);
  const unknown = new Set(matched.unknown);
  for (const node of lost) {
    for (const kept of [node, ...above(local, node)]) if (gone.delete(kept)) unknown.add(kept);
    for (const kept of below(local, node)) gone.delete(kept);
  }
  return { ...matched, vanished: [...gone], unknown: [...unknown] };
}

/** What is still to be done in one that is not there would be done to the empty directory beneath it. */
export function inUnmounted(
  { state, unmounted }: { readonly state: ClientState; readonly unmounted: ReadonlySet<NodeId> },
  node: NodeId,
  target: Parameters<typeof above>[0],
): boolean {
  if (unmounted.size === 0) return false;
  for (const tree of [state.local, target])
    for (const id of [node, ...above(tree, node)]) if (unmounted.has(id)) return true;
  return false;
}
