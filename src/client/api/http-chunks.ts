import { createHash } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';
import type { Chunk, ChunkRef } from '../../core/chunk.ts';
import { ENGINE_ROUTES } from '../../protocol/engine-routes.ts';
import { type Frame, FrameDecoder, frameHeader } from '../../protocol/frame.ts';
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
  const frames = chunks.flatMap(({ hash, size, bytes }) => [
    frameHeader({ hash, size, encoding: 'raw', bytes }),
    bytes,
  ]);
  const bytes = Buffer.concat(frames);
  await request(options, { path: ENGINE_ROUTES.storeChunks.path, schema: Stored, headers, bytes });
}

/** Chunks down, each verified. Throws `not_found` after the others when the server lacks one. */
export async function* fetchChunks(
  options: HttpOptions,
  headers: Headers,
  refs: readonly ChunkRef[],
): AsyncIterable<Chunk> {
  const wanted = new Set(refs.map(({ hash }) => hash));
  const { path } = ENGINE_ROUTES.fetchChunks;
  for (const hashes of groupsOf(refs)) {
    const decoder = new FrameDecoder();
    for await (const bytes of streamOf(options, { path, headers, body: { hashes } })) {
      for (const frame of asAnswer(() => decoder.push(bytes))) {
        wanted.delete(frame.hash);
        yield open(frame);
      }
    }
    asAnswer(() => decoder.finish());
  }
  if (wanted.size === 0) return;
  throw new ApiFailure('not_found', 'The server lacks a chunk that it told of.', { retry: true });
}

/** Of one answer, in bytes: what is held in memory here meanwhile. */
const ANSWER = 8 * 1024 * 1024;

function* groupsOf(refs: readonly ChunkRef[]): Iterable<string[]> {
  let group: string[] = [];
  let bytes = 0;
  for (const { hash, size } of refs) {
    if (group.length > 0 && (bytes + size > ANSWER || group.length >= MAX_HASHES)) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(hash);
    bytes += size;
  }
  if (group.length > 0) yield group;
}

/** Decoded within its stated size, and verified (D16, F13). */
function open({ hash, size, encoding, bytes: stored }: Frame): Chunk {
  const damaged = (cause?: unknown): ApiFailure =>
    new ApiFailure('checksum_mismatch', 'A chunk came damaged.', { retry: true, cause });
  let bytes = stored;
  try {
    if (encoding === 'zstd') bytes = zstdDecompressSync(stored, { maxOutputLength: size });
  } catch (cause) {
    throw damaged(cause);
  }
  const isIt = createHash('sha256').update(bytes).digest('hex') === hash;
  if (!isIt || bytes.length !== size) throw damaged();
  return { hash, size, bytes };
}
