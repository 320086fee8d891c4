import type { Session } from './session.ts';
import { sameVersioned } from './state/layers.ts';
import { visibleRemote } from './visible-remote.ts';

/**
 * How many nodes this disk lacks, of what the server has as far as the remote tree knows: what both do not agree on, and what
 * cannot be here. What is ignored here is outside (rule S1). Costs what differs.
 */
export function countLacking(session: Session): number {
  const { state, problems } = session;
  const remote = visibleRemote(session);
  const open = state
    .changed()
    .filter((node) => !sameVersioned(remote.get(node), state.synced.get(node)));
  const beyond = problems.all().filter(({ code }) => code === 'unrepresentable');
  return open.length + beyond.length;
}
