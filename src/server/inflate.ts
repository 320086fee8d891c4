import { pipeline, Readable } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { Failure } from '../protocol/failure.ts';

/**
 * The bytes that were compressed. They come piece by piece, as they are asked for, so that whoever
 * counts them can stop a bomb (F13). Throws Failure `bad_request` for what is not so compressed, or cut
 * short, and what `bytes` throws.
 */
export async function* inflate(
  bytes: AsyncIterable<Uint8Array>,
  type: 'gzip' | 'zlib',
): AsyncGenerator<Uint8Array> {
  const inflated = type === 'gzip' ? createGunzip(OPTIONS) : createInflate(OPTIONS);
  // What goes wrong in the source comes out of `inflated`, too: nothing is to be done here.
  pipeline(Readable.from(bytes, { objectMode: false }), inflated, () => {});
  try {
    for await (const piece of inflated) yield piece;
  } catch (cause) {
    if (!isZlibError(cause)) throw cause;
    throw new Failure('bad_request', `The file is not ${type}, or is cut short.`, { cause });
  }
}

const OPTIONS = { chunkSize: 64 * 1024 };

const isZlibError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^Z_/.test(String(error.code));
