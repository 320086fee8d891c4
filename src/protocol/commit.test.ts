import { describe, expect, it } from 'vitest';
import {
  answerFromWire,
  type Commit,
  CommitAnswer,
  CommitRequest,
  commitFromWire,
  commitToWire,
} from './commit.ts';
import { MAX_COMMIT_CHANGES } from './limits.ts';
import { fits, parse } from './parse.ts';

const hash = 'ab'.repeat(32);
const commit: Commit = {
  clientId: 'c',
  key: 'key-1',
  epoch: 'e1',
  changes: [{ type: 'delete', node: 'n', replacesPlace: 1, replacesContent: 2 }],
  manifests: [{ checksum: hash, size: 70_000, chunks: [{ hash, size: 70_000 }] }],
  chunks: [{ hash, size: 3, bytes: Uint8Array.of(1, 2, 3) }],
};
const request = commitToWire(commit);

describe('a commit on the wire', () => {
  it('comes back as it went', () => {
    const text = JSON.stringify(request);
    expect(commitFromWire(parse(CommitRequest, JSON.parse(text)))).toEqual(commit);
  });

  it('has no manifest of a content that everybody takes to be one chunk', () => {
    const manifests = (...sizes: readonly number[]) => {
      const size = sizes.reduce((sum, one) => sum + one, 0);
      const chunks = sizes.map((one) => ({ hash, size: one }));
      return { ...request, manifests: [{ checksum: hash, size, chunks }] };
    };
    expect(() => commitFromWire(manifests(32_768, 32_768))).toThrow('it is one chunk');
    expect(commitFromWire(manifests(32_768, 32_769)).manifests).toHaveLength(1);
  });

  it('[F24] holds at least one change and at most 10,000', () => {
    const [change] = request.changes;
    const many = (count: number) => ({
      ...request,
      changes: Array.from({ length: count }, () => change),
    });
    expect(fits(CommitRequest, many(MAX_COMMIT_CHANGES))).toBe(true);
    expect(fits(CommitRequest, many(MAX_COMMIT_CHANGES + 1))).toBe(false);
    expect(fits(CommitRequest, many(0))).toBe(false);
  });

  it.each([
    { key: '' },
    { key: 'a b' },
    { epoch: undefined },
    { chunks: [{ hash, bytes: 1 }] },
    { more: 1 },
  ])('is refused with %j', (fields) => {
    expect(fits(CommitRequest, { ...request, ...fields })).toBe(false);
  });
});

describe('the answer to a commit', () => {
  it('accepted: has one cursor for each change, in their order', () => {
    const answer = parse(CommitAnswer, {
      type: 'accepted',
      epoch: 'e',
      first: 5,
      last: 7,
      chain: 'c'.repeat(64),
    });
    expect(answerFromWire(answer, 3)).toEqual({
      type: 'accepted',
      epoch: 'e',
      cursors: [5, 6, 7],
      chain: 'c'.repeat(64),
    });
    expect(() => answerFromWire(answer, 2)).toThrow('cursor');
    expect(() =>
      answerFromWire(
        { type: 'accepted', epoch: 'e', first: 0, last: 1e12, chain: 'c'.repeat(64) },
        2,
      ),
    ).toThrow();
  });

  it('refused and missing: are what the wire says', () => {
    const refusals = [{ node: 'n', code: 'stale', retry: true, message: 'It changed.' }];
    const refused = parse(CommitAnswer, { type: 'refused', refusals });
    expect(answerFromWire(refused, 1)).toEqual({ type: 'refused', refusals });
    const missing = parse(CommitAnswer, { type: 'missing', chunks: [hash] });
    expect(answerFromWire(missing, 1)).toEqual({ type: 'missing', chunks: [hash] });
  });

  it('a refusal of nothing is no answer', () => {
    expect(fits(CommitAnswer, { type: 'refused', refusals: [] })).toBe(false);
    expect(fits(CommitAnswer, { type: 'missing', chunks: [] })).toBe(false);
    expect(fits(CommitAnswer, { error_code: 'wrong_epoch', message: '' })).toBe(false);
  });
});
