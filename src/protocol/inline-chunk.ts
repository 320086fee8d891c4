import Type, { type Static } from 'typebox';
import type { Chunk } from '../core/chunk.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { Failure } from './failure.ts';
import { MAX_INLINE } from './limits.ts';
import { Sha256 } from './scalar.ts';

/**
 * A small chunk that travels inside JSON. The receiver verifies the hash: here nothing is hashed.
 */
export const InlineChunk = Type.Object(
  {
    hash: Sha256,
    bytes: Type.String({
      title: 'base64 with padding, of at most 64 KiB',
      description: 'The bytes, in base64 with padding.',
      pattern: '^[A-Za-z0-9+/]*={0,2}$',
      maxLength: Math.ceil(MAX_INLINE / 3) * 4,
    }),
  },
  { additionalProperties: false },
);
export type InlineChunk = Static<typeof InlineChunk>;

export const chunkToWire = ({ hash, bytes }: Pick<Chunk, 'hash' | 'bytes'>): InlineChunk => ({
  hash,
  bytes: toBase64(bytes),
});

/** Throws Failure `bad_request` for what is not base64. */
export function chunkFromWire({ hash, bytes: text }: InlineChunk): Chunk {
  const bytes = fromBase64(text);
  if (bytes === undefined)
    throw new Failure('bad_request', `The bytes of chunk ${hash} are not base64.`);
  return { hash, size: bytes.length, bytes };
}
