import { type Twin, twins } from '../core/twins.ts';
import type { Session } from './session.ts';
import { visibleRemote } from './visible-remote.ts';

/** Rule M1: what is new here and new there under one name is one node; it gets the server's id. */
export function unite(session: Session): void {
  const found = twinsIn(session);
  if (found.length > 0) session.state.record(found.map((twin) => ({ type: 'adopt', ...twin })));
}

export function twinsIn(session: Session): readonly Twin[] {
  const { synced, local } = session.state;
  const changed = session.state.changed();
  return twins({ synced, local, remote: visibleRemote(session), changed });
}
