import { decide } from './decide.ts';
import { offer } from './offer.ts';
import { ApiFailure } from './ports.ts';
import { pull } from './pull.ts';
import type { Session } from './session.ts';
import { unite } from './unite.ts';

/**
 * In the middle of a long look at much that is new: what was seen by now is offered, so that the server and the others
 * have it while the rest is read. Only where nothing waits to be carried out here, which comes first in a round. What
 * the server cannot do now is for the round itself to tell, when all that there is on the disk has been recorded.
 */
export async function offerMeanwhile(session: Session): Promise<void> {
  try {
    await pull(session);
    unite(session);
    const decision = decide(session);
    if (decision.steps.length === 0) await offer(session, decision, new Set());
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
  }
}
