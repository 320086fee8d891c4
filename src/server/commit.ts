import type { Change } from '../core/change.ts';
import type { Manifest } from '../core/chunk.ts';
import type { NodeId } from '../core/entry.ts';
import { Failure, type FailureCode } from '../protocol/failure.ts';
import type { Point } from '../protocol/point.ts';
import { accept, type Limits } from './accept.ts';
import { ChunkMismatch } from './pack-verify.ts';
import type { Packs } from './packs.ts';
import type {
  ChunkPlace,
  Clock,
  FolderName,
  HistoryRecord,
  MetadataStore,
  Notifier,
} from './ports.ts';
import { ObjectFailure } from './ports.ts';

export interface CommitInput {
  readonly clientId: string;
  readonly clientName: string;
  /** The same for every try of the same commit. */
  readonly key: string;
  /** Of the history that the changes were made for; undefined: whatever the folder's is. */
  readonly epoch: string | undefined;
  /** The furthest point that they were made in sight of; undefined: none is to be one of the folder's. */
  readonly known?: Point | undefined;
  readonly changes: readonly Change[];
  /** Of contents of several chunks. */
  readonly manifests: readonly Manifest[];
  /** Small ones that came along. */
  readonly chunks: readonly SentChunk[];
  /** For the history: `sync`, `upload`, … */
  readonly cause: string;
}

export interface SentChunk {
  readonly hash: string;
  readonly size: number;
  readonly bytes: Uint8Array;
}

export interface RefusedChange {
  readonly node: NodeId;
  readonly code: FailureCode;
  readonly message: string;
}

export type CommitOutcome =
  /** `records` is empty when the same key was answered before. */
  | {
      readonly type: 'accepted';
      readonly epoch: string;
      readonly first: number;
      readonly last: number;
      /** The name of the history up to `last`. */
      readonly chain: string;
      readonly records: readonly HistoryRecord[];
    }
  | { readonly type: 'refused'; readonly refusals: readonly RefusedChange[] }
  | { readonly type: 'missing'; readonly chunks: readonly string[] };

/** What was stored, for those who listen. */
export interface Committed {
  readonly epoch: string;
  /** The name of the history up to the last record. */
  readonly chain: string;
  readonly records: readonly HistoryRecord[];
  /** Small contents that came with the commit. */
  readonly chunks: readonly SentChunk[];
}

export interface Committer {
  /**
   * Stores changes together or none of them; durable when it resolves. A repeated key gets the first
   * answer. Throws Failure `wrong_epoch`, `checksum_mismatch`, `disk_full`, `unavailable`.
   */
  commit(input: CommitInput): Promise<CommitOutcome>;
  /** Resolves when nothing is under way any more. */
  drain(): Promise<void>;
}

export interface CommitterParts {
  readonly metadata: MetadataStore;
  readonly packs: Packs;
  readonly notifier: Notifier;
  readonly clock: Clock;
  readonly folder: FolderName;
  readonly limits: Limits;
  /** Told of each commit, in the order of cursors, after it is durable. */
  readonly onCommitted: (committed: Committed) => void;
}

interface Waiting {
  readonly input: CommitInput;
  readonly resolve: (outcome: CommitOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** Of commits that are stored with one sync of the packs and one of the database. */
const GROUP = 64;

/**
 * Where every change of the folder goes through. Commits that come while others are being stored wait
 * and are stored together (group commit); each is judged by itself, one after another.
 */
export function createCommitter(parts: CommitterParts): Committer {
  const waiting: Waiting[] = [];
  let working: Promise<void> | undefined;

  const work = async (): Promise<void> => {
    while (waiting.length > 0) await storeGroup(parts, waiting.splice(0, GROUP));
    working = undefined;
  };

  return {
    commit: (input) =>
      new Promise((resolve, reject) => {
        waiting.push({ input, resolve, reject });
        working ??= Promise.resolve().then(work);
      }),
    drain: async () => {
      while (working !== undefined) await working;
    },
  };
}

async function storeGroup(parts: CommitterParts, group: readonly Waiting[]): Promise<void> {
  const stored = await Promise.all(group.map((one) => storeChunks(parts, one)));
  const ready = stored.filter((one) => one !== undefined);
  if (ready.length === 0) return;
  try {
    const outcomes = await storeChanges(parts, ready);
    for (const [index, { one }] of ready.entries()) announce(parts, one, outcomes[index]);
  } catch (error) {
    for (const { one } of ready) one.reject(failureOf(error));
  }
}

interface Ready {
  readonly one: Waiting;
  readonly places: readonly ChunkPlace[];
}

/** The bytes come first: rows must never name what is not durable (E13). */
async function storeChunks({ packs }: CommitterParts, one: Waiting): Promise<Ready | undefined> {
  const { chunks } = one.input;
  try {
    return { one, places: chunks.length === 0 ? [] : await packs.append(chunks) };
  } catch (error) {
    one.reject(failureOf(error));
    return undefined;
  }
}

type Outcome = CommitOutcome | Failure;

async function storeChanges(parts: CommitterParts, group: readonly Ready[]): Promise<Outcome[]> {
  const { metadata, folder, limits, clock } = parts;
  return await metadata.transaction(folder, async (tx) => {
    const outcomes: Outcome[] = [];
    const places = group.flatMap((one) => one.places);
    if (places.length > 0) await tx.addChunks(places);
    for (const { one } of group) {
      outcomes.push(await accept(tx, { input: one.input, limits, now: clock.now() }));
    }
    return outcomes;
  });
}

function announce(parts: CommitterParts, one: Waiting, outcome: Outcome | undefined): void {
  if (outcome === undefined) throw new Error('A commit was stored without an outcome.');
  if (outcome instanceof Failure) {
    one.reject(outcome);
    return;
  }
  one.resolve(outcome);
  if (outcome.type !== 'accepted' || outcome.records.length === 0) return;
  const { epoch, chain, records } = outcome;
  parts.onCommitted({ epoch, chain, records, chunks: one.input.chunks });
  parts.notifier.notify(parts.folder, outcome.last);
}

function failureOf(cause: unknown): unknown {
  if (cause instanceof ChunkMismatch) return new Failure('checksum_mismatch', undefined, { cause });
  if (!(cause instanceof ObjectFailure)) return cause;
  return new Failure(cause.code === 'full' ? 'disk_full' : 'unavailable', undefined, { cause });
}
