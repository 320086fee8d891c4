import Type, { type Static } from 'typebox';
import type { Chunk } from '../core/chunk.ts';
import { chunkFromWire, chunkToWire, InlineChunk } from './inline-chunk.ts';
import { MAX_COMMIT_CHANGES } from './limits.ts';
import {
  type RemoteChange,
  remoteChangeFromWire,
  remoteChangeToWire,
  WireRemoteChange,
} from './remote-change.ts';
import { Chain, Cursor, Epoch } from './scalar.ts';

/**
 * A commit as it is pushed to the other clients: the changes after `since` up to `cursor`, with
 * small contents.
 */
export const WirePushed = Type.Object({
  epoch: Epoch,
  since: Cursor,
  cursor: Cursor,
  chain: Chain,
  changes: Type.Array(WireRemoteChange, { maxItems: MAX_COMMIT_CHANGES }),
  chunks: Type.Array(InlineChunk, { maxItems: MAX_COMMIT_CHANGES }),
});
export type WirePushed = Static<typeof WirePushed>;

export interface Pushed {
  readonly epoch: string;
  readonly since: number;
  readonly cursor: number;
  /** The name of the history up to `cursor`. */
  readonly chain: string;
  readonly changes: readonly RemoteChange[];
  readonly chunks: readonly Chunk[];
}

export const pushedToWire = ({
  epoch,
  since,
  cursor,
  chain,
  changes,
  chunks,
}: Pushed): WirePushed => ({
  epoch,
  since,
  cursor,
  chain,
  changes: changes.map(remoteChangeToWire),
  chunks: chunks.map(chunkToWire),
});

/** Throws Failure `bad_request` for chunks that are not base64. */
export const pushedFromWire = ({
  epoch,
  since,
  cursor,
  chain,
  changes,
  chunks,
}: WirePushed): Pushed => ({
  epoch,
  since,
  cursor,
  chain,
  changes: changes.map(remoteChangeFromWire),
  chunks: chunks.map(chunkFromWire),
});
