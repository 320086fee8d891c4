import { conflictName } from '../core/conflict-name.ts';
import { type Entry, movedTo, type NodeId, ROOT } from '../core/entry.ts';
import { pathOf } from '../core/tree.ts';
import { makeDurable } from './make-durable.ts';
import { DiskError, type Look, type Path } from './ports.ts';
import type { Session } from './session.ts';

/**
 * What a round had lifted out of the way when it was interrupted goes back to where it was last seen,
 * before anything is looked at: else it would read as deleted. Where its place is taken, it goes
 * beside it, or to the top.
 */
export async function putBack(session: Session): Promise<void> {
  const { disk, state } = session;
  for (const node of await disk.lifted()) {
    await makeDurable(session);
    const known = pathOf(state.local, node);
    if (known === undefined) await putOnTop(session, node);
    else if (!(await isMovedAlready(session, node)))
      await putBackTo(session, node, placesFor(known, session));
  }
}

/** Cut off between its new name, where the server has it, and the loss of the one it is lifted under (D01). */
async function isMovedAlready({ disk, state }: Session, node: NodeId): Promise<boolean> {
  const [there, seen] = [pathOf(state.remote, node), state.seen(node)];
  if (there === undefined || seen === undefined || seen.inode === '') return false;
  const isIt = (look: Look | undefined): boolean => look?.inode === seen.inode;
  if (!(await disk.look(there).then(isIt, () => false))) return false;
  return (await lowered(disk, node, there)) !== undefined;
}

/**
 * The directory it was lifted from was dropped by the same round, and that was recorded. No look at a directory would
 * ever find the node moved: where it comes to be is recorded here.
 */
async function putOnTop(session: Session, node: NodeId): Promise<void> {
  const entry = session.state.local.get(node);
  const wanted = [entry?.name ?? `recovered-${node}`];
  const lowered = await putBackTo(session, node, placesFor(wanted, session));
  if (entry !== undefined && lowered !== undefined) recordOnTop(session, { node, entry, lowered });
}

interface Lowered {
  readonly path: Path;
  readonly look: Look;
}

function recordOnTop(
  { state }: Session,
  { node, entry, lowered }: { node: NodeId; entry: Entry; lowered: Lowered },
): void {
  const { path, look } = lowered;
  const place = { kind: 'directory', parent: ROOT, name: path.at(-1) ?? '' } as const;
  const seen = { inode: look.inode, fingerprint: look.fingerprint };
  state.record([{ type: 'local', node, entry: movedTo(entry, place), seen }]);
}

/** A link that may not be at any of the places stays lifted, for the next round. */
async function putBackTo(
  { disk }: Session,
  node: NodeId,
  places: Iterable<Path>,
): Promise<Lowered | undefined> {
  for (const path of places) {
    const look = await lowered(disk, node, path);
    if (look !== undefined) return { path, look };
  }
  return undefined;
}

function* placesFor(known: Path, { settings }: Session): Iterable<Path> {
  yield known;
  const name = known.at(-1) ?? '';
  for (const parent of [known.slice(0, -1), []]) {
    for (let attempt = 1; attempt < 100; attempt += 1) {
      const client = settings.clientName;
      yield [...parent, conflictName({ name, client, time: undefined, attempt })];
    }
  }
}

async function lowered(disk: Session['disk'], node: string, path: Path): Promise<Look | undefined> {
  try {
    return await disk.lower(node, path);
  } catch (error) {
    if (
      error instanceof DiskError &&
      ['exists', 'absent', 'outside', 'unsupported'].includes(error.problem)
    )
      return undefined;
    throw error;
  }
}
