import { compress, decompress, nameOf } from './pack-encoding.ts';
import type { Stored } from './pack-format.ts';
import { probe } from './pack-probe.ts';

/** Bytes. No chunk is larger, and nothing is decoded beyond. */
export const LARGEST_CHUNK = 16 * 1024 * 1024;

/** A chunk as a client brings it. */
export interface Chunk {
  /** What it says it is: SHA-256 of the chunk itself, lower-case hex. */
  readonly hash: string;
  /** Encoded as `encoding` says. Not to be changed until the append is over. */
  readonly bytes: Uint8Array;
  /** Default: raw. */
  readonly encoding?: Stored['encoding'];
  /** Bytes of the chunk itself: must agree. Decoding is quicker where it is told. */
  readonly size?: number;
}

/**
 * A chunk is not what it says (D15): its bytes have another hash (`hash`) or size (`size`, also: it
 * is larger than any chunk may be), or are not encoded as told (`encoding`, also: they decode to
 * more than the size allows). The sender's fault; nothing was stored.
 */
export class ChunkMismatch extends Error {
  readonly hash: string;
  readonly reason: 'hash' | 'size' | 'encoding';
  constructor(hash: string, reason: 'hash' | 'size' | 'encoding') {
    super(`a chunk is not what it says: ${reason}`);
    this.name = 'ChunkMismatch';
    this.hash = hash;
    this.reason = reason;
  }
}

/** The chunk in the form to store it in. Throws ChunkMismatch. */
export async function verifyChunk(chunk: Chunk): Promise<Stored> {
  const bytes = await bytesOf(chunk);
  const size = bytes.length;
  if (size > LARGEST_CHUNK || size !== (chunk.size ?? size)) {
    throw new ChunkMismatch(chunk.hash, 'size');
  }
  if (nameOf(bytes) !== chunk.hash) throw new ChunkMismatch(chunk.hash, 'hash');

  const raw: Stored = { hash: chunk.hash, size, encoding: 'raw', bytes };
  if (chunk.encoding === 'zstd') return smaller(raw, chunk.bytes);
  return probe(bytes) ? smaller(raw, await compress(bytes)) : raw;
}

/** The chunk's own bytes, if what is stored still is that chunk; undefined: it rotted. */
export async function openStored(stored: Stored): Promise<Uint8Array | undefined> {
  const bytes = await decodeStored(stored);
  return bytes !== undefined && nameOf(bytes) === stored.hash ? bytes : undefined;
}

/** What is stored, decoded: as many bytes as it should have, whichever they are; undefined: it rotted. */
export async function decodeStored({
  encoding,
  size,
  bytes: stored,
}: Stored): Promise<Uint8Array | undefined> {
  const bytes = encoding === 'raw' ? stored : await decompress(stored, size);
  return bytes?.length === size ? bytes : undefined;
}

async function bytesOf(chunk: Chunk): Promise<Uint8Array> {
  if (chunk.encoding !== 'zstd') return chunk.bytes;
  const limit = Math.min(chunk.size ?? LARGEST_CHUNK, LARGEST_CHUNK);
  const bytes = await decompress(chunk.bytes, limit);
  if (!bytes) throw new ChunkMismatch(chunk.hash, 'encoding');
  return bytes;
}

/** Decoding has its price at every read: it must save a tenth of the bytes. */
function smaller(raw: Stored, encoded: Uint8Array): Stored {
  return encoded.length < raw.size * 0.9 ? { ...raw, encoding: 'zstd', bytes: encoded } : raw;
}
