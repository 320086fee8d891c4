import Type, { type Static } from 'typebox';
import type { Change } from '../core/change.ts';
import type { Chunk, Manifest } from '../core/chunk.ts';
import { MAX_WHOLE_SIZE } from '../core/cut.ts';
import { changeFromWire, changeToWire, WireChange } from './change.ts';
import { Failure } from './failure.ts';
import { chunkFromWire, chunkToWire, InlineChunk } from './inline-chunk.ts';
import { MAX_COMMIT_CHANGES, MAX_HASHES } from './limits.ts';
import { manifestFromWire, manifestToWire, WireManifest } from './manifest.ts';
import { Point } from './point.ts';
import { Chain, ClientId, Cursor, Epoch, NodeId, Sha256 } from './scalar.ts';

/** Changes to be stored together, or not at all. */
export const CommitRequest = Type.Object(
  {
    client_id: ClientId,
    key: Type.String({
      title: 'a key: 1 to 128 of A-Z, a-z, 0-9, _ and -',
      description:
        'The same for every try of the same commit: a repeated one gets the first one’s answer.',
      pattern: '^[A-Za-z0-9_-]{1,128}$',
    }),
    epoch: Epoch,
    known: Type.Optional(Point),
    changes: Type.Array(WireChange, { minItems: 1, maxItems: MAX_COMMIT_CHANGES }),
    manifests: Type.Array(WireManifest, { maxItems: MAX_COMMIT_CHANGES }),
    chunks: Type.Array(InlineChunk, { maxItems: MAX_HASHES }),
  },
  { additionalProperties: false },
);
export type CommitRequest = Static<typeof CommitRequest>;

/** The changes have the cursors from `first` to `last`, in their order. */
export const Accepted = Type.Object({
  type: Type.Literal('accepted'),
  epoch: Epoch,
  first: Cursor,
  last: Cursor,
  chain: Chain,
});
export type Accepted = Static<typeof Accepted>;

export const Refusal = Type.Object({
  node: NodeId,
  code: Type.String({ description: 'An error code.' }),
  retry: Type.Boolean({ description: 'Whether to pull and offer the change again.' }),
  message: Type.String(),
});
export type Refusal = Static<typeof Refusal>;

/** Nothing was stored, because of these changes. */
export const Refused = Type.Object({
  type: Type.Literal('refused'),
  refusals: Type.Array(Refusal, { minItems: 1 }),
});
export type Refused = Static<typeof Refused>;

/** Nothing was stored: send these chunks, and offer the same again. */
export const ChunksMissing = Type.Object({
  type: Type.Literal('missing'),
  chunks: Type.Array(Sha256, { minItems: 1 }),
});
export type ChunksMissing = Static<typeof ChunksMissing>;

/** Nothing was stored: manifests were told by those of these contents, which the server lacks. Offer the same with whole ones. */
export const BasesMissing = Type.Object({
  type: Type.Literal('unknown'),
  bases: Type.Array(Sha256, { minItems: 1 }),
});
export type BasesMissing = Static<typeof BasesMissing>;

/** The answers of status 409. */
export const NotCommitted = Type.Union([Refused, ChunksMissing, BasesMissing]);
export const CommitAnswer = Type.Union([Accepted, Refused, ChunksMissing, BasesMissing]);
export type CommitAnswer = Static<typeof CommitAnswer>;

export interface Commit {
  readonly clientId: string;
  readonly key: string;
  readonly epoch: string;
  /** Undefined: the client has seen nothing of the history. */
  readonly known?: Point | undefined;
  readonly changes: readonly Change[];
  readonly manifests: readonly Manifest[];
  readonly chunks: readonly Chunk[];
}

/** `CommitAnswer`, with a cursor for each change; manifests that were not understood are told whole before it gets here. */
export type Answer =
  | {
      readonly type: 'accepted';
      readonly epoch: string;
      readonly cursors: readonly number[];
      /** The name of the history up to the last of them. */
      readonly chain: string;
    }
  | { readonly type: 'refused'; readonly refusals: readonly Refusal[] }
  | { readonly type: 'missing'; readonly chunks: readonly string[] };

/** `bases`: manifests that the server should have, by which others are told. */
export const commitToWire = (commit: Commit, bases: readonly Manifest[] = []): CommitRequest => ({
  client_id: commit.clientId,
  key: commit.key,
  epoch: commit.epoch,
  ...(commit.known !== undefined && { known: commit.known }),
  changes: commit.changes.map(changeToWire),
  manifests: commit.manifests.map((one) => manifestToWire(one, bases)),
  chunks: commit.chunks.map(chunkToWire),
});

/**
 * `bases`: as for `manifestFromWire`. Throws Failure `bad_request` for manifests that do not add up, or are of small contents, and for chunks that are not
 * base64.
 */
export const commitFromWire = (
  request: CommitRequest,
  bases: ReadonlyMap<string, Manifest> = new Map(),
): Commit => ({
  clientId: request.client_id,
  key: request.key,
  epoch: request.epoch,
  known: request.known,
  changes: request.changes.map(changeFromWire),
  manifests: request.manifests.map((one) => manifestFromWire(one, bases)).map(mustBeLarge),
  chunks: request.chunks.map(chunkFromWire),
});

/** For everybody a small content is one chunk: nobody asks for its manifest, and so nobody could read it. */
function mustBeLarge(manifest: Manifest): Manifest {
  if (manifest.size > MAX_WHOLE_SIZE) return manifest;
  const limit = `${MAX_WHOLE_SIZE / 1024} KiB`;
  throw new Failure(
    'bad_request',
    `${manifest.checksum} has at most ${limit}: it is one chunk, and has no manifest.`,
  );
}

/**
 * `changes`: how many the commit had. Throws Failure `bad_request` when the cursors are not as
 * many.
 */
export function answerFromWire(answer: CommitAnswer, changes: number): Answer {
  if (answer.type === 'unknown') {
    throw new Failure('bad_request', 'The answer misses manifests that nothing was told by.');
  }
  if (answer.type !== 'accepted') return answer;
  const { type, epoch, first, last, chain } = answer;
  if (last - first + 1 !== changes) {
    throw new Failure('bad_request', 'The answer has not one cursor for each change.');
  }
  const cursors = Array.from({ length: changes }, (_, at) => first + at);
  return { type, epoch, cursors, chain };
}
