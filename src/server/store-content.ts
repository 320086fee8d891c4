import { createHash } from 'node:crypto';
import type { ChunkRef, Manifest } from '../core/chunk.ts';
import { Failure } from '../protocol/failure.ts';
import { MAX_INLINE } from '../protocol/limits.ts';
import type { SentChunk } from './commit.ts';
import { cutContent } from './cut-content.ts';
import { nameOf } from './pack-encoding.ts';
import { type ChunkPorts, storeChunks } from './store-chunks.ts';

/** A content that a commit may use. */
export interface StoredContent {
  readonly checksum: string;
  /** Bytes. */
  readonly size: number;
  readonly refs: readonly ChunkRef[];
  /** Of a content of several chunks. */
  readonly manifest: Manifest | undefined;
  /** The one chunk of a small content, which is not stored yet: it goes along with the commit. */
  readonly chunks: readonly SentChunk[];
}

export interface Expected {
  /** Bytes; more throw Failure `file_too_large`. */
  readonly limit: number;
  /** Bytes, as far as is known. */
  readonly sizeHint: number;
}

/** Bytes that are held until they are stored together. */
const BATCH = 4 * 1024 * 1024;

/**
 * Cuts and stores a content of any size as it comes by, holding some MiB of it. What was stored when it
 * throws is used by no commit, and swept.
 */
export async function storeContent(
  ports: ChunkPorts,
  bytes: AsyncIterable<Uint8Array>,
  { limit, sizeHint }: Expected,
): Promise<StoredContent> {
  const whole = createHash('sha256');
  const refs: ChunkRef[] = [];
  let size = 0;
  let waiting: SentChunk[] = [];
  let held = 0;
  for await (const chunk of cutContent(limited(bytes, limit), sizeHint)) {
    whole.update(chunk);
    const ref = { hash: nameOf(chunk), size: chunk.length };
    refs.push(ref);
    waiting.push({ ...ref, bytes: chunk });
    size += chunk.length;
    held += chunk.length;
    if (held < BATCH) continue;
    await storeChunks(ports, waiting);
    waiting = [];
    held = 0;
  }
  const isSmall = size <= MAX_INLINE && refs.length <= 1;
  if (!isSmall) await storeChunks(ports, waiting);
  const checksum = whole.digest('hex');
  const manifest = refs.length > 1 ? { checksum, size, chunks: refs } : undefined;
  return { checksum, size, refs, manifest, chunks: isSmall ? waiting : [] };
}

/** The bytes themselves; throws Failure `file_too_large` as soon as there are more than `limit`. */
export async function* limited(
  bytes: AsyncIterable<Uint8Array>,
  limit: number,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const piece of bytes) {
    size += piece.length;
    if (size > limit) throw new Failure('file_too_large');
    yield piece;
  }
}
