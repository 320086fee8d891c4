import type { Chunk } from '../core/chunk.ts';
import { sameEntry } from '../core/entry.ts';
import type { Point } from '../protocol/point.ts';
import { introduce } from './introduce.ts';
import type { LiveEvent } from './live-connection.ts';
import { ApiFailure, type ChangesPage, type Note } from './ports.ts';
import type { Session } from './session.ts';

/**
 * Brings the remote tree to the server's present cursor, page by page at one snapshot. Interrupted, it
 * goes on where it stopped.
 */
export async function pull(session: Session): Promise<void> {
  const { api, state } = session;
  await introduce(session);
  while (session.behind || state.standing.pulling !== undefined) {
    const { cursor, pulling, epoch, known } = state.standing;
    // Only a new snapshot holds everything up to now; the rest of an older one does not.
    if (pulling === undefined) session.behind = false;
    const page = await api.changes(cursor, pulling?.until, known);
    // Only `introduce` begins anew: this ends the round, and the next one introduces itself again.
    if (page.epoch !== epoch) throw new ApiFailure('wrong_epoch', OTHER, { retry: true });
    session.wanted.told = page.wanted;
    state.record([...notesOf(session, page), ...answersIn(session, page)]);
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
  return taken.flatMap(({ node, entry }): Note[] => [
    { type: 'synced', node, entry },
    { type: 'merged', node, made: undefined },
  ]);
}

const OTHER = 'The server has another history than before.';

export const furtherOf = (known: Point | undefined, point: Point): Point =>
  known !== undefined && known.epoch === point.epoch && known.cursor > point.cursor ? known : point;

/**
 * Takes changes that came by themselves, if they are the very next ones. Answers whether they were
 * taken; if not, a pull brings them.
 */
export function takePushed(
  session: Session,
  event: Extract<LiveEvent, { type: 'changed' }>,
): boolean {
  const { standing } = session.state;
  // After a new connection the history may be another that only counts alike: the introduction comes first.
  if (session.welcome === undefined) return false;
  const isNext = standing.epoch === event.epoch && standing.cursor === event.since;
  if (!isNext || standing.pulling !== undefined) return false;
  const next = event.changes.at(-1)?.cursor ?? event.since;
  if (isPassed(standing.known, event, next)) return false;
  const { epoch, changes, chain } = event;
  session.state.record(notesOf(session, { epoch, changes, next, until: next, chain }));
  keepPushed(session, event.chunks);
  return true;
}

/**
 * We know of a point further on, as after a commit of ours. Whether these changes lie on the way to it only the server can
 * say: it may have gone back in time after it told of them (B18).
 */
const isPassed = (known: Point | undefined, { epoch }: { epoch: string }, next: number): boolean =>
  known?.epoch === epoch && known.cursor > next;

function notesOf(
  { state }: Session,
  { epoch, changes, next, until, chain }: Omit<ChangesPage, 'wanted'>,
): Note[] {
  const pulling = next < until ? { until } : undefined;
  const known = chain && {
    known: furtherOf(state.standing.known, { epoch, cursor: until, chain }),
  };
  return [
    ...changes.map(({ node, entry }) => ({ type: 'remote', node, entry }) as const),
    { type: 'standing', standing: { epoch, cursor: next, pulling, ...known } },
  ];
}

/** Of the newest small contents, so many bytes are kept at hand. */
const PUSHED = 8 * 1024 * 1024;

/** Small contents at hand, the newest of them: whoever needs one soon need not ask for it. */
export function keepPushed({ pushed }: Session, chunks: readonly Chunk[]): void {
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
