import { hash as digest } from 'node:crypto';
import { constants, zstdDecompressSync } from 'node:zlib';
import type { Chunk, ChunkRef } from '../../core/chunk.ts';
import { inGroups } from '../../core/in-groups.ts';
import { ENGINE_ROUTES } from '../../protocol/engine-routes.ts';
import { type Frame, FrameDecoder, frameHeader, type TakeMemory } from '../../protocol/frame.ts';
import { MAX_HASHES } from '../../protocol/limits.ts';
import { Stored } from '../../protocol/manifest.ts';
import { ApiFailure } from '../ports.ts';
import { asAnswer, type HttpOptions, request, streamOf } from './request.ts';

type Headers = Readonly<Record<string, string>>;

/** Chunks up, many in one request. */
export async function sendChunks(
  options: HttpOptions,
  headers: Headers,
  chunks: readonly Chunk[],
): Promise<void> {
  const bytes = chunks.flatMap((chunk) => [
    frameHeader({ ...chunk, encoding: 'raw' }),
    chunk.bytes,
  ]);
  await request(options, { path: ENGINE_ROUTES.storeChunks.path, schema: Stored, headers, bytes });
}

/** Chunks down, each verified where that is asked for; else its bytes hold until the next is asked for. Throws `not_found` after the others when the server lacks one. */
export async function* fetchChunks(
  options: HttpOptions,
  { headers, isVerified }: { readonly headers: Headers; readonly isVerified: boolean },
  refs: readonly ChunkRef[],
): AsyncIterable<Chunk> {
  const wanted = new Set(refs.map(({ hash }) => hash));
  const { path } = ENGINE_ROUTES.fetchChunks;
  const memory = isVerified ? undefined : twoInTurns();
  for (const group of inGroups(refs, ANSWER, ({ size }) => size)) {
    const hashes = group.map(({ hash }) => hash);
    const decoder = new FrameDecoder(memory ?? ((length) => Buffer.allocUnsafe(length)));
    for await (const bytes of streamOf(options, { path, headers, body: { hashes } })) {
      for (const frame of asAnswer(() => decoder.push(bytes))) {
        wanted.delete(frame.hash);
        yield open(frame, isVerified);
      }
    }
    asAnswer(() => decoder.finish());
  }
  if (wanted.size === 0) return;
  throw new ApiFailure('not_found', 'The server lacks a chunk that it told of.', { retry: true });
}

/**
 * A frame that is in the making, and the one before, which may still be looked at: no more than one of those that a piece
 * ends lay in another piece too.
 */
function twoInTurns(): TakeMemory {
  const memories: [Uint8Array, Uint8Array] = [new Uint8Array(), new Uint8Array()];
  return (length) => {
    const [next, other] = memories;
    const taken = next.length >= length ? next : Buffer.allocUnsafeSlow(length);
    memories.splice(0, 2, other, taken);
    return taken;
  };
}

/** Of one answer; its bytes are held in memory here meanwhile. */
const ANSWER = { size: 8 * 1024 * 1024, count: MAX_HASHES };

/**
 * In one go: with room for all that comes out, zstd needs no memory of its own, which else would stay until it is
 * collected.
 */
const decompressed = (stored: Uint8Array, size: number): Uint8Array =>
  zstdDecompressSync(stored, {
    maxOutputLength: size,
    // One more: else, once it is full, as much is taken again to see whether more comes.
    chunkSize: Math.max(size + 1, constants.Z_MIN_CHUNK),
  });

/** Decoded within its stated size, and verified unless the caller does so (D16, F13). */
function open({ hash, size, encoding, bytes: stored }: Frame, isVerified: boolean): Chunk {
  const damaged = (cause?: unknown): ApiFailure =>
    new ApiFailure('checksum_mismatch', 'A chunk came damaged.', { retry: true, cause });
  let bytes = stored;
  try {
    if (encoding === 'zstd') bytes = decompressed(stored, size);
  } catch (cause) {
    throw damaged(cause);
  }
  const isIt = !isVerified || digest('sha256', bytes, 'hex') === hash;
  if (!isIt || bytes.length !== size) throw damaged();
  return { hash, size, bytes };
}
