import type { Change } from '../core/change.ts';
import { difference } from '../core/difference.ts';
import type { NodeId } from '../core/entry.ts';
import { offerOf } from '../core/offer.ts';
import { orderOffer } from '../core/order-offer.ts';
import type { Decision } from './decide.ts';
import type { OfferStep } from './offer-step.ts';
import { offerable } from './offerable.ts';
import { type Answer, DiskError } from './ports.ts';
import { recordAccepted } from './record-accepted.ts';
import { recordRefused } from './record-refused.ts';
import { type Session, Stale } from './session.ts';
import { upload } from './upload.ts';

export interface Offered {
  readonly commits: number;
  /** Changes that were refused and may be taken after another look at the server. */
  readonly refused: number;
}

/** Of one commit, so that a first sync streams: others see the first files while the last are sent. */
const COMMIT = { changes: 1000, bytes: 32 * 1024 * 1024 };

/** Sends what the server does not have yet, as commits of which each is valid by itself (C3). */
export async function offer(
  session: Session,
  { target, remote, nodes }: Decision,
  held: ReadonlySet<NodeId>,
): Promise<Offered> {
  const all = difference(remote, target, nodes);
  const steps = offerable(session, { steps: all, held, target });
  const total = { files: steps.length, bytes: steps.reduce((sum, step) => sum + sizeOf(step), 0) };
  const done = { files: 0, bytes: 0 };
  let commits = 0;
  for (const group of commitsOf(orderOffer(steps, { remote, target }))) {
    const { answer, changes } = await send(session, group);
    if (answer.type !== 'accepted')
      return { commits, refused: recordRefused(session, group, answer) };
    recordAccepted(session, { changes, answer, steps: group });
    commits += 1;
    done.files += group.length;
    done.bytes += group.reduce((sum, step) => sum + sizeOf(step), 0);
    session.listener.progressed({
      step: 'upload',
      files: done.files,
      filesTotal: total.files,
      bytes: done.bytes,
      bytesTotal: total.bytes,
    });
  }
  return { commits, refused: 0 };
}

const sizeOf = ({ before, after }: OfferStep): number => {
  if (after?.kind !== 'file') return 0;
  return before?.kind === 'file' && before.checksum === after.checksum ? 0 : after.size;
};

function* commitsOf(groups: readonly OfferStep[][]): Iterable<OfferStep[]> {
  let commit: OfferStep[] = [];
  let bytes = 0;
  for (const group of groups) {
    const size = group.reduce((sum, step) => sum + sizeOf(step), 0);
    const isFull = commit.length + group.length > COMMIT.changes || bytes + size > COMMIT.bytes;
    if (commit.length > 0 && isFull) {
      yield commit;
      commit = [];
      bytes = 0;
    }
    commit.push(...group);
    bytes += size;
  }
  if (commit.length > 0) yield commit;
}

interface Sent {
  readonly answer: Answer;
  readonly changes: readonly Change[];
}

/** The contents first, then the commit that names them. What the server lacks in spite of that is sent again. */
async function send(session: Session, steps: readonly OfferStep[]): Promise<Sent> {
  const changes = steps.map(offerOf);
  const key = session.newId();
  let insist: readonly string[] = [];
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const { manifests, chunks } = await contents(session, steps, insist);
    const answer = await session.api.commit({ key, changes, manifests, chunks });
    if (answer.type !== 'missing') return { answer, changes };
    insist = answer.chunks;
  }
  return { answer: { type: 'missing', chunks: insist }, changes };
}

/** A file that is no longer what was observed ends the round: it is looked at again. */
async function contents(
  session: Session,
  steps: readonly OfferStep[],
  insist: readonly string[],
): ReturnType<typeof upload> {
  try {
    return await upload(session, steps, insist);
  } catch (error) {
    if (error instanceof DiskError) throw new Stale(error.path, { cause: error });
    throw error;
  }
}
