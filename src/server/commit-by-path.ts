import type { Change } from '../core/change.ts';
import type { Manifest } from '../core/chunk.ts';
import { FAILURES, Failure, type FailureCode } from '../protocol/failure.ts';
import type { FolderView } from './by-path.ts';
import type { Committer, SentChunk } from './commit.ts';
import type { CommitSpan } from './past.ts';
import type { Clock } from './ports.ts';

/** What is needed to change one folder by its paths. */
export interface FolderPorts extends FolderView {
  readonly committer: Committer;
  readonly clock: Clock;
  /** A random id, never given before: for nodes and for the keys of commits. */
  readonly newId: () => string;
}

/** Whose change it is. */
export interface Author {
  readonly clientId: string;
  readonly clientName: string;
}

export interface PathChange<T> {
  readonly author: Author;
  /** For the history: `upload`, `delete`, … */
  readonly cause: string;
  /** Looks at the folder as it is, and says what to change, or that there is nothing to do. */
  readonly plan: () => Promise<Plan<T>>;
}

export interface Plan<T> {
  /** None: there is nothing to do. */
  readonly changes: readonly Change[];
  readonly manifests?: readonly Manifest[];
  readonly chunks?: readonly SentChunk[];
  readonly result: T;
}

const TRIES = 5;

/** What somebody else's change between the look and the commit is told as. */
const LOOK_AGAIN: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'stale',
  'not_found',
  'exists',
  'wrong_kind',
  'name_taken',
  'parent_missing',
  'ring',
  'not_empty',
]);

/**
 * Commits what the plan says, looking again when the folder changed meanwhile. Throws what the plan
 * throws, a Failure for what the server refuses, and Failure `conflict` when it never holds still.
 */
export const commitByPath = async <T>(ports: FolderPorts, change: PathChange<T>): Promise<T> =>
  (await commitPlan(ports, change)).result;

export interface Carried<T> {
  readonly result: T;
  /** Of the commit; undefined: there was nothing to do. */
  readonly span: CommitSpan | undefined;
}

/** As `commitByPath`, and answers which changes were made. */
export async function commitPlan<T>(
  { committer, newId }: FolderPorts,
  { author, cause, plan }: PathChange<T>,
): Promise<Carried<T>> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const { changes, manifests = [], chunks = [], result } = await plan();
    if (changes.length === 0) return { result, span: undefined };
    const { clientId, clientName } = author;
    const who = { clientId, clientName, key: newId(), epoch: undefined };
    const outcome = await committer.commit({ ...who, changes, manifests, chunks, cause });
    if (outcome.type === 'accepted') {
      return { result, span: { first: outcome.first, last: outcome.last } };
    }
    if (outcome.type === 'missing') throw new Failure('missing_chunks');
    const final = outcome.refusals.find(({ code }) => !LOOK_AGAIN.has(code));
    if (final !== undefined)
      throw new Failure(final.code, final.message || FAILURES[final.code].meaning);
  }
  throw new Failure('conflict', 'Others change this place too quickly; ask again.');
}
