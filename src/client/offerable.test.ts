import { beforeEach, describe, expect, it } from 'vitest';
import { pair } from '../../test/engine/rig.ts';
import { EMPTY_CHECKSUM } from '../core/chunk.ts';
import { difference } from '../core/difference.ts';
import type { Entry, Versioned } from '../core/entry.ts';
import { MemoryTree } from '../core/tree.ts';
import { offerable } from './offerable.ts';
import type { Session } from './session.ts';

let session: Session;
beforeEach(() => {
  session = pair().anna.session;
  session.welcome = {
    epoch: 'epoch-1',
    knows: true,
    cursor: 0,
    maxFileSize: 100,
    allowedExtensions: undefined,
  };
});

const directory = (name: string, parent = 'root'): Entry => ({ kind: 'directory', parent, name });
const file = (name: string, { size = 1, parent = 'root' } = {}): Entry => ({
  kind: 'file',
  parent,
  name,
  checksum: size === 0 ? EMPTY_CHECKSUM : `${size}`.padStart(64, '0'),
  size,
  mtime: 0,
  executable: false,
});

/** Which of the changes between two trees may be offered. */
function offered(
  before: Readonly<Record<string, Entry>>,
  after: Readonly<Record<string, Entry>>,
  held: readonly string[] = [],
): string[] {
  const versions = { placeVersion: 1, contentVersion: 1, author: 'Ben' };
  const there = Object.entries(before).map(([id, entry]): [string, Versioned] => [
    id,
    { ...entry, ...versions },
  ]);
  const [remote, target] = [new MemoryTree(there), new MemoryTree(Object.entries(after))];
  const nodes = new Set([...Object.keys(before), ...Object.keys(after)]);
  const steps = difference(remote, target, nodes);
  const all = offerable(session, { steps, held: new Set(held), remote, target });
  return all.map(({ node }) => node).sort();
}

describe('what may be offered', () => {
  it('is everything where nothing is held', () => {
    expect(offered({ a: file('a') }, { b: file('b'), d: directory('d') })).toEqual(['a', 'b', 'd']);
  });

  it('is not what is held, nor what goes into it', () => {
    const after = { d: directory('d'), f: file('f', { parent: 'd' }), g: file('g') };
    expect(offered({}, after, ['d'])).toEqual(['g']);
    const until = session.clock.now() + 30_000;
    session.problems.set('d', { path: 'd', code: 'busy', message: '' }, until);
    expect(offered({}, after)).toEqual(['g']);
  });

  it('is again what was held, once its time has come', () => {
    session.problems.set('g', { path: 'g', code: 'busy', message: '' }, 0);
    expect(offered({}, { g: file('g') })).toEqual(['g']);
  });

  it('is not what takes the name of what is held, and so on', () => {
    const before = { a: file('1'), b: file('2'), c: file('3') };
    const after = { a: file('x'), b: file('1'), c: file('2'), d: file('3'), e: file('e') };
    expect(offered(before, after, ['a'])).toEqual(['e']);
  });

  it('is not the deletion of a directory that what is held has not left', () => {
    const before = { d: directory('d'), f: file('f', { parent: 'd' }), g: file('g') };
    expect(offered(before, { f: file('f') }, ['f'])).toEqual(['g']);
  });
});

describe('what the server said that it does not take', () => {
  it.each([
    ['too large', { f: file('f', { size: 101 }) }, 'file_too_large'],
    ['just not too large', { f: file('f', { size: 100 }) }, undefined],
  ])('a file that is %s', (_, after, code) => {
    expect(offered({}, after)).toEqual(code === undefined ? ['f'] : []);
    expect(session.problems.all().map((problem) => problem.code)).toEqual(code ? [code] : []);
  });

  it('a file that was large before may be moved', () => {
    expect(offered({ f: file('f', { size: 200 }) }, { f: file('g', { size: 200 }) })).toEqual([
      'f',
    ]);
  });

  it('an extension, in whatever case; directories have none', () => {
    session.welcome = session.welcome && { ...session.welcome, allowedExtensions: ['.txt'] };
    const after = { a: file('a.txt'), b: file('b.TXT'), c: file('c.exe'), d: directory('d.exe') };
    expect(offered({}, after)).toEqual(['a', 'b', 'd']);
    expect(session.problems.all()).toMatchObject([
      { path: 'c.exe', code: 'extension_not_allowed', node: 'c' },
    ]);
  });

  it('nothing is known before the first contact', () => {
    session.welcome = undefined;
    expect(offered({}, { f: file('f', { size: 101 }) })).toEqual(['f']);
  });
});
