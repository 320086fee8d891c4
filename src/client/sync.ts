import { type Arrivals, arrivalsIn } from './arrivals.ts';
import { type CarriedOut, carryOut } from './carry-out.ts';
import { checkRoot } from './check-root.ts';
import { decide } from './decide.ts';
import { dropSecondNames } from './drop-second-names.ts';
import { giveBack } from './give-back.ts';
import { heed } from './heed.ts';
import { beginDurable } from './make-durable.ts';
import { meanwhile } from './meanwhile.ts';
import { mergeContents } from './merge-contents.ts';
import { offer } from './offer.ts';
import type { Path } from './ports.ts';
import { pull } from './pull.ts';
import { putBack } from './put-back.ts';
import { readIgnore } from './read-ignore.ts';
import { scan } from './scan.ts';
import type { Session, Where } from './session.ts';
import { unite } from './unite.ts';

/** What a round came to. */
export interface Round {
  /** Nothing was left to do: another round would do nothing. */
  readonly rest: boolean;
  /** Directories to look at before the next round. */
  readonly dirty: readonly Path[];
}

/**
 * One round: observe, decide, carry out, offer. Safe to repeat and safe to interrupt anywhere: it
 * stores what it saw, never what it meant to do. Throws ApiFailure when the server cannot be asked;
 * what was seen of the disk is recorded by then.
 */
export async function syncOnce(session: Session, where: Where): Promise<Round> {
  await checkRoot(session);
  beginDurable(session);
  await putBack(session);
  const wider = (await readIgnore(session)) ? 'everything' : where;
  const { unsettled } = await scan(session, wider, meanwhile(session));
  await pull(session);
  const part = arrivalsIn(session);
  const unsure = part === undefined ? await settleBefore(session) : [];

  const decision = heed(session, decide(session, part));
  const done = await carryOut(session, decision);
  noteArrived(session, part, done);
  const sent = await offer(session, decision, done.held);
  const given = await giveBack(session);
  const isAll = part === undefined;
  const rest = isAll && done.steps === 0 && sent.commits === 0 && sent.refused === 0 && given === 0;
  return { rest, dirty: [...unsettled, ...unsure, ...done.dirty, ...sent.dirty] };
}

/** What has to be settled before anything is decided, where something changed here too. */
async function settleBefore(session: Session): Promise<readonly Path[]> {
  await dropSecondNames(session);
  const unsure = await mergeContents(session);
  unite(session);
  return unsure;
}

/** Where little came of a part, the next one is larger: what cannot be here stays in its way. */
function noteArrived(
  { arriving }: Session,
  part: Arrivals | undefined,
  { steps, received }: CarriedOut,
): void {
  if (part === undefined) {
    Object.assign(arriving, { factor: 1, files: 0, bytes: 0 });
    return;
  }
  arriving.factor = 2 * steps < part.nodes.length ? 2 * arriving.factor : 1;
  arriving.files += received.files;
  arriving.bytes += received.bytes;
}
