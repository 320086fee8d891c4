import type { Change } from '../core/change.ts';
import { difference } from '../core/difference.ts';
import type { NodeId } from '../core/entry.ts';
import { offerOf } from '../core/offer.ts';
import { orderOffer } from '../core/order-offer.ts';
import type { Answer } from '../protocol/commit.ts';
import { ahead } from './ahead.ts';
import type { Decision } from './decide.ts';
import { manifestsOf, originsOf, withOrigins } from './merged-from.ts';
import type { OfferStep } from './offer-step.ts';
import { offerable } from './offerable.ts';
import { pathHere } from './path-here.ts';
import { DiskError, type Path } from './ports.ts';
import { recordAccepted } from './record-accepted.ts';
import { recordRefused } from './record-refused.ts';
import type { Progress, Session } from './session.ts';
import { upload } from './upload.ts';

export interface Offered {
  readonly commits: number;
  /** Changes that were refused and may be taken after another look at the server. */
  readonly refused: number;
  /** Directories that are not what they were: to be looked at before the next round. */
  readonly dirty: readonly Path[];
}

/**
 * Of one commit, so that a first sync streams: others see the first files while the last are sent. The first of an offer has
 * at most `first` changes, each further one twice as many: of many small files the others begin sooner, and so end sooner.
 */
const COMMIT = { first: 250, changes: 1000, bytes: 32 * 1024 * 1024 };

/**
 * Sends what the server does not have yet, as commits of which each is valid by itself (C3). A file
 * that somebody writes to just now waits for the next round; the others do not wait for it.
 */
export async function offer(
  session: Session,
  decision: Decision,
  held: ReadonlySet<NodeId>,
): Promise<Offered> {
  const out = new Set(held);
  const dirty: Path[] = [];
  for (let commits = 0; ; ) {
    try {
      for await (const answer of offerAll(session, decision, out)) {
        if (answer.refused > 0) return { commits, refused: answer.refused, dirty };
        commits += 1;
      }
      return { commits, refused: 0, dirty };
    } catch (error) {
      if (!(error instanceof Unsent)) throw error;
      out.add(error.node);
      dirty.push(error.path.slice(0, -1));
    }
  }
}

/** Commit by commit, until one is refused. */
async function* offerAll(
  session: Session,
  { target, remote, nodes }: Decision,
  held: ReadonlySet<NodeId>,
): AsyncIterable<{ readonly refused: number }> {
  const all = difference(remote, target, nodes);
  const steps = offerable(session, { steps: all, held, remote, target });
  const progress = new SendingProgress(session, steps);
  const groups = commitsOf(orderOffer(steps, { remote, target }));
  // While one commit is under way, the contents of the next one go ahead of it.
  for await (const [group, brought] of ahead(groups, (one) => contents(session, one, []))) {
    rememberGone(session, group);
    const { answer, changes } = await send(session, group, brought);
    if (answer.type !== 'accepted') {
      yield { refused: recordRefused(session, group, answer) };
      return;
    }
    recordAccepted(session, { changes, answer, steps: group });
    progress.add(group);
    yield { refused: 0 };
  }
}

/**
 * Durably, before anybody hears of it. What was moved while it was looked at may have read as gone: found later, it is new.
 * If a power loss took that it was gone, it would be known by its inode, and its deletion, our own, would be another's (D02).
 */
function rememberGone({ state }: Session, steps: readonly OfferStep[]): void {
  if (steps.some(({ after }) => after === undefined)) state.sync();
}

/** Something that is to be sent is no longer what was observed of it. */
class Unsent extends Error {
  readonly node: NodeId;
  readonly path: Path;
  constructor(node: NodeId, path: Path, options: ErrorOptions) {
    super(`${path.join('/')} is not what it was`, options);
    this.name = 'Unsent';
    this.node = node;
    this.path = path;
  }
}

/** How far sending is. */
class SendingProgress {
  readonly #session: Session;
  readonly #filesTotal: number;
  readonly #bytesTotal: number;
  #files = 0;
  #bytes = 0;

  constructor(session: Session, steps: readonly OfferStep[]) {
    this.#session = session;
    this.#filesTotal = steps.length;
    this.#bytesTotal = sizeOfAll(steps);
  }

  add(steps: readonly OfferStep[]): void {
    this.#files += steps.length;
    this.#bytes += sizeOfAll(steps);
    const [files, bytes] = [this.#files, this.#bytes];
    const [filesTotal, bytesTotal] = [this.#filesTotal, this.#bytesTotal];
    const progress: Progress = { step: 'upload', files, filesTotal, bytes, bytesTotal };
    this.#session.listener.progressed(progress);
  }
}

const sizeOfAll = (steps: readonly OfferStep[]): number =>
  steps.reduce((sum, step) => sum + sizeOf(step), 0);

const sizeOf = ({ before, after }: OfferStep): number => {
  if (after?.kind !== 'file') return 0;
  return before?.kind === 'file' && before.checksum === after.checksum ? 0 : after.size;
};

function* commitsOf(groups: readonly OfferStep[][]): Iterable<OfferStep[]> {
  let commit: OfferStep[] = [];
  let bytes = 0;
  let most = COMMIT.first;
  for (const group of groups) {
    const size = sizeOfAll(group);
    const isFull = commit.length + group.length > most || bytes + size > COMMIT.bytes;
    if (commit.length > 0 && isFull) {
      yield commit;
      most = Math.min(2 * most, COMMIT.changes);
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

/** The contents were brought first; now the commit that names them. What the server lacks in spite of that is sent again. */
async function send(
  session: Session,
  steps: readonly OfferStep[],
  brought: Awaited<ReturnType<typeof upload>>,
): Promise<Sent> {
  const key = session.newId();
  let { chunks, ...more } = brought;
  let insist: readonly string[] = [];
  let changes: readonly Change[] = [];
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const origins = originsOf(session.state, steps, new Set(insist));
    changes = steps.map((step) => withOrigins(offerOf(step), origins.get(step.node)));
    if (attempt > 0) ({ chunks, ...more } = await contents(session, steps, insist));
    const manifests = [...more.manifests, ...manifestsOf(origins)];
    for (const { node, after } of steps) session.unanswered.set(node, after);
    const { known } = session.state.standing;
    const { bases } = more;
    const answer = await session.api.commit({ key, known, changes, manifests, bases, chunks });
    session.unanswered.clear();
    if (answer.type !== 'missing') return { answer, changes };
    insist = answer.chunks;
  }
  return { answer: { type: 'missing', chunks: insist }, changes };
}

async function contents(
  session: Session,
  steps: readonly OfferStep[],
  insist: readonly string[],
): ReturnType<typeof upload> {
  try {
    return await upload(session, steps, insist);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    const path = error.path.join('/');
    const step = steps.find(({ node }) => pathHere(session, node) === path);
    throw step === undefined ? error : new Unsent(step.node, error.path, { cause: error });
  }
}
