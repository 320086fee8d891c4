import { describe, expect, it } from 'vitest';
import { bearerOf, createAccess } from './access.ts';

const KEYS = ['first-key-1234', 'second-key-5678'];

describe('access', () => {
  it('is open where no key is configured', () => {
    const access = createAccess([]);
    expect(access.isOpen).toBe(true);
    expect(access.allows(undefined)).toBe(true);
    expect(access.check(undefined)).toBe(true);
  });

  it('[F25] lets in whoever knows one of the keys, and nobody else', () => {
    const access = createAccess(KEYS);
    expect(access.isOpen).toBe(false);
    for (const key of KEYS) expect(access.allows(key)).toBe(true);
    for (const key of [undefined, '', 'first-key-123', 'first-key-12345', 'FIRST-KEY-1234']) {
      expect(access.allows(key)).toBe(false);
    }
  });

  it('reads the key from the header, and refuses every other', () => {
    const { check } = createAccess(KEYS);
    expect(check('Bearer second-key-5678')).toBe(true);
    expect(check('bearer  second-key-5678 ')).toBe(true);
    const wrong = [undefined, '', 'second-key-5678', 'Basic second-key-5678', 'Bearer', 'Bearer x'];
    for (const header of wrong) expect(check(header)).toBe(false);
  });

  it('takes no key with spaces in it', () => {
    expect(bearerOf('Bearer a b')).toBeUndefined();
    expect(bearerOf('Bearer abc')).toBe('abc');
  });
});
