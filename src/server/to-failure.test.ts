import { expect, it } from 'vitest';
import { Failure } from '../protocol/failure.ts';
import { ChunkMismatch } from './pack-verify.ts';
import { ObjectFailure } from './ports.ts';
import { toFailure } from './to-failure.ts';

const coded = (code: string, statusCode?: number) =>
  Object.assign(new Error('/var/lib/syncer: secret'), { code, ...(statusCode && { statusCode }) });

it.each([
  [new Failure('stale'), 'stale'],
  [new ChunkMismatch('00', 'hash'), 'checksum_mismatch'],
  [new ObjectFailure('full', '/var'), 'disk_full'],
  [new ObjectFailure('unavailable', '/var'), 'unavailable'],
  [new ObjectFailure('absent', '/var'), 'internal'],
  [coded('SQLITE_FULL'), 'disk_full'],
  [coded('ENOSPC'), 'disk_full'],
  [coded('SQLITE_BUSY'), 'internal'],
  [coded('FST_ERR_CTP_BODY_TOO_LARGE', 413), 'request_too_large'],
  [coded('FST_ERR_CTP_INVALID_MEDIA_TYPE', 415), 'unsupported_media_type'],
  [coded('FST_INVALID_MULTIPART_CONTENT_TYPE', 406), 'unsupported_media_type'],
  [coded('FST_ERR_CTP_INVALID_JSON_BODY', 400), 'bad_request'],
  [coded('FST_WHATEVER', 500), 'internal'],
  [new TypeError('x is not a function'), 'internal'],
  ['a text', 'internal'],
  [undefined, 'internal'],
])('%s becomes %s, and says nothing of itself', (error, code) => {
  const failure = toFailure(error);
  expect(failure.code).toBe(code);
  expect(JSON.stringify(failure.body)).not.toMatch(/secret|\/var|not a function/);
  if (!(error instanceof Failure)) expect(failure.cause).toBe(error);
});
