import { below } from '../core/tree.ts';
import type { Answer } from '../protocol/commit.ts';
import type { OfferStep } from './offer-step.ts';
import { pathHere } from './path-here.ts';
import type { Note } from './ports.ts';
import { LONGEST } from './problem.ts';
import type { Session } from './session.ts';

type Refused = Exclude<Answer, { type: 'accepted' }>;

/**
 * What the server would not take. Most refusals are settled by the next round's pull and merge; the
 * others become problems of their paths, and so does what is refused once more although the server
 * has nothing new (something that is hidden here has the name). Answers how many may be offered again.
 */
export function recordRefused(
  session: Session,
  steps: readonly OfferStep[],
  answer: Refused,
): number {
  session.behind = true;
  if (answer.type === 'missing') return steps.length;
  // What only a person or the server's settings can lift is offered again as late as may be.
  const until = session.clock.now() + LONGEST;
  const { cursor } = session.state.standing;
  for (const { node, code, retry, message } of answer.refusals) {
    if (code === 'exists' && session.state.remote.get(node) !== undefined) renew(session, node);
    else if (!retry || session.refused.get(node) === cursor)
      session.problems.set(node, { path: pathHere(session, node), code, message }, until);
    else session.refused.set(node, cursor);
  }
  return steps.length;
}

/**
 * The server has a node of this id where this client does not look (an ignored place): what is here
 * goes its own way, as a new node, with all that is below it.
 */
function renew({ state, newId }: Session, node: string): void {
  if (state.local.get(node) === undefined) return; // Renewed with the directory it is in.
  const nodes = [node, ...below(state.local, node)];
  const notes = nodes.flatMap((old): Note[] => [
    { type: 'synced', node: old, entry: undefined },
    { type: 'adopt', node: old, to: newId() },
  ]);
  state.record(notes);
}
