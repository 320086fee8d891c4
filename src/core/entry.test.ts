import { describe, expect, it } from 'vitest';
import { directory, file, symlink, versioned } from '../../test/small-worlds/hand-made.ts';
import {
  type Entry,
  movedTo,
  plain,
  ROOT,
  sameBytes,
  sameContent,
  sameEntry,
  samePlace,
  withContent,
} from './entry.ts';

const f = file([ROOT, 'f'], 'abc');
const link = symlink(ROOT, 'l', 'f');
const d = directory(ROOT, 'd');

/** Each differs from `f` in one thing. */
const VARIANTS: readonly (readonly [
  what: string,
  entry: Entry,
  same: { place: boolean; bytes: boolean; content: boolean },
])[] = [
  ['nothing', { ...f }, { place: true, bytes: true, content: true }],
  ['its parent', { ...f, parent: 'd' }, { place: false, bytes: true, content: true }],
  ['its name', { ...f, name: 'g' }, { place: false, bytes: true, content: true }],
  ['its checksum', { ...f, checksum: 'abd' }, { place: true, bytes: false, content: false }],
  ['its size', { ...f, size: 4 }, { place: true, bytes: false, content: false }],
  ['its time', { ...f, mtime: 1 }, { place: true, bytes: true, content: false }],
  ['its executable bit', { ...f, executable: true }, { place: true, bytes: true, content: false }],
  ['its kind', { ...link, name: 'f' }, { place: true, bytes: false, content: false }],
];

describe('equality', () => {
  it.each(VARIANTS)('of files that differ in %s', (_, other, same) => {
    for (const [a, b] of [
      [f, other],
      [other, f],
    ] as const) {
      expect(samePlace(a, b)).toBe(same.place);
      expect(sameBytes(a, b)).toBe(same.bytes);
      expect(sameContent(a, b)).toBe(same.content);
      expect(sameEntry(a, b)).toBe(same.place && same.content);
    }
  });

  it('of symlinks: by target; of directories: always', () => {
    expect(sameContent(link, { ...link, name: 'm' })).toBe(true);
    expect(sameContent(link, { ...link, target: 'g' })).toBe(false);
    expect(sameContent(d, directory('e', 'x'))).toBe(true);
    expect(sameContent(d, link)).toBe(false);
  });

  it('of entries that are not there', () => {
    expect(sameEntry(undefined, undefined)).toBe(true);
    expect(sameEntry(undefined, d)).toBe(false);
    expect(sameEntry(d, undefined)).toBe(false);
  });

  it('versions do not count', () => {
    expect(sameEntry(versioned(f, { place: 7, content: 9 }), versioned(f))).toBe(true);
  });
});

describe('entries are values', () => {
  it('movedTo: another object elsewhere, the same one where it is', () => {
    expect(movedTo(f, { parent: 'd', name: 'g' })).toEqual({ ...f, parent: 'd', name: 'g' });
    expect(movedTo(f, { parent: ROOT, name: 'f' })).toBe(f);
    expect(f.name).toBe('f');
  });

  it('withContent: the place of one and the content of the other, without versions', () => {
    const placed = versioned(file(['d', 'g'], 'old'));
    const newer = versioned(file([ROOT, 'f'], 'new', { mtime: 5, executable: true }));
    const after = file(['d', 'g'], 'new', { mtime: 5, executable: true });
    expect(withContent(placed, newer)).toStrictEqual(after);
    expect(withContent(symlink('d', 'm', 'old'), versioned(link))).toStrictEqual(
      symlink('d', 'm', 'f'),
    );
    expect(withContent(versioned(directory('e', 'x')), d)).toStrictEqual(directory('e', 'x'));
  });

  it.each([f, link, d])('plain: what a disk can hold ($kind)', (entry) => {
    expect(plain(versioned(entry))).toStrictEqual(entry);
  });
});
