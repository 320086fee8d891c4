import { decide } from './decide.ts';
import { offer } from './offer.ts';
import { ApiFailure } from './ports.ts';
import { pull } from './pull.ts';
import type { Session } from './session.ts';
import { twinsIn } from './unite.ts';

/**
 * In the middle of a long look at much that is new: what was seen by now is offered, so that the server and the others
 * have it while the rest is read. Only where nothing waits to be carried out here, which comes first in a round, and
 * where nothing is to get another id. Answers whether all ids are what they were: what is still to be recorded names
 * the directory that it is in. What the server cannot do now is for the round itself to tell.
 */
export async function offerMeanwhile(session: Session): Promise<boolean> {
  try {
    await pull(session);
    if (twinsIn(session).length > 0) return true;
    const decision = decide(session);
    if (decision.steps.length > 0) return true;
    const { refused } = await offer(session, decision, new Set());
    return refused === 0;
  } catch (error) {
    if (error instanceof ApiFailure) return true;
    throw error;
  }
}
