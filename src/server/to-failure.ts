import { Failure, type FailureCode } from '../protocol/failure.ts';
import { ChunkRotten } from './pack-read.ts';
import { ChunkMismatch } from './pack-verify.ts';
import { ObjectFailure } from './ports.ts';

/**
 * What may be told of an error. Only a Failure speaks for itself; of everything else the message stays
 * here, as the cause: it could name a path or a statement of the server.
 */
export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const cause = error;
  if (error instanceof ChunkMismatch) return new Failure('checksum_mismatch', undefined, { cause });
  if (error instanceof ChunkRotten) return new Failure('unavailable', DAMAGED, { cause });
  if (error instanceof ObjectFailure) return new Failure(OBJECTS[error.code], undefined, { cause });
  const { code, status } = factsOf(error);
  if (FULL.test(code)) return new Failure('disk_full', undefined, { cause });
  const known = BY_CODE[code] ?? BY_STATUS[status];
  if (known !== undefined) return new Failure(known, undefined, { cause });
  const isTheirs = status >= 400 && status < 500;
  return new Failure(isTheirs ? 'bad_request' : 'internal', undefined, { cause });
}

/** What a content is told as of which a chunk rotted: it may come back. */
export const DAMAGED =
  'The content is damaged on the server, which asks for it from the clients that have it.';

const OBJECTS: Record<ObjectFailure['code'], FailureCode> = {
  full: 'disk_full',
  unavailable: 'unavailable',
  absent: 'internal',
};

/** Of SQLite, and of the operating system. */
const FULL = /^(?:SQLITE_FULL|ENOSPC|EDQUOT)$/;

const BY_CODE: Readonly<Record<string, FailureCode>> = {
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'unsupported_media_type',
  FST_ERR_NOT_FOUND: 'not_found',
};

/** Of errors that the web framework throws. */
const BY_STATUS: Readonly<Record<number, FailureCode>> = {
  404: 'not_found',
  413: 'request_too_large',
  415: 'unsupported_media_type',
  429: 'too_many_requests',
  503: 'unavailable',
};

function factsOf(error: unknown): { readonly code: string; readonly status: number } {
  if (!(error instanceof Error)) return { code: '', status: 500 };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const hasStatus = 'statusCode' in error && typeof error.statusCode === 'number';
  return { code, status: hasStatus ? Number(error.statusCode) : 500 };
}
