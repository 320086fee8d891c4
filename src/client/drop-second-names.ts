import type { NodeId } from '../core/entry.ts';
import { pathOf } from '../core/tree.ts';
import { DiskError } from './ports.ts';
import type { Session } from './session.ts';

/**
 * A move that was cut off may have given a file its new name and not yet taken the old one (D01). The
 * scan tells the second name for a new file, which would be in the way of its own move, and become a
 * conflict copy of itself. It goes to the trash, and the move is made anew.
 */
export async function dropSecondNames(session: Session): Promise<void> {
  const { state } = session;
  for (const node of state.changed()) {
    const second = newInItsPlace(session, node);
    if (second !== undefined && (await dropIfSame(session, node, second)))
      state.record([{ type: 'local', node: second, entry: undefined }]);
  }
}

/** What has the name here that the server has the node under, and what the server does not know. */
function newInItsPlace({ state }: Session, node: NodeId): NodeId | undefined {
  const { local, remote, synced } = state;
  const [here, there] = [local.get(node), remote.get(node)];
  if (here === undefined || here.kind === 'directory' || there === undefined) return undefined;
  const second = local.find(there.parent, there.name);
  if (second === undefined || second === node) return undefined;
  const isKnown = synced.get(second) !== undefined || remote.get(second) !== undefined;
  const inode = state.seen(node)?.inode ?? '';
  return isKnown || inode === '' || state.seen(second)?.inode !== inode ? undefined : second;
}

/** Looks once more: both names must be of one thing now, so that nothing goes that is not there twice. */
async function dropIfSame(
  { state, disk }: Session,
  node: NodeId,
  second: NodeId,
): Promise<boolean> {
  const [path, other] = [pathOf(state.local, node), pathOf(state.local, second)];
  if (path === undefined || other === undefined) return false;
  try {
    const [first, look] = [await disk.look(path), await disk.look(other)];
    if (look === undefined || first?.inode !== look.inode) return false;
    await disk.trash(other, look);
    return true;
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    return false;
  }
}
