import { describe, expect, it } from 'vitest';
import {
  directory,
  file,
  merged,
  mergeOf,
  type Situation,
  show,
  symlink,
  versioned,
} from '../../test/small-worlds/hand-made.ts';
import { parseConflictName } from './conflict-name.ts';
import { type FileContent, ROOT } from './entry.ts';

const f = (bytes: string, more: Partial<FileContent> = {}) => file([ROOT, 'f.txt'], bytes, more);
const old = { f: f('old') };

/** A conflict over one file: what it holds in the end, and what the copy is called. */
const conflict = (local: Situation['local'], remote: Situation['remote']) =>
  mergeOf({ synced: old, local, remote } as Situation);

describe('[M6] [A01] the newer version stays, the other is beside it', () => {
  it('newer here', () => {
    const { target, copies } = conflict(
      { f: f('here', { mtime: 2000 }) },
      { f: f('there', { mtime: 1000 }) },
    );
    expect(show(target)).toEqual([
      'f (conflict, Bert, 1970-01-01 00-00-01).txt: there',
      'f.txt: here',
    ]);
    expect(copies).toEqual([{ copy: 'copy1', of: 'f', side: 'remote' }]);
    expect(target.get('f')).toEqual(f('here', { mtime: 2000 }));
  });

  it('newer there', () => {
    const { target, copies } = conflict(
      { f: f('here', { mtime: 1000 }) },
      { f: f('there', { mtime: 2000 }) },
    );
    expect(show(target)).toEqual([
      'f (conflict, Anna, 1970-01-01 00-00-01).txt: here',
      'f.txt: there',
    ]);
    expect(copies).toEqual([{ copy: 'copy1', of: 'f', side: 'local' }]);
  });

  it('at a tie the server’s stays', () => {
    const { target, copies } = conflict({ f: f('here') }, { f: f('there') });
    expect(target.get('f')).toEqual(f('there'));
    expect(copies).toMatchObject([{ side: 'local' }]);
  });

  it('the copy is named after the client whose version it is, and has its bytes, time and bit', () => {
    const there = versioned(f('there', { mtime: 1000, executable: true }), {
      content: 4,
      author: 'Carl',
    });
    const { target } = conflict({ f: f('here', { mtime: 2000 }) }, { f: there });
    const name = 'f (conflict, Carl, 1970-01-01 00-00-01).txt';
    expect(target.get('copy1')).toStrictEqual(
      file([ROOT, name], 'there', { mtime: 1000, executable: true }),
    );
  });

  it('both clients choose alike, whichever comes second', () => {
    const [early, late] = [f('early', { mtime: 1000 }), f('late', { mtime: 2000 })];
    const one = conflict({ f: early }, { f: late }).target;
    const other = conflict({ f: late }, { f: early }).target;
    expect([one.get('f'), other.get('f')]).toEqual([late, late]);
    expect(show(one).some((line) => line.endsWith('early'))).toBe(true);
    expect(show(other).some((line) => line.endsWith('early'))).toBe(true);
  });

  it('[X7] the copy is beside the node, where that is to be', () => {
    const d = directory(ROOT, 'd');
    const local = { d, f: f('here', { mtime: 1000 }) };
    const remote = { d, f: file(['d', 'g.txt'], 'there', { mtime: 2000 }) };
    expect(merged({ synced: { ...old, d }, local, remote })).toEqual([
      'd/',
      'd/g (conflict, Anna, 1970-01-01 00-00-01).txt: here',
      'd/g.txt: there',
    ]);
  });

  it('[X7] and after the name that the node is to have, when the one it had was taken', () => {
    const local = { f: file([ROOT, 'g.txt'], 'here', { mtime: 1000 }) };
    const remote = { f: f('there', { mtime: 2000 }), g: file([ROOT, 'g.txt'], 'g') };
    const { target, copies } = mergeOf({ synced: old, local, remote });
    expect(copies).toEqual([{ copy: 'copy1', of: 'f', side: 'local' }]);
    expect(show(target)).toHaveLength(3);
    for (const id of ['f', 'copy1']) {
      const { original } = parseConflictName(target.get(id)?.name ?? '') ?? {};
      expect(original).toBe('g.txt');
    }
    expect(target.get('f')).toMatchObject({ checksum: 'there' });
    expect(target.get('copy1')).toMatchObject({ checksum: 'here' });
  });

  it('[A25] symlinks: the server’s stays, the other is beside it, without a time', () => {
    const link = (target: string) => ({ l: symlink(ROOT, 'l', target) });
    const { target, copies } = mergeOf({
      synced: link('old'),
      local: link('here'),
      remote: link('there'),
    });
    expect(show(target)).toEqual(['l (conflict, Anna) -> here', 'l -> there']);
    expect(copies).toEqual([{ copy: 'copy1', of: 'l', side: 'local' }]);
    expect(merged({ local: link('same'), remote: link('same') })).toEqual(['l -> same']);
  });

  it('several conflicts in one directory each get a copy', () => {
    const two = (bytes: string) => ({ f: f(bytes), g: file([ROOT, 'g.txt'], bytes) });
    const { target, copies } = mergeOf({
      synced: two('old'),
      local: two('here'),
      remote: two('there'),
    });
    expect(show(target)).toHaveLength(4);
    expect(copies.map(({ of }) => of)).toEqual(['f', 'g']);
  });
});

describe('[S10] [A02] what is no conflict', () => {
  const none = (given: Situation) => {
    const { target, copies } = mergeOf({ synced: old, ...given });
    expect(copies).toEqual([]);
    expect(show(target)).toHaveLength(1);
    return target.get('f');
  };

  it('the same bytes on both sides: the server’s time', () => {
    const [here, there] = [f('new', { mtime: 9000 }), f('new', { mtime: 5000 })];
    expect(none({ local: { f: here }, remote: { f: there } })).toEqual(there);
  });

  it('the same bytes, new on both sides', () => {
    const [here, there] = [f('new', { mtime: 9000 }), f('new', { mtime: 5000 })];
    expect(none({ synced: {}, local: { f: here }, remote: { f: there } })).toEqual(there);
  });

  it('the same bytes of another size are not the same', () => {
    const local = { f: f('same', { size: 9 }) };
    expect(mergeOf({ synced: old, local, remote: { f: f('same') } }).copies).toHaveLength(1);
  });

  it('a touch against an edit, on either side: the edit, with its time', () => {
    const [touched, edited] = [f('old', { mtime: 9000 }), f('new', { mtime: 5000 })];
    expect(none({ local: { f: touched }, remote: { f: edited } })).toEqual(edited);
    expect(none({ local: { f: edited }, remote: { f: touched } })).toEqual(edited);
  });

  it('a chmod against an edit, on either side: the edit, executable', () => {
    const [made, edited] = [f('old', { executable: true }), f('new', { mtime: 5000 })];
    const both = { ...edited, executable: true };
    expect(none({ local: { f: made }, remote: { f: edited } })).toEqual(both);
    expect(none({ local: { f: edited }, remote: { f: made } })).toEqual(both);
  });

  it('the bit taken away against an edit: the edit, not executable', () => {
    const synced = { f: f('old', { executable: true }) };
    const [made, edited] = [f('old'), f('new', { mtime: 5000, executable: true })];
    const both = { ...edited, executable: false };
    expect(none({ synced, local: { f: made }, remote: { f: edited } })).toEqual(both);
    expect(none({ synced, local: { f: edited }, remote: { f: made } })).toEqual(both);
  });

  it('a chmod against a touch is both', () => {
    const [made, touched] = [f('old', { executable: true }), f('old', { mtime: 5000 })];
    const both = f('old', { mtime: 5000, executable: true });
    expect(none({ local: { f: made }, remote: { f: touched } })).toEqual(both);
    expect(none({ local: { f: touched }, remote: { f: made } })).toMatchObject({
      checksum: 'old',
      executable: true,
    });
  });

  it('a chmod on both sides is one', () => {
    const made = f('old', { executable: true });
    expect(none({ local: { f: made }, remote: { f: made } })).toEqual(made);
  });

  it('[X5] an edit here against A, B, A there: the edit', () => {
    const there = versioned(f('old'), { content: 3 });
    expect(none({ local: { f: f('here') }, remote: { f: there } })).toEqual(f('here'));
  });
});

describe('[S8] [D05] the copy is not made again', () => {
  const local = { f: f('here', { mtime: 1000 }) };
  const remote = { f: f('there', { mtime: 2000 }) };
  const copy = file([ROOT, 'f (conflict, Anna, 1970-01-01 00-00-01).txt'], 'here', { mtime: 1000 });

  it('when an interrupted round left it on the disk', () => {
    const { target, copies } = mergeOf({ synced: old, local: { ...local, made: copy }, remote });
    expect(copies).toEqual([]);
    expect(show(target)).toEqual([`${copy.name}: here`, 'f.txt: there']);
  });

  it('when it is on the server, too', () => {
    const all = { made: copy };
    const { target, copies } = mergeOf({
      synced: old,
      local: { ...local, ...all },
      remote: { ...remote, ...all },
    });
    expect(copies).toEqual([]);
    expect(show(target)).toHaveLength(2);
  });

  it('but is, when what has its name holds something else', () => {
    const other = { made: { ...copy, checksum: 'edited' } };
    const { target, copies } = mergeOf({ synced: old, local: { ...local, ...other }, remote });
    expect(copies).toHaveLength(1);
    expect(show(target)).toEqual([
      'f (conflict, Anna, 1970-01-01 00-00-01 2).txt: here',
      'f (conflict, Anna, 1970-01-01 00-00-01).txt: edited',
      'f.txt: there',
    ]);
  });

  it('and is, when the copy is about to go away', () => {
    const synced = { ...old, made: copy };
    const { target } = mergeOf({ synced, local: { ...local, made: copy }, remote });
    expect(show(target).filter((line) => line.endsWith(': here'))).toHaveLength(1);
  });

  it('[A26] a conflict over a conflict copy is named after the original', () => {
    const of = (bytes: string, mtime: number) => ({ c: { ...copy, checksum: bytes, mtime } });
    const target = merged({ synced: of('old', 0), local: of('x', 3000), remote: of('y', 4000) });
    expect(target).toEqual([
      'f (conflict, Anna, 1970-01-01 00-00-01).txt: y',
      'f (conflict, Anna, 1970-01-01 00-00-03).txt: x',
    ]);
  });
});
