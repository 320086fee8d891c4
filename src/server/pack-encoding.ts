import { hash as digest } from 'node:crypto';
import { promisify } from 'node:util';
import {
  constants,
  type ZstdOptions,
  zstdCompress,
  zstdCompressSync,
  zstdDecompress,
  zstdDecompressSync,
} from 'node:zlib';

const inPool = { compress: promisify(zstdCompress), decompress: promisify(zstdDecompress) };

/** Bytes. Up to here the work is done at once, in some 0.2 ms: to send it to another thread and back costs two to four times as much. */
const AT_ONCE = 128 * 1024;
const MIB = 1024 * 1024;

/** The name of a chunk: its SHA-256, lower-case hex. */
export function nameOf(bytes: Uint8Array): string {
  return digest('sha256', bytes, 'hex');
}

/** So that all that comes out fits, with one more byte: once the room is full, as much is taken again to see whether more comes. */
const roomFor = (length: number): number => Math.max(length + 1, constants.Z_MIN_CHUNK);

/** Level 1: most of what zstd can save, for the least work. */
export async function compress(bytes: Uint8Array): Promise<Uint8Array> {
  const params = { [constants.ZSTD_c_compressionLevel]: 1 };
  if (bytes.length <= AT_ONCE)
    return zstdCompressSync(bytes, { params, chunkSize: roomFor(bytes.length) });
  return inPool.compress(bytes, { params, chunkSize: 128 * 1024 });
}

/**
 * At most `limit` bytes, with a window of 16 MiB at most, whatever the encoded bytes promise (F13).
 * undefined: it would be more, or it is not zstd.
 */
export async function decompress(
  encoded: Uint8Array,
  limit: number,
): Promise<Uint8Array | undefined> {
  const options: ZstdOptions = {
    maxOutputLength: Math.max(1, limit),
    chunkSize: Math.min(roomFor(Math.min(limit, encoded.length * 8)), MIB),
    params: { [constants.ZSTD_d_windowLogMax]: 24 },
  };
  try {
    if (limit <= AT_ONCE) return zstdDecompressSync(encoded, options);
    return await inPool.decompress(encoded, options);
  } catch {
    // Whatever is wrong with it, it is not a chunk's encoding; out of memory, it is not one either.
    return undefined;
  }
}
