import { ROOT } from '../core/entry.ts';
import { below } from '../core/tree.ts';
import type { Welcome } from './introduction.ts';
import { ApiFailure, type Note } from './ports.ts';
import type { Session } from './session.ts';

/**
 * Once for every connection: who we are, and what the server is. A history that we do not know is begun
 * anew (S5). Where a copy of this client is at work under the same id, this one takes another (S20): its
 * trees and its cursor are about the server, and stay.
 */
export async function introduce(session: Session): Promise<void> {
  if (session.welcome !== undefined) return;
  const { state } = session;
  const welcome = await registerAlone(session);
  const isOther = isOtherHistory(session, welcome);
  if (isOther) refuseOtherServer(session);
  const { nextToken: token } = state.standing;
  const { server = state.standing.server } = session.settings;
  state.record([{ type: 'standing', standing: { token, nextToken: undefined, server } }]);
  if (isOther) beginAnew(session, welcome.epoch);
  else state.record([{ type: 'standing', standing: { epoch: welcome.epoch } }]);
  session.behind = true;
  session.welcome = welcome;
  session.wanted.answered = 0;
}

async function registerAlone(session: Session): Promise<Welcome> {
  try {
    return await register(session);
  } catch (error) {
    if (!(error instanceof ApiFailure) || error.code !== 'cloned') throw error;
    const clientId = session.newId();
    const unknown = { token: undefined, nextToken: undefined };
    // Said first: once it is recorded nothing tells any more that there was something to say.
    session.listener.warned?.(CLONED);
    session.state.record([{ type: 'standing', standing: { clientId, ...unknown } }]);
    return await register(session);
  }
}

const CLONED =
  'A copy of this client is at work under the same id, or an older state of it was put back. ' +
  'This one goes on under a new id; nothing is lost, and nothing has to be done.';

/** What it is called next is recorded before it is said: asked again after a lost answer, it says the same. */
async function register({ api, state, settings, newId }: Session): Promise<Welcome> {
  if (state.standing.nextToken === undefined)
    state.record([{ type: 'standing', standing: { nextToken: newId() } }]);
  const { clientId, cursor, known, token: last, nextToken: next = '' } = state.standing;
  const { clientName: name, syncRoot } = settings;
  return await api.register({ clientId, name, syncRoot, cursor, known, identity: { last, next } });
}

/** Another epoch, or a server that does not know what we have from it: it was set up anew, or put back in time. */
function isOtherHistory({ state }: Session, { epoch, cursor, knows }: Welcome): boolean {
  const { standing } = state;
  const reached = Math.max(standing.cursor, standing.pulling?.until ?? 0);
  return standing.epoch !== undefined && (standing.epoch !== epoch || cursor < reached || !knows);
}

/**
 * Rule S19: another history at another address is another server, and what is here was never meant for it
 * (B19). The same history at another address has only moved.
 */
function refuseOtherServer({ state, settings }: Session): void {
  const { server: before } = state.standing;
  const { server: now } = settings;
  if (before === undefined || now === undefined || before === now) return;
  const message =
    `This directory was synchronized with ${before}; the server at ${now} is another one. Nothing is ` +
    `sent there and nothing taken from it. Name ${before} again in the configuration, or, to unite what is ` +
    'here with what is there, start with --reset.';
  throw new ApiFailure('other_server', message, { retry: false });
}

/**
 * Forgets what was agreed, never what is here: everything local is then new, everything on the
 * server too, and what is equal is united. So nothing is deleted on either side.
 */
function beginAnew({ state, listener }: Session, epoch: string): void {
  const nodes = new Set([...below(state.synced, ROOT), ...below(state.remote, ROOT)]);
  const notes: Note[] = [...nodes].flatMap((node) => [
    { type: 'remote', node, entry: undefined },
    { type: 'synced', node, entry: undefined },
  ]);
  const standing = { epoch, cursor: 0, pulling: undefined, known: undefined };
  listener.warned?.(ANEW);
  state.record([...notes, { type: 'standing', standing }]);
}

const ANEW =
  'The server has another history than before: it was set up anew, or put back in time. This client ' +
  'begins anew with it: nothing is deleted on either side, equal files are united, others kept beside.';
