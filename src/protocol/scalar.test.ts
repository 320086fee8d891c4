import { describe, expect, it } from 'vitest';
import { fits } from './parse.ts';
import { ApiKey, ClientId, ClientName, NodeId, RelativePath, Sha256, Target } from './scalar.ts';

describe('RelativePath', () => {
  it.each(['a', 'a/b.txt', '.hidden/..more', 'ä/ünï/日本/😀', 'a b/c', '...'])(
    'takes %s',
    (path) => {
      expect(fits(RelativePath, path)).toBe(true);
    },
  );

  it.each([
    '',
    '/',
    '/a',
    'a/',
    'a//b',
    '.',
    '..',
    './a',
    'a/../b',
    'a/..',
    '../a',
    'a\\b',
    'a\0b',
    'a\nb',
    '\ud800',
  ])('[F01] refuses %j', (path) => {
    expect(fits(RelativePath, path)).toBe(false);
  });

  it('refuses a very long one at once', () => {
    expect(fits(RelativePath, 'a'.repeat(4097))).toBe(false);
    expect(fits(RelativePath, `${'../'.repeat(1300)}a`)).toBe(false);
  });
});

describe('names and ids', () => {
  it('a client’s name has at most 50 characters and none that a file name could not hold', () => {
    expect(fits(ClientName, 'x'.repeat(50))).toBe(true);
    expect(fits(ClientName, '😀'.repeat(50))).toBe(true);
    expect(fits(ClientName, 'x'.repeat(51))).toBe(false);
    for (const sign of ['<', '>', ':', '"', '/', '\\', '|', '?', '*', '\n', '\u009b']) {
      expect(fits(ClientName, `a${sign}b`), sign).toBe(false);
    }
  });

  it('ids are short and plain', () => {
    expect(fits(NodeId, 'aZ09_-')).toBe(true);
    for (const id of ['', 'a b', 'a/b', 'ä', 'x'.repeat(65)]) expect(fits(NodeId, id)).toBe(false);
    expect(fits(ClientId, 'client 1@home')).toBe(true);
    for (const id of ['', 'a/b', 'a\u001bb', 'x'.repeat(129)])
      expect(fits(ClientId, id)).toBe(false);
  });

  it('a hash is 64 digits of lower-case hex', () => {
    expect(fits(Sha256, '0f'.repeat(32))).toBe(true);
    for (const hash of ['0F'.repeat(32), '0f'.repeat(31), `${'0f'.repeat(32)}\n`]) {
      expect(fits(Sha256, hash)).toBe(false);
    }
  });

  it('an API key has 8 to 256 characters', () => {
    expect(fits(ApiKey, 'a'.repeat(8))).toBe(true);
    for (const key of ['a'.repeat(7), 'a'.repeat(257), 'with a space']) {
      expect(fits(ApiKey, key)).toBe(false);
    }
  });

  it('the target of a symlink is any well-formed text', () => {
    expect(fits(Target, '../a')).toBe(true);
    expect(fits(Target, '')).toBe(false);
    expect(fits(Target, '\udfff')).toBe(false);
  });
});
