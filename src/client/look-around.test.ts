import { beforeEach, describe, expect, it } from 'vitest';
import { type Client, pair, type Rig } from '../../test/engine/rig.ts';
import { deny } from './disk/memory/faults.ts';
import { type FoundHere, lookAround } from './look-around.ts';
import { scan } from './scan.ts';
import type { Where } from './session.ts';

let rig: Rig;
let anna: Client;
beforeEach(async () => {
  ({ rig, anna } = pair({ ignore: ['*.tmp'] }));
  for (const path of ['a/deep/f', 'b/g', 'h']) anna.user.write(path, path);
  await rig.settle();
});

type Names = Readonly<Record<string, unknown>>;

/** What was found, as names in names; what was not entered is 'known'. */
const namesOf = (found: readonly FoundHere[]): Names =>
  Object.fromEntries(
    found.map(({ name, kind, below }) => [
      name,
      kind === 'directory' ? (below ? namesOf(below) : 'known') : (kind ?? 'unknown'),
    ]),
  );

async function look(where: Where): Promise<{ found: Names[]; looked: string[]; told: string[] }> {
  const { visited, looked, problems } = await lookAround(anna.session, where);
  return {
    found: visited.map(({ found }) => namesOf(found)),
    looked: [...looked.keys()].sort(),
    told: problems.map(({ path, code }) => `${path}: ${code}`),
  };
}

describe('where it looks', () => {
  it('everywhere, when asked for everything', async () => {
    const { found, looked } = await look('everything');
    expect(found).toEqual([{ a: { deep: { f: 'file' } }, b: { g: 'file' }, h: 'file' }]);
    expect(looked).toEqual(['', 'a', 'a/deep', 'b']);
  });

  it('into the directories asked for, each once, and into no other that is known', async () => {
    const { found, looked } = await look([['b'], [], ['b']]);
    expect(found).toEqual([{ a: 'known', b: 'known', h: 'file' }, { g: 'file' }]);
    expect(looked).toEqual(['', 'b']);
  });

  it('into what is new, however deep', async () => {
    anna.user.write('new/deep/f', 'F');
    const { found } = await look([[]]);
    expect(found).toMatchObject([{ new: { deep: { f: 'file' } }, a: 'known' }]);
  });

  it('into what has come from elsewhere, and to where it was', async () => {
    anna.user.rename('a/deep', 'b/deep');
    const { found, looked } = await look([['b']]);
    expect(found).toEqual([{ deep: { f: 'file' }, g: 'file' }, {}]);
    expect(looked).toEqual(['a', 'b', 'b/deep']);
  });

  it('into what is asked for below what has come from elsewhere, by its new path or by its old one', async () => {
    anna.user.rename('a', 'c');
    anna.user.write('c/deep/f', 'edited');
    const whole = [{ c: { deep: { f: 'file' } }, b: 'known', h: 'file' }];
    expect((await look([[]])).found).toMatchObject([{ c: { deep: 'known' } }]);
    expect((await look([[], ['c'], ['c', 'deep']])).found).toEqual(whole);
    expect((await look([[], ['a', 'deep']])).found).toEqual(whole);
  });

  it('into what is asked for where two directories have changed places: each is found as itself', async () => {
    anna.user.write('b/deep/f', 'another');
    await rig.settle();
    const { local } = anna.session.state;
    const ids = ['a', 'b'].map((name) => local.find('root', name));
    for (const [from, to] of [
      ['a', 'x'],
      ['b', 'a'],
      ['x', 'b'],
    ] as const)
      anna.user.rename(from, to);
    const where = [['a', 'deep'], [], ['b'], ['a'], ['b', 'deep']];
    const { visited } = await lookAround(anna.session, where);
    expect(visited.map(({ directory }) => directory)).toEqual(['root']);
    await scan(anna.session, where);
    expect(['b', 'a'].map((name) => local.find('root', name))).toEqual(ids);
    await rig.settle();
    expect(rig.serverFiles()).toEqual(new Map(Object.entries(anna.files())));
    expect(anna.files()).toMatchObject({ 'a/deep/f': 'another', 'b/deep/f': 'a/deep/f' });
  });

  it('at the nearest directory that is there, where one asked for is gone', async () => {
    anna.user.remove('a');
    expect((await look([['a', 'deep']])).looked).toEqual(['']);
    anna.user.write('a', 'a file now');
    expect((await look([['a', 'deep']])).found).toEqual([{ a: 'file', b: 'known', h: 'file' }]);
  });

  it('nowhere, where the directory itself is gone: that is no answer', async () => {
    anna.fault = () => 'absent';
    await expect(look('everything')).rejects.toMatchObject({ problem: 'absent', path: [] });
  });
});

describe('what it finds', () => {
  it('[S1] nothing that is ignored', async () => {
    anna.user.write('x.tmp/f', 'F');
    anna.user.write('b/y.tmp', 'Y');
    expect((await look('everything')).found).toMatchObject([{ b: { g: 'file' } }]);
    expect((await look('everything')).looked).not.toContain('x.tmp');
  });

  it('[S3] no new directory of nothing but that, unless the server has the name; a known or empty one', async () => {
    anna.user.write('new/deep/y.tmp', 'Y');
    anna.user.makeDirectory('empty');
    expect((await look('everything')).found).toMatchObject([{ empty: {} }]);
    expect(Object.keys((await look('everything')).found[0] ?? {})).not.toContain('new');
    const versions = { placeVersion: 9, contentVersion: 9, author: 'ben' };
    const entry = { kind: 'directory', parent: 'root', name: 'new', ...versions } as const;
    anna.session.state.record([{ type: 'remote', node: 'n', entry }]);
    expect((await look('everything')).found).toMatchObject([{ new: {} }]);
    anna.user.remove('b/g');
    anna.user.write('b/y.tmp', 'Y');
    expect((await look('everything')).found).toMatchObject([{ b: {} }]);
  });

  it('[M8] [C27] what cannot be told or sent as unknown, and says so', async () => {
    anna.user.makePipe('b/pipe');
    anna.user.symlink('out', '../elsewhere');
    anna.user.write('back\\slash', 'B');
    const { found, told } = await look('everything');
    expect(found).toMatchObject([
      { b: { pipe: 'unknown' }, out: 'unknown', 'back\\slash': 'unknown' },
    ]);
    expect(told.sort()).toEqual([
      'b/pipe: unsupported',
      'back\\slash: separator',
      'out: unsupported',
    ]);
  });

  it('[B11] of a directory that cannot be read, that it is there', async () => {
    anna.fault = deny(['a']);
    const { found, looked, told } = await look('everything');
    expect(found).toMatchObject([{ a: 'known', b: { g: 'file' } }]);
    expect(looked).toEqual(['', 'b']);
    expect(told).toEqual(['a: denied']);
    expect((await look([['a']])).found).toEqual([]);
  });

  it('a directory that goes away meanwhile as gone', async () => {
    anna.fault = (step, path) => (step === 'list' && path[0] === 'a' ? 'absent' : undefined);
    expect((await look('everything')).found).toEqual([{ b: { g: 'file' }, h: 'file' }]);
  });
});
