import { describe, expect, it } from 'vitest';
import {
  directory,
  file,
  type Situation,
  situation,
  symlink,
} from '../../test/small-worlds/hand-made.ts';
import { type Entry, ROOT } from './entry.ts';
import { twins } from './twins.ts';

const pairs = (given: Situation): string[] =>
  twins(situation(given)).map(({ node, to }) => `${node} is ${to}`);

const [f, d, l] = [file([ROOT, 'n'], 'x'), directory(ROOT, 'n'), symlink(ROOT, 'n', 'x')];

describe('[M1] twins: new here and new there, same parent, name and kind', () => {
  it.each([f, d, l])('two of kind $kind are one', (entry) => {
    expect(pairs({ local: { a: entry }, remote: { z: entry } })).toEqual(['a is z']);
  });

  it('files are, whatever they hold', () => {
    const remote = { z: file([ROOT, 'n'], 'other') };
    expect(pairs({ local: { a: f }, remote })).toEqual(['a is z']);
  });

  const unlike: readonly (readonly [string, Entry, Entry])[] = [
    ['a file and a directory', f, d],
    ['a directory and a symlink', d, l],
    ['two of other names', f, { ...f, name: 'm' }],
    ['two in other directories', f, { ...f, parent: 'd' }],
  ];

  it.each(unlike)('%s are two', (_, here, there) => {
    const parent = { d: directory(ROOT, 'd') };
    const [local, remote] = [
      { ...parent, a: here },
      { ...parent, z: there },
    ];
    expect(pairs({ synced: parent, local, remote })).toEqual([]);
    expect(pairs({ synced: parent, local: remote, remote: local })).toEqual([]);
  });

  it('what was agreed on once is new on no side', () => {
    expect(pairs({ synced: { a: f }, local: { a: f }, remote: { z: f } })).toEqual([]);
    expect(pairs({ synced: { z: f }, local: { a: f }, remote: { z: f } })).toEqual([]);
  });

  it('what is on both sides under one id is no twin', () => {
    expect(pairs({ local: { a: f }, remote: { a: f } })).toEqual([]);
    const local = { a: { ...f, name: 'm' }, c: f };
    expect(pairs({ local, remote: { a: f } })).toEqual([]);
    expect(pairs({ local: { a: f }, remote: local })).toEqual([]);
  });

  it('only what changed is looked at', () => {
    expect(pairs({ local: { a: f }, remote: { z: f }, changed: ['z'] })).toEqual([]);
    expect(pairs({ local: { a: f }, remote: { z: f }, changed: ['a'] })).toEqual(['a is z']);
  });

  it('[B05] directories unite, and what is in them is looked at next, parents first', () => {
    const inside = (ids: readonly [string, string, string]) => ({
      [ids[2]]: file([ids[1], 'f'], ids[2]),
      [ids[1]]: directory(ids[0], 'e'),
      [ids[0]]: directory(ROOT, 'd'),
    });
    const [local, remote] = [inside(['c', 'b', 'a']), inside(['x', 'y', 'z'])];
    expect(pairs({ local, remote })).toEqual(['c is x', 'b is y', 'a is z']);
    expect(pairs({ local, remote, changed: ['a', 'b', 'c'] })).toEqual(pairs({ local, remote }));
  });

  it('what is in a directory that is no twin has none', () => {
    const local = { a: directory(ROOT, 'd'), b: file(['a', 'f'], 'x') };
    const remote = { y: directory(ROOT, 'e'), z: file(['y', 'f'], 'x') };
    expect(pairs({ local, remote })).toEqual([]);
  });

  it('new things in a directory that both know meet there', () => {
    const parent = { d: directory(ROOT, 'd') };
    const given = {
      synced: parent,
      local: { d: directory(ROOT, 'moved here'), a: file(['d', 'n'], 'x') },
      remote: { ...parent, z: file(['d', 'n'], 'y') },
    };
    expect(pairs(given)).toEqual(['a is z']);
  });

  it('of two names on the server the new one is the twin', () => {
    const known = { y: f };
    expect(
      pairs({ synced: known, local: { y: { ...f, name: 'm' }, a: f }, remote: { y: f, z: f } }),
    ).toEqual(['a is z']);
  });

  it('[C31] 2,000 directories, one in the other', () => {
    const deep = (side: string): Record<string, Entry> =>
      Object.fromEntries(
        Array.from({ length: 2000 }, (_, at) => [
          `${side}${at}`,
          directory(at === 0 ? ROOT : `${side}${at - 1}`, 'd'),
        ]),
      );
    const found = pairs({ local: deep('a'), remote: deep('z') });
    expect(found).toHaveLength(2000);
    expect(found.at(-1)).toBe('a1999 is z1999');
  });
});
