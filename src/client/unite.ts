import { twins } from '../core/twins.ts';
import type { Session } from './session.ts';
import { visibleRemote } from './visible-remote.ts';

/** Rule M1: what is new here and new there under one name is one node; it gets the server's id. */
export function unite(session: Session): void {
  const { state } = session;
  const { synced, local } = state;
  const found = twins({ synced, local, remote: visibleRemote(session), changed: state.changed() });
  if (found.length > 0) state.record(found.map((twin) => ({ type: 'adopt', ...twin })));
}
