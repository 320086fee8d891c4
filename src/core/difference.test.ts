import { describe, expect, it } from 'vitest';
import { directory, file, symlink, versioned } from '../../test/small-worlds/hand-made.ts';
import { difference } from './difference.ts';
import { type Entry, ROOT } from './entry.ts';
import { offerOf } from './offer.ts';
import { MemoryTree } from './tree.ts';

const old = file([ROOT, 'f'], 'old');
const before = versioned(old, { place: 3, content: 5 });

describe('difference', () => {
  const from = new MemoryTree<Entry>([
    ['same', directory(ROOT, 'same')],
    ['gone', old],
    ['moved', directory(ROOT, 'd')],
  ]);
  const to = new MemoryTree<Entry>([
    ['same', directory(ROOT, 'same')],
    ['moved', directory(ROOT, 'e')],
    ['new', symlink(ROOT, 'l', 'e')],
  ]);

  it('tells what differs, in the order asked', () => {
    expect(difference(from, to, ['new', 'same', 'moved', 'gone', 'nowhere'])).toEqual([
      { node: 'new', before: undefined, after: symlink(ROOT, 'l', 'e') },
      { node: 'moved', before: directory(ROOT, 'd'), after: directory(ROOT, 'e') },
      { node: 'gone', before: old, after: undefined },
    ]);
  });

  it('tells only of the nodes asked for', () => {
    expect(difference(from, to, [])).toEqual([]);
    expect(difference(from, to, ['gone'])).toHaveLength(1);
  });
});

describe('[C3] offerOf names what it replaces', () => {
  const content = (bytes: string) => ({
    checksum: bytes,
    size: 3,
    mtime: 0,
    executable: false,
  });

  it('a creation, with or without content', () => {
    expect(offerOf({ node: 'n', before: undefined, after: old })).toStrictEqual({
      type: 'create',
      node: 'n',
      kind: 'file',
      place: { parent: ROOT, name: 'f' },
      content: content('old'),
    });
    expect(offerOf({ node: 'n', before: undefined, after: directory('d', 'e') })).toStrictEqual({
      type: 'create',
      node: 'n',
      kind: 'directory',
      place: { parent: 'd', name: 'e' },
    });
  });

  it('a move leaves the content alone, an edit the place', () => {
    expect(offerOf({ node: 'n', before, after: { ...old, name: 'g' } })).toStrictEqual({
      type: 'update',
      node: 'n',
      place: { parent: ROOT, name: 'g', replaces: 3 },
    });
    expect(offerOf({ node: 'n', before, after: file([ROOT, 'f'], 'new') })).toStrictEqual({
      type: 'update',
      node: 'n',
      content: { ...content('new'), replaces: 5 },
    });
  });

  it('[A21] a move with an edit is both', () => {
    expect(offerOf({ node: 'n', before, after: file(['d', 'f'], 'new') })).toStrictEqual({
      type: 'update',
      node: 'n',
      place: { parent: 'd', name: 'f', replaces: 3 },
      content: { ...content('new'), replaces: 5 },
    });
  });

  it('a touch and a chmod are contents', () => {
    const touched = offerOf({ node: 'n', before, after: { ...old, mtime: 7 } });
    const made = offerOf({ node: 'n', before, after: { ...old, executable: true } });
    expect(touched).toMatchObject({ content: { mtime: 7, replaces: 5 } });
    expect(made).toMatchObject({ content: { executable: true, replaces: 5 } });
  });

  it('a deletion replaces both', () => {
    expect(offerOf({ node: 'n', before, after: undefined })).toStrictEqual({
      type: 'delete',
      node: 'n',
      replacesPlace: 3,
      replacesContent: 5,
    });
  });

  it('nothing from nothing is a mistake of the caller', () => {
    expect(() => offerOf({ node: 'n', before: undefined, after: undefined })).toThrow('n');
  });
});
