import type { Chunk } from '../core/chunk.ts';
import { ROOT, sameEntry } from '../core/entry.ts';
import { below } from '../core/tree.ts';
import { ApiFailure, type ChangesPage, type LiveEvent, type Note, type Welcome } from './ports.ts';
import type { Session } from './session.ts';

/**
 * Brings the remote tree to the server's present cursor, page by page at one snapshot. Interrupted, it
 * goes on where it stopped.
 */
export async function pull(session: Session): Promise<void> {
  const { api, state } = session;
  await introduce(session);
  while (session.behind || state.standing.pulling !== undefined) {
    const { cursor, pulling, epoch } = state.standing;
    // Only a new snapshot holds everything up to now; the rest of an older one does not.
    if (pulling === undefined) session.behind = false;
    const page = await api.changes(cursor, pulling?.until);
    // Only `introduce` begins anew: this ends the round, and the next one introduces itself again.
    if (page.epoch !== epoch) throw new ApiFailure('wrong_epoch', OTHER, { retry: true });
    session.wanted.told = page.wanted;
    state.record([...notesOf(page), ...answersIn(session, page)]);
  }
  session.unanswered.clear();
}

/**
 * What we offered, and the server has: both agreed on it, though the answer was lost (E01). Else an edit
 * made since would seem to be in conflict with one's own last version.
 */
function answersIn({ unanswered }: Session, { changes }: ChangesPage): Note[] {
  const taken = changes.filter(
    ({ node, entry }) => unanswered.has(node) && sameEntry(entry, unanswered.get(node)),
  );
  return taken.map(({ node, entry }) => ({ type: 'synced', node, entry }));
}

const OTHER = 'The server has another history than before.';

/** Once for every connection: who we are, and what the server is. A history that we do not know is begun anew (S5). */
async function introduce(session: Session): Promise<void> {
  if (session.welcome !== undefined) return;
  const { clientId, cursor } = session.state.standing;
  const { clientName: name, syncRoot } = session.settings;
  const welcome = await session.api.register({ clientId, name, syncRoot, cursor });
  if (isOtherHistory(session, welcome)) beginAnew(session, welcome.epoch);
  else session.state.record([{ type: 'standing', standing: { epoch: welcome.epoch } }]);
  session.behind = true;
  session.welcome = welcome;
  session.wanted.answered = 0;
}

/**
 * Takes changes that came by themselves, if they are the very next ones. Answers whether they were
 * taken; if not, a pull brings them.
 */
export function takePushed(
  session: Session,
  event: Extract<LiveEvent, { type: 'changed' }>,
): boolean {
  const { standing } = session.state;
  const isNext = standing.epoch === event.epoch && standing.cursor === event.since;
  if (!isNext || standing.pulling !== undefined) return false;
  const next = event.changes.at(-1)?.cursor ?? event.since;
  session.state.record(notesOf({ epoch: event.epoch, changes: event.changes, next, until: next }));
  keepPushed(session, event.chunks);
  return true;
}

function notesOf({ epoch, changes, next, until }: Omit<ChangesPage, 'wanted'>): Note[] {
  const pulling = next < until ? { until } : undefined;
  return [
    ...changes.map(({ node, entry }) => ({ type: 'remote', node, entry }) as const),
    { type: 'standing', standing: { epoch, cursor: next, pulling } },
  ];
}

/** Another epoch, or a server that does not know of changes we have from it: it was set up anew, or put back in time. */
function isOtherHistory({ state }: Session, { epoch, cursor }: Welcome): boolean {
  const { standing } = state;
  const known = Math.max(standing.cursor, standing.pulling?.until ?? 0);
  return standing.epoch !== undefined && (standing.epoch !== epoch || cursor < known);
}

/**
 * Forgets what was agreed, never what is here: everything local is then new, everything on the
 * server too, and what is equal is united. So nothing is deleted on either side.
 */
function beginAnew({ state }: Session, epoch: string): void {
  const nodes = new Set([...below(state.synced, ROOT), ...below(state.remote, ROOT)]);
  const notes: Note[] = [...nodes].flatMap((node) => [
    { type: 'remote', node, entry: undefined },
    { type: 'synced', node, entry: undefined },
  ]);
  state.record([
    ...notes,
    { type: 'standing', standing: { epoch, cursor: 0, pulling: undefined } },
  ]);
}

/** Of the newest small contents, so many bytes are kept at hand. */
const PUSHED = 8 * 1024 * 1024;

function keepPushed({ pushed }: Session, chunks: readonly Chunk[]): void {
  for (const chunk of chunks) {
    pushed.delete(chunk.hash);
    pushed.set(chunk.hash, chunk);
  }
  let bytes = [...pushed.values()].reduce((sum, { size }) => sum + size, 0);
  for (const [hash, { size }] of pushed) {
    if (bytes <= PUSHED) break;
    pushed.delete(hash);
    bytes -= size;
  }
}
