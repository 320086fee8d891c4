import { describe, expect, it } from 'vitest';
import {
  directory,
  file,
  type Known,
  merged,
  mergeOf,
  show,
  situation,
} from '../../test/small-worlds/hand-made.ts';
import { connect } from './connect.ts';
import { type Entry, plain, ROOT } from './entry.ts';
import { merge } from './merge.ts';
import { Overlay } from './tree.ts';

const f = (bytes: string) => file(['d', 'f'], bytes);

describe('[M3] whatever is in the target has its parents in it', () => {
  const d = directory(ROOT, 'd');

  it('[X3] [A05] a directory deleted there lives on with what was made in it here', () => {
    const synced = { d, f: f('x') };
    const local = { d, f: f('x'), new: file(['d', 'new'], 'n') };
    expect(merged({ synced, local })).toEqual(['d/', 'd/new: n']);
    expect(merged({ synced, remote: local })).toEqual(['d/', 'd/new: n']);
  });

  it('[X3] [A06] a directory deleted on one side lives on with what was edited in it', () => {
    const synced = { d, f: f('x'), g: file(['d', 'g'], 'y') };
    const edited = { ...synced, f: f('new') };
    expect(merged({ synced, local: edited })).toEqual(['d/', 'd/f: new']);
    expect(merged({ synced, remote: edited })).toEqual(['d/', 'd/f: new']);
  });

  it('[X3] [A17] a directory deleted on one side lives on with what was moved into it', () => {
    const synced = { d, g: file([ROOT, 'g'], 'y') };
    const moved = { d, g: file(['d', 'g'], 'y') };
    const left = { g: synced.g };
    expect(merged({ synced, local: moved, remote: left })).toEqual(['d/', 'd/g: y']);
    expect(merged({ synced, local: left, remote: moved })).toEqual(['d/', 'd/g: y']);
  });

  it('a child that was moved out keeps nothing alive', () => {
    const synced = { d, f: f('x') };
    const local = { d, f: file([ROOT, 'f'], 'x') };
    expect(merged({ synced, local })).toEqual(['f: x']);
  });

  it('several levels come back, each where it was last', () => {
    const synced = { d, e: directory('d', 'e'), f: file(['e', 'f'], 'x') };
    const local = { d, e: directory('d', 'e2'), f: file(['e', 'f'], 'new') };
    expect(merged({ synced, local })).toEqual(['d/', 'd/e2/', 'd/e2/f: new']);
    expect(merged({ synced, remote: local })).toEqual(['d/', 'd/e2/', 'd/e2/f: new']);
  });

  it('[X4] a restored parent whose name is taken steps aside', () => {
    const synced = { d, f: f('x') };
    const local = { d, f: f('new') };
    const remote = { other: file([ROOT, 'd'], 'in the way') };
    expect(merged({ synced, local, remote })).toEqual([
      'd (conflict, Anna)/',
      'd (conflict, Anna)/f: new',
      'd: in the way',
    ]);
  });

  it('[X4] one restored for the server steps aside for what it has there, too', () => {
    const synced = { d, f: f('x') };
    const local = { other: file([ROOT, 'd'], 'in the way') };
    const remote = { d, f: f('new') };
    expect(merged({ synced, local, remote })).toEqual([
      'd (conflict, Anna, 1970-01-01 00-00-00): in the way',
      'd/',
      'd/f: new',
    ]);
  });

  it('a parent that only synced knows comes back from there', () => {
    const given = situation({ synced: { d }, local: { f: f('x') } });
    const target = new Overlay<Entry>(given.synced);
    target.set('f', f('x'));
    target.set('d', undefined);
    connect(given, target);
    expect(show(target)).toEqual(['d/', 'd/f: x']);
    expect(target.get('d')).toStrictEqual(d);
  });

  it('a restored parent has no versions', () => {
    const { target } = mergeOf({ synced: { d, f: f('x') }, remote: { d, f: f('new') } });
    expect(target.get('d')).toStrictEqual(d);
  });

  it('a parent that nobody knows is a mistake of the caller', () => {
    expect(() => mergeOf({ local: { f: f('x') } })).toThrow('The parent d');
  });
});

describe('[M5] rings', () => {
  const [d, e, g] = [directory(ROOT, 'd'), directory(ROOT, 'e'), directory(ROOT, 'g')];

  it('[A12] of two: the move made here is undone', () => {
    const synced = { d, e };
    const local = { d: directory('e', 'd'), e };
    const remote = { d, e: directory('d', 'e') };
    expect(merged({ synced, local, remote })).toEqual(['d/', 'd/e/']);
    expect(merged({ synced, local: remote, remote: local })).toEqual(['e/', 'e/d/']);
  });

  it('of three: one move made here is undone, and no more', () => {
    const synced = { d, e, g };
    const local = { d: directory('e', 'd'), e: directory('g', 'e'), g };
    const remote = { d, e, g: directory('d', 'g') };
    expect(merged({ synced, local, remote })).toEqual(['d/', 'd/g/', 'd/g/e/']);
  });

  it('of three: a move made there stays, whichever it is', () => {
    const synced = { d, e, g };
    const local = { d: directory('e', 'd'), e, g };
    const remote = { d, e: directory('g', 'e'), g: directory('d', 'g') };
    expect(merged({ synced, local, remote })).toEqual(['d/', 'd/g/', 'd/g/e/']);
  });

  it('[A14] one undone move may leave another ring, which is undone as well', () => {
    // Here p/x was inverted, and put into q; there q went into p. Undone, x is in p and p in x.
    const synced = { a: directory('b', 'x'), b: directory(ROOT, 'p'), c: directory(ROOT, 'q') };
    const local = { a: directory('c', 'x'), b: directory('a', 'p'), c: directory(ROOT, 'q') };
    const remote = { ...synced, c: directory('b', 'q') };
    expect(merged({ synced, local, remote })).toEqual(['p/', 'p/q/', 'p/x/']);
  });

  it('a directory of the ring that was deleted there cannot be undone, so another is', () => {
    const synced = { d, e, g };
    const local = { d: directory('e', 'd'), e, g: directory('d', 'g') };
    const remote = { e: directory('g', 'e'), g };
    expect(merged({ synced, local, remote })).toEqual(['g/', 'g/e/', 'g/e/d/']);
  });

  it('an undone move brings back the parent it had there', () => {
    // Here c was emptied and deleted, and a went into b; there b went into a.
    const synced = { a: directory('c', 'a'), b: directory(ROOT, 'b'), c: directory(ROOT, 'c') };
    const local = { a: directory('b', 'a'), b: synced.b };
    const remote = { ...synced, b: directory('a', 'b') };
    expect(merged({ synced, local, remote })).toEqual(['c/', 'c/a/', 'c/a/b/']);
  });

  it('[A12] two separate rings, and what hangs below them', () => {
    const [h, i] = [directory(ROOT, 'h'), directory(ROOT, 'i')];
    const leaf = { leaf: file(['d', 'leaf'], 'x') };
    const synced = { d, e, h, i };
    const local = { ...leaf, d: directory('e', 'd'), e, h: directory('i', 'h'), i };
    const remote = { d, e: directory('d', 'e'), h, i: directory('h', 'i') };
    expect(merged({ synced, local, remote })).toEqual(['d/', 'd/e/', 'd/leaf: x', 'h/', 'h/i/']);
  });

  it('the node with the least id is undone, in whatever order the ring is met', () => {
    const synced = { d, e, g };
    const local = { d: directory('e', 'd'), e: directory('g', 'e'), g };
    const remote = { d, e, g: directory('d', 'g') };
    for (const changed of [
      ['d', 'e', 'g'],
      ['g', 'd', 'e'],
      ['e', 'g', 'd'],
    ])
      expect(merged({ synced, local, remote, changed })).toEqual(['d/', 'd/g/', 'd/g/e/']);
  });

  it('a place that was taken meanwhile is settled after the move is undone', () => {
    const synced = { d, e };
    const local = { d: directory('e', 'd'), e, other: file([ROOT, 'd'], 'x') };
    const remote = { d, e: directory('d', 'e') };
    expect(merged({ synced, local, remote })).toEqual([
      'd (conflict, Anna, 1970-01-01 00-00-00): x',
      'd/',
      'd/e/',
    ]);
  });

  it('a ring that nobody here made is a mistake of the caller', () => {
    const ring = { d: directory('e', 'd'), e: directory('d', 'e') };
    expect(() => mergeOf({ remote: ring })).toThrow('ring');
  });
});

describe('[C31] deep trees', () => {
  const DEPTH = 1000;
  const deep: Known = Object.fromEntries(
    Array.from({ length: DEPTH }, (_, at) => [
      `n${at}`,
      directory(at === 0 ? ROOT : `n${at - 1}`, 'd'),
    ]),
  );

  it('a new one goes up, whole', () => {
    const { target } = merge(situation({ local: deep }));
    expect(show(target)).toHaveLength(DEPTH);
  });

  it('a deleted one lives on with the leaf that was edited in it', () => {
    const leaf = (bytes: string): Known => ({ leaf: file([`n${DEPTH - 1}`, 'f'], bytes) });
    const given = situation({
      synced: { ...deep, ...leaf('old') },
      local: { ...deep, ...leaf('new') },
    });
    const { target } = merge(given);
    expect([...target.touched].every((id) => target.get(id) !== undefined)).toBe(true);
    expect(plain(target.get('n0') ?? directory('', ''))).toEqual(deep.n0);
  });
});
