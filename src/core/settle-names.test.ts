import { describe, expect, it } from 'vitest';
import {
  directory,
  file,
  merged,
  mergeOf,
  show,
  situation,
  symlink,
} from '../../test/small-worlds/hand-made.ts';
import { type Entry, ROOT } from './entry.ts';
import { settleNames } from './settle-names.ts';
import { Overlay } from './tree.ts';

const at = (mtime: number) => `1970-01-01 00-00-0${mtime / 1000}`;
const n = (bytes: string, mtime = 1000) => file([ROOT, 'n.txt'], bytes, { mtime });
const ASIDE = `n (conflict, Anna, ${at(1000)}).txt`;

describe('[M7] one node per name', () => {
  it('[A08] [A18] what the server has there keeps the name', () => {
    const [local, remote] = [{ a: n('here') }, { z: n('there') }];
    expect(merged({ local, remote })).toEqual([`${ASIDE}: here`, 'n.txt: there']);
  });

  it('[A09] even a file there against a directory here, and what is in it stays in it', () => {
    const local = { a: directory(ROOT, 'n'), in: file(['a', 'x'], 'x') };
    const remote = { z: file([ROOT, 'n'], 'there') };
    expect(merged({ local, remote })).toEqual([
      'n (conflict, Anna)/',
      'n (conflict, Anna)/x: x',
      'n: there',
    ]);
    expect(merged({ local: remote, remote: local })).toEqual([
      'n (conflict, Anna, 1970-01-01 00-00-00): there',
      'n/',
      'n/x: x',
    ]);
  });

  it('[A20] what was moved there here steps aside', () => {
    const synced = { f: file([ROOT, 'f'], 'f', { mtime: 1000 }), g: file([ROOT, 'g'], 'g') };
    const local = { ...synced, f: n('f') };
    const remote = { ...synced, g: n('g') };
    expect(merged({ synced, local, remote })).toEqual([`${ASIDE}: f`, 'n.txt: g']);
  });

  it('[A11] what comes from the server, but not to this place, has no right of the server’s', () => {
    // The node f was moved here and edited there; z is new on the server under the name it got.
    const synced = { a: file([ROOT, 'f'], 'old') };
    const local = { a: n('old') };
    const remote = { a: file([ROOT, 'f'], 'new', { mtime: 1000 }), z: n('there') };
    expect(merged({ synced, local, remote })).toEqual([`${ASIDE}: new`, 'n.txt: there']);
  });

  it('directories come before files, where the server has neither there', () => {
    const synced = { d: directory(ROOT, 'd') };
    const local = { a: n('here', 2000), d: synced.d };
    const twin = { ...local, d: directory(ROOT, 'n.txt') };
    expect(merged({ synced, local: twin, remote: synced })).toEqual([
      `n (conflict, Anna, ${at(2000)}).txt: here`,
      'n.txt/',
    ]);
  });

  it('else the lesser id keeps it', () => {
    const local = { b: n('b', 2000), a: n('a') };
    expect(merged({ local })).toEqual([`n (conflict, Anna, ${at(2000)}).txt: b`, 'n.txt: a']);
    expect(merged({ local, changed: ['b', 'a'] })).toEqual(merged({ local, changed: ['a', 'b'] }));
  });

  it('of three rivals one keeps it, and the two get names of their own', () => {
    const local = { a: n('a'), b: n('b') };
    expect(merged({ local, remote: { z: n('there') } })).toEqual([
      `n (conflict, Anna, ${at(1000)} 2).txt: b`,
      `${ASIDE}: a`,
      'n.txt: there',
    ]);
  });

  it('a rival that nobody touched keeps its name', () => {
    const synced = { z: n('old') };
    const target = merged({ synced, local: { ...synced, a: n('new') }, remote: synced });
    expect(target).toEqual([`${ASIDE}: new`, 'n.txt: old']);
  });

  it('symlinks and directories step aside to names without a time', () => {
    const local = { a: symlink(ROOT, 'n', 'x'), b: directory(ROOT, 'm') };
    const remote = { y: file([ROOT, 'm'], 'y'), z: file([ROOT, 'n'], 'z') };
    expect(merged({ local, remote })).toEqual([
      'm (conflict, Anna)/',
      'm: y',
      'n (conflict, Anna) -> x',
      'n: z',
    ]);
  });

  it('the same name in another directory is no rival', () => {
    const local = { d: directory(ROOT, 'd'), a: file(['d', 'n.txt'], 'x') };
    expect(merged({ local, remote: { z: n('there') } })).toEqual([
      'd/',
      'd/n.txt: x',
      'n.txt: there',
    ]);
  });

  it('a name that was given up is free for whom it is', () => {
    const synced = { z: n('old') };
    const remote = { z: file([ROOT, 'm'], 'old', { mtime: 1000 }) };
    expect(merged({ synced, local: { ...synced, z: n('old') }, remote })).toEqual(['m: old']);
    const local = { a: n('new') };
    expect(merged({ synced, local, remote: synced })).toEqual(['n.txt: new']);
  });
});

describe('[M7] a conflict name is free in the whole directory', () => {
  const local = { a: n('here') };
  const remote = { z: n('there') };
  const second = `n (conflict, Anna, ${at(1000)} 2).txt: here`;
  const other = file([ROOT, ASIDE], 'other');

  it('of what is in the target', () => {
    const synced = { o: other };
    const all = { synced, local: { ...local, o: other }, remote: { ...remote, o: other } };
    expect(merged(all)).toContain(second);
  });

  it('of what is only on this disk, and about to go', () => {
    const all = { synced: { o: other }, local: { ...local, o: other }, remote };
    expect(merged(all)).toContain(second);
  });

  it('of what is only on the server, and about to go', () => {
    const all = { synced: { o: other }, local, remote: { ...remote, o: other } };
    expect(merged(all)).toContain(second);
  });

  it('[M8] of what is taken by something that is in no tree', () => {
    const taken = (parent: string, name: string) => parent === ROOT && name === ASIDE;
    expect(merged({ local, remote, taken })).toContain(second);
  });

  it('but not of what is in another directory', () => {
    const elsewhere = { d: directory(ROOT, 'd'), o: file(['d', ASIDE], 'o') };
    const taken = (parent: string) => parent === 'd';
    expect(merged({ local: { ...local, ...elsewhere }, remote, taken })).toContain(
      `${ASIDE}: here`,
    );
  });

  it('a copy of a conflict and a node that steps aside get different names', () => {
    const synced = { f: n('old') };
    const remote_ = { f: n('there', 2000), x: file([ROOT, 'x'], 'x') };
    const { target, copies } = mergeOf({
      synced,
      local: { f: n('here'), g: n('g') },
      remote: remote_,
    });
    const names = [...target.children(ROOT)].map((id) => target.get(id)?.name);
    expect(new Set(names).size).toBe(4);
    expect(copies).toHaveLength(1);
  });

  it('is the same in whatever order the nodes came to the target', () => {
    const given = situation({
      local: { a: n('a'), b: { ...other, mtime: 1000 } },
      remote: { y: other, z: n('z') },
    });
    const orders = ['azby', 'byaz', 'yzba'].map((ids) => ids.split(''));
    const [once, ...others] = orders.map((ids) => {
      const target = new Overlay<Entry>(given.synced);
      for (const id of ids) target.set(id, given.local.get(id) ?? given.remote.get(id));
      settleNames(given, target);
      return show(target);
    });
    expect(once).toHaveLength(4);
    for (const other of others) expect(other).toEqual(once);
  });
});
