import { describe, expect, it } from 'vitest';
import { ErrorMessage, FAILURES, Failure, FailureCode, isFailureCode } from './failure.ts';
import { fits } from './parse.ts';

const codes = Object.keys(FAILURES).filter(isFailureCode);

describe('the list of errors', () => {
  it.each(codes)('%s has a name, a status and a sentence', (code) => {
    const { status, meaning } = FAILURES[code];
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    expect(meaning).toMatch(/^[A-Z].*\.$/);
  });

  it('has every status of the contract', () => {
    const statuses = new Set(codes.map((code) => FAILURES[code].status));
    for (const status of [400, 401, 403, 404, 409, 413, 415, 416, 422, 429, 507]) {
      expect(statuses).toContain(status);
    }
  });

  it('lets a change be offered again whenever only another client stood in its way', () => {
    for (const code of ['stale', 'not_found', 'exists', 'wrong_kind'] as const) {
      expect(FAILURES[code].retry).toBe(true);
    }
    for (const code of ['name_taken', 'parent_missing', 'ring', 'not_empty'] as const) {
      expect(FAILURES[code].retry).toBe(true);
    }
    for (const code of ['bad_name', 'file_too_large', 'extension_not_allowed'] as const) {
      expect(FAILURES[code].retry).toBe(false);
    }
  });

  it('is what the schema allows, and nothing else', () => {
    expect(fits(FailureCode, 'stale')).toBe(true);
    expect(fits(FailureCode, 'toString')).toBe(false);
    expect(isFailureCode('toString')).toBe(false);
  });
});

describe('Failure', () => {
  it('tells the other side code, sentence and details, never cause or stack', () => {
    const cause = new Error('ENOENT: /var/lib/secret');
    const details = [{ field: 'path', reason: 'is missing' }];
    const failure = new Failure('bad_request', 'This is wrong.', { cause, details });
    expect(failure.body).toEqual({ error_code: 'bad_request', message: 'This is wrong.', details });
    expect(JSON.stringify(failure.body)).not.toContain('secret');
    expect(fits(ErrorMessage, failure.body)).toBe(true);
    expect(failure.cause).toBe(cause);
  });

  it('has status, retry and sentence of its code', () => {
    const failure = new Failure('too_many_requests', undefined, { after: 1500 });
    expect(failure).toMatchObject({ status: 429, retry: true, after: 1500 });
    expect(failure.body).toEqual({
      error_code: 'too_many_requests',
      message: FAILURES.too_many_requests.meaning,
    });
    expect(failure).toBeInstanceOf(Error);
  });

  it('reads the errors of a newer server too', () => {
    expect(fits(ErrorMessage, { error_code: 'not_invented_yet', message: 'x', more: 1 })).toBe(
      true,
    );
  });
});
