import { beforeEach, describe, expect, it } from 'vitest';
import { type Client, pair, type Rig } from '../../test/engine/rig.ts';
import { deny } from './disk/memory/faults.ts';
import { type FoundHere, lookAround } from './look-around.ts';
import type { Path } from './ports.ts';
import { scan } from './scan.ts';

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

interface Looked {
  readonly found: readonly Names[];
  readonly looked: readonly string[];
  readonly told: readonly string[];
  readonly left: readonly string[];
}

async function look(where: readonly Path[], room = Number.POSITIVE_INFINITY): Promise<Looked> {
  const { visited, looked, problems, left } = await lookAround(anna.session, { where, room });
  return {
    found: visited.map(({ found }) => namesOf(found)),
    looked: [...looked.keys()].sort(),
    told: problems.map(({ path, code }) => `${path}: ${code}`).sort(),
    left: left.map((path) => path.join('/')).sort(),
  };
}

describe('where it looks', () => {
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
    const { visited } = await lookAround(anna.session, { where, room: 9 });
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
    await expect(look([[]])).rejects.toMatchObject({ problem: 'absent', path: [] });
  });
});

describe('what it finds', () => {
  it('[S1] nothing that is ignored', async () => {
    anna.user.write('x.tmp/f', 'F');
    anna.user.write('b/y.tmp', 'Y');
    const { found, looked } = await look([[], ['b']]);
    expect(found).toEqual([{ a: 'known', b: 'known', h: 'file' }, { g: 'file' }]);
    expect(looked).toEqual(['', 'b']);
  });

  it('[S3] no new directory of nothing but that, unless the server has the name; a known or empty one', async () => {
    anna.user.write('new/deep/y.tmp', 'Y');
    anna.user.makeDirectory('empty');
    expect((await look([[]])).found).toMatchObject([{ empty: {} }]);
    expect(Object.keys((await look([[]])).found[0] ?? {})).not.toContain('new');
    const versions = { placeVersion: 9, contentVersion: 9, author: 'ben' };
    const entry = { kind: 'directory', parent: 'root', name: 'new', ...versions } as const;
    anna.session.state.record([{ type: 'remote', node: 'n', entry }]);
    expect((await look([[]])).found).toMatchObject([{ new: {} }]);
    anna.user.remove('b/g');
    anna.user.write('b/y.tmp', 'Y');
    expect((await look([[], ['b']])).found).toMatchObject([{ b: 'known' }, {}]);
  });

  it('[M8] [C27] what cannot be told or sent as unknown, and says so', async () => {
    anna.user.makePipe('b/pipe');
    anna.user.symlink('out', '../elsewhere');
    anna.user.write('back\\slash', 'B');
    const { found, told } = await look([[], ['b']]);
    expect(found).toMatchObject([
      { out: 'unknown', 'back\\slash': 'unknown' },
      { pipe: 'unknown' },
    ]);
    expect(told).toEqual(['b/pipe: unsupported', 'back\\slash: separator', 'out: unsupported']);
  });

  it('[B11] of a directory that cannot be read, that it is there', async () => {
    anna.fault = deny(['a']);
    const { found, looked, told } = await look([[], ['a'], ['b']]);
    expect(found).toMatchObject([{ a: 'known', b: 'known' }, { g: 'file' }]);
    expect(looked).toEqual(['', 'b']);
    expect(told).toEqual(['a: denied']);
    expect((await look([['a']])).found).toEqual([]);
  });

  it('a directory that goes away meanwhile as gone', async () => {
    anna.user.write('new/f', 'F');
    anna.fault = (step, path) => (step === 'list' && path[0] === 'new' ? 'absent' : undefined);
    const found = [{ a: 'known', b: 'known', h: 'file' }];
    expect((await look([[]])).found).toEqual(found);
  });
});

describe('where there is no room for more', () => {
  const names = ['1', '2', '3'];

  it('new directories are passed over, and where they are is left', async () => {
    for (const name of names) anna.user.write(`new-${name}/deep/f`, name);
    const { found, left } = await look([[]], 3);
    expect(found[0]).toMatchObject({ a: 'known', b: 'known', h: 'file' });
    expect(Object.keys(found[0] ?? {})).toHaveLength(4);
    expect(left).toEqual(['']);
  });

  it('what is new below a directory is left with it, and so is what else was asked for', async () => {
    for (const name of names) anna.user.write(`b/new/${name}/f`, name);
    const { found, left } = await look([['b'], ['a', 'deep']], 3);
    expect(found).toEqual([{ g: 'file', new: { 1: { f: 'file' } } }]);
    expect(left).toEqual(['a/deep', 'b/new']);
  });

  it('what is known is looked at: where something was that has come from elsewhere, too', async () => {
    anna.user.rename('a/deep', 'b/deep');
    const { looked, left } = await look([['b']], 1);
    expect(looked).toEqual(['a', 'b', 'b/deep']);
    expect(left).toEqual([]);
  });

  it('nothing of what is ignored takes room', async () => {
    for (const name of names) anna.user.write(`b/new-${name}/y.tmp`, name);
    anna.user.write('b/zoo/f', 'F');
    const { found, left } = await look([['b']], 2);
    expect(found).toEqual([{ g: 'file', zoo: { f: 'file' } }]);
    expect(left).toEqual([]);
  });
});
