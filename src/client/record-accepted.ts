import { type Change, operationOf } from '../core/change.ts';
import type { Versioned } from '../core/entry.ts';
import { pathOf } from '../core/tree.ts';
import type { Answer } from '../protocol/commit.ts';
import type { OfferStep } from './offer-step.ts';
import type { Note } from './ports.ts';
import { furtherOf } from './pull.ts';
import type { Session } from './session.ts';

interface Accepted {
  readonly changes: readonly Change[];
  readonly steps: readonly OfferStep[];
  readonly answer: Extract<Answer, { type: 'accepted' }>;
}

/**
 * Rule C2: synced takes exactly the fields offered, with the versions given for them; never the
 * server's present state, which may hold somebody else's edit (X6).
 */
export function recordAccepted(session: Session, { changes, steps, answer }: Accepted): void {
  const { state, settings } = session;
  const happenings = steps.map((step) => happeningOf(session, step));
  const notes: Note[] = [];
  for (const [index, change] of changes.entries()) {
    const cursor = answer.cursors[index];
    const after = steps[index]?.after;
    if (cursor === undefined) throw new Error('An accepted commit has a cursor for each change.');
    const stamp = { change, cursor, author: settings.clientName };
    const { node } = change;
    notes.push({ type: 'synced', node, entry: stamped(state.synced.get(node), after, stamp) });
    notes.push({ type: 'remote', node, entry: stamped(state.remote.get(node), after, stamp) });
    if (state.made(node) !== undefined && !isMoveOnly(change))
      notes.push({ type: 'merged', node, made: undefined });
  }
  state.record([...notes, ...advance(session, answer)]);
  for (const { node } of changes) {
    session.problems.clear(node);
    session.refused.delete(node);
  }
  for (const happening of happenings) session.listener.happened(happening);
}

const isMoveOnly = (change: Change): boolean =>
  change.type === 'update' && change.content === undefined;

interface Stamp {
  readonly change: Change;
  readonly cursor: number;
  readonly author: string;
}

function stamped(
  before: Versioned | undefined,
  after: OfferStep['after'],
  { change, cursor, author }: Stamp,
): Versioned | undefined {
  if (change.type === 'delete' || after === undefined) return undefined;
  const isNew = change.type === 'create' || before === undefined;
  if (isNew) return { ...after, placeVersion: cursor, contentVersion: cursor, author };
  const content = change.content === undefined ? before : after;
  const place = change.place === undefined ? before : after;
  return {
    ...content,
    parent: place.parent,
    name: place.name,
    placeVersion: change.place === undefined ? before.placeVersion : cursor,
    contentVersion: change.content === undefined ? before.contentVersion : cursor,
    author: change.content === undefined ? before.author : author,
  };
}

/** When nobody else committed in between, the remote tree is at the new cursor without asking. */
function advance(session: Session, { cursors, epoch, chain }: Accepted['answer']): Note[] {
  const { cursor, pulling, known: before } = session.state.standing;
  const last = cursors.at(-1);
  if (last === undefined) return [];
  const known = furtherOf(before, { epoch, cursor: last, chain });
  const isNext = pulling === undefined && cursors[0] === cursor + 1;
  if (!isNext) session.behind = true;
  return [{ type: 'standing', standing: { known, ...(isNext && { epoch, cursor: last }) } }];
}

function happeningOf(
  { state }: Session,
  { node, before, after }: OfferStep,
): Parameters<Session['listener']['happened']>[0] {
  const operation = operationOf({ before, after });
  const oldPath = pathOf(state.remote, node)?.join('/');
  const path = pathOf(state.local, node)?.join('/') ?? oldPath ?? node;
  const size = after?.kind === 'file' ? after.size : 0;
  const moved = operation === 'move' && oldPath !== undefined;
  return { direction: 'sent', operation, path, size, ...(moved && { oldPath }) };
}
