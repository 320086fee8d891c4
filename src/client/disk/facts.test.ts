import { describe, expect, it } from 'vitest';
import { type Facts, isExpected, lookAfterStep, lookOf, millisecondsOf } from './facts.ts';

const NOW = Date.UTC(2026, 0, 1, 0, 0, 0, 500);
const at = (ms: number): bigint => BigInt(ms) * 1_000_000n;
const moment = { before: NOW, after: NOW + 1 };

const file: Facts = {
  kind: 'file',
  inode: '1.1',
  size: 3,
  mtimeNs: at(NOW - 60_001),
  ctimeNs: at(NOW - 60_001),
  mode: 0o100644,
};

const isRacy = (facts: Partial<Facts>): boolean =>
  lookOf({ ...file, ...facts }, moment).fingerprint === '';

describe('[C10] racy looks', () => {
  it('a look within the tick of a write says nothing', () => {
    expect(isRacy({})).toBe(false);
    for (const ms of [NOW - 19, NOW, NOW + 20]) {
      expect(isRacy({ ctimeNs: at(ms) })).toBe(true);
      expect(isRacy({ mtimeNs: at(ms) })).toBe(true);
    }
    expect(isRacy({ ctimeNs: at(NOW - 21) })).toBe(false);
  });

  it('[C39] whole seconds may be counted in twos', () => {
    const second = NOW - 500;
    expect(isRacy({ mtimeNs: at(second - 1_000) })).toBe(true);
    expect(isRacy({ mtimeNs: at(second - 999) })).toBe(false);
    expect(isRacy({ mtimeNs: at(second - 2_000) })).toBe(false);
  });

  it('[C11] [C12] a time in the future is no reason to read it for ever', () => {
    expect(isRacy({ mtimeNs: at(NOW + 86_400_000) })).toBe(false);
    expect(isRacy({ ctimeNs: at(NOW + 86_400_000) })).toBe(false);
  });

  it('a symlink cannot be written to', () => {
    const link: Facts = { ...file, kind: 'symlink', target: 'a', ctimeNs: at(NOW) };
    expect(lookOf(link, moment).fingerprint).not.toBe('');
    const other = lookOf({ ...link, target: 'b' }, moment);
    expect(lookOf(link, moment).fingerprint).not.toBe(other.fingerprint);
  });
});

describe('looks after a step of ours', () => {
  const stepped = (before: Partial<Facts>, facts: Partial<Facts>): string =>
    lookAfterStep({ ...file, ...before }, { ...file, ctimeNs: at(NOW), ...facts }, moment)
      .fingerprint;

  it('hold when only the change time is new', () => {
    expect(stepped({}, {})).not.toBe('');
  });

  it('say nothing when somebody wrote, or could have with these very times', () => {
    expect(stepped({}, { size: 4 })).toBe('');
    expect(stepped({}, { mtimeNs: at(NOW - 50) })).toBe('');
    expect(stepped({}, { inode: '2.2' })).toBe('');
    expect(stepped({ mtimeNs: at(NOW) }, { mtimeNs: at(NOW) })).toBe('');
  });
});

describe('what is expected', () => {
  it('is the same thing, and nobody wrote to it', () => {
    const look = lookOf(file, moment);
    expect(isExpected(look, file)).toBe(true);
    for (const other of [{ ctimeNs: 0n }, { mtimeNs: 0n }, { size: 4 }, { mode: 0o100600 }]) {
      expect(isExpected(look, { ...file, ...other })).toBe(false);
    }
    expect(isExpected(look, { ...file, inode: '1.2' })).toBe(false);
    expect(isExpected(look, { ...file, kind: 'directory' })).toBe(false);
  });

  it('is a directory whatever was put into it', () => {
    const directory: Facts = { ...file, kind: 'directory', size: 0 };
    expect(isExpected(lookOf(directory, moment), { ...directory, mtimeNs: at(NOW) })).toBe(true);
  });

  it('milliseconds are rounded, before 1970 too', () => {
    expect(millisecondsOf(1_795_370_988_532_999_992n)).toBe(1_795_370_988_533);
    expect(millisecondsOf(-1_000_000n)).toBe(-1);
    expect(Object.is(millisecondsOf(-1n), 0)).toBe(true);
  });

  it('[C11] milliseconds go no further than times do', () => {
    for (const ns of [2n ** 63n, 2n ** 200n]) {
      expect(millisecondsOf(ns * 1_000_000n)).toBe(8.64e15);
      expect(millisecondsOf(-ns * 1_000_000n)).toBe(-8.64e15);
    }
  });
});
