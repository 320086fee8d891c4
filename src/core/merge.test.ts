import { describe, expect, it } from 'vitest';
import {
  directory,
  file,
  merged,
  mergeOf,
  situation,
  symlink,
  versioned,
} from '../../test/small-worlds/hand-made.ts';
import { ROOT } from './entry.ts';
import { merge } from './merge.ts';

const f = (bytes: string) => file([ROOT, 'f'], bytes);
const d = directory(ROOT, 'd');

describe('[M2] changed there is judged by version', () => {
  it('[X5] a content that went from A to B and back is a change there', () => {
    const there = versioned(f('A'), { content: 3 });
    const { target, copies } = mergeOf({
      synced: { f: f('A') },
      local: { f: f('here') },
      remote: { f: there },
    });
    expect(target.get('f')).toEqual(f('here'));
    expect(copies).toEqual([]);
  });

  it('[X5] it beats a deletion made here', () => {
    const there = versioned(f('A'), { content: 3 });
    expect(merged({ synced: { f: f('A') }, remote: { f: there } })).toEqual(['f: A']);
  });

  it('a move there and back beats a deletion made here', () => {
    const there = versioned(f('A'), { place: 3 });
    expect(merged({ synced: { f: f('A') }, remote: { f: there } })).toEqual(['f: A']);
  });

  it('changed here is judged by value: there and back is nothing', () => {
    const synced = { f: f('A') };
    expect(merged({ synced, local: { f: f('A') } })).toEqual([]);
  });

  it('without a common ancestor both changed: unequal contents are a conflict', () => {
    const target = merged({ local: { f: f('here') }, remote: { f: f('there') } });
    expect(target).toEqual(['f (conflict, Anna, 1970-01-01 00-00-00): here', 'f: there']);
  });

  it('[B05] without a common ancestor equal contents are none, and nothing is deleted', () => {
    const [local, remote] = [
      { f: f('x'), h: file([ROOT, 'h'], 'h') },
      { f: f('x'), d },
    ];
    const { target, copies } = mergeOf({ local, remote });
    expect(target.get('f')).toEqual(f('x'));
    expect(copies).toEqual([]);
    expect(merged({ local, remote })).toEqual(['d/', 'f: x', 'h: h']);
  });
});

describe('[M3] existence, in the catalogue’s cases', () => {
  const synced = { f: f('v0') };

  it('[A03] an edit beats a deletion, whoever made it', () => {
    expect(merged({ synced, local: { f: f('new') } })).toEqual(['f: new']);
    expect(merged({ synced, remote: { f: f('new') } })).toEqual(['f: new']);
  });

  it('[A04] deleted by both is gone', () => {
    expect(merged({ synced })).toEqual([]);
  });

  it('[A19] a move beats a deletion, whoever made it', () => {
    const moved = { f: file([ROOT, 'g'], 'v0') };
    expect(merged({ synced, local: moved })).toEqual(['g: v0']);
    expect(merged({ synced, remote: moved })).toEqual(['g: v0']);
  });

  it('a touch and a chmod beat a deletion', () => {
    const touched = { f: file([ROOT, 'f'], 'v0', { mtime: 9 }) };
    const made = { f: file([ROOT, 'f'], 'v0', { executable: true }) };
    for (const side of [touched, made]) {
      expect(merged({ synced, local: side })).toEqual(['f: v0']);
      expect(merged({ synced, remote: side })).toEqual(['f: v0']);
    }
  });

  it('[A23] a file that became a directory is one node gone and one new', () => {
    const local = { n: directory(ROOT, 'f'), in: file(['n', 'in'], 'x') };
    expect(merged({ synced, local, remote: synced })).toEqual(['f/', 'f/in: x']);
  });

  it('[A27] deleted and made again under its name is one node gone and one new', () => {
    const { target } = mergeOf({ synced, local: { again: f('v1') }, remote: synced });
    expect(target.get('f')).toBeUndefined();
    expect(target.get('again')).toEqual(f('v1'));
  });

  it('[A23] a file that became a directory here and was edited there is both', () => {
    const local = { n: directory(ROOT, 'f'), in: file(['n', 'in'], 'x') };
    expect(merged({ synced, local, remote: { f: f('new') } })).toEqual([
      'f (conflict, Anna)/',
      'f (conflict, Anna)/in: x',
      'f: new',
    ]);
  });
});

describe('[M4] place, in the catalogue’s cases', () => {
  it('[A11] moved by both: the server’s', () => {
    const synced = { f: f('x') };
    const local = { f: file([ROOT, 'g'], 'x') };
    const remote = { f: file([ROOT, 'h'], 'x') };
    expect(merged({ synced, local, remote })).toEqual(['h: x']);
  });

  it('[A15] [A16] a directory moved there takes along what was edited and made here', () => {
    const synced = { d, f: file(['d', 'f'], 'x') };
    const local = { d, f: file(['d', 'f'], 'new'), n: file(['d', 'n'], 'n') };
    const remote = { d: directory(ROOT, 'e'), f: synced.f };
    expect(merged({ synced, local, remote })).toEqual(['e/', 'e/f: new', 'e/n: n']);
  });

  it('[A13] a swap against nothing is a swap', () => {
    const synced = { a: file([ROOT, 'a'], 'x'), b: file([ROOT, 'b'], 'y') };
    const local = { a: file([ROOT, 'b'], 'x'), b: file([ROOT, 'a'], 'y') };
    expect(merged({ synced, local, remote: synced })).toEqual(['a: y', 'b: x']);
    expect(merged({ synced, local: synced, remote: local })).toEqual(['a: y', 'b: x']);
  });
});

describe('[M8] unknown is neither present nor absent', () => {
  const synced = { d, f: file(['d', 'f'], 'x') };
  const sheltered = (id: string): boolean => id === 'd';

  it('what shelters is not removed on this disk', () => {
    expect(merged({ synced, local: { d }, sheltered })).toEqual(['d/']);
  });

  it('what shelters is not removed on the server', () => {
    expect(merged({ synced, remote: synced, sheltered })).toEqual(['d/']);
  });

  it('what shelters nothing is', () => {
    expect(merged({ synced, local: synced, sheltered })).toEqual(['d/']);
    expect(merged({ synced, local: synced })).toEqual([]);
  });

  it('its parents stay with it, and it is as the side that has it says', () => {
    const up = { e: directory(ROOT, 'e'), d: directory('e', 'd') };
    expect(merged({ synced: up, local: up, sheltered })).toEqual(['e/', 'e/d/']);
    expect(merged({ synced: up, remote: up, sheltered })).toEqual(['e/', 'e/d/']);
  });

  it('what is on neither side is not invented', () => {
    expect(merged({ synced, sheltered })).toEqual([]);
  });

  it('moves and edits of what shelters are taken all the same', () => {
    const moved = { ...synced, d: directory(ROOT, 'e') };
    expect(merged({ synced, local: synced, remote: moved, sheltered })).toEqual(['e/', 'e/f: x']);
  });
});

describe('[M1] directories unite by their id, and what is in them too', () => {
  it('[A08] one id on both sides, without a common ancestor', () => {
    const local = { d, a: file(['d', 'a'], 'a'), l: symlink('d', 'l', 'a') };
    const remote = { d, b: file(['d', 'b'], 'b'), l: symlink('d', 'l', 'a') };
    expect(merged({ local, remote })).toEqual(['d/', 'd/a: a', 'd/b: b', 'd/l -> a']);
  });
});

describe('the answer', () => {
  const synced = { d, f: f('v0'), g: file([ROOT, 'g'], 'g') };
  const local = { d, f: f('here'), g: file([ROOT, 'g'], 'g') };
  const remote = { d, f: f('there'), g: file(['d', 'g'], 'g') };

  it('touches only what changed, and what it made', () => {
    const { target } = mergeOf({ synced, local, remote, changed: ['f'] });
    expect([...target.touched].sort()).toEqual(['copy1', 'f']);
    expect([
      ...mergeOf({ synced, local: synced, remote: synced, changed: [] }).target.touched,
    ]).toEqual([]);
  });

  it('does not depend on the order of what changed, nor on what is named twice or needlessly', () => {
    const once = merged({ synced, local, remote });
    for (const changed of [
      ['g', 'f'],
      ['f', 'g'],
      ['f', 'g', 'f', 'd', 'nowhere'],
    ])
      expect(merged({ synced, local, remote, changed })).toEqual(once);
  });

  it('leaves the three trees as they were', () => {
    const given = situation({ synced, local, remote });
    merge(given);
    expect(given.local.get('f')).toEqual(local.f);
    expect(given.synced.get('f')).toEqual(versioned(synced.f));
    expect(given.remote.find('d', 'g')).toBe('g');
    expect(given.local.find('d', 'g')).toBeUndefined();
  });

  it('[A26] makes several copies in one order, whatever the order of what changed', () => {
    const both = (bytes: string) => ({ f: f(bytes), g: file([ROOT, 'g'], bytes) });
    const given = { synced: both('old'), local: both('here'), remote: both('there') };
    const [once, turned] = [
      ['f', 'g'],
      ['g', 'f'],
    ].map((changed) => mergeOf({ ...given, changed }));
    expect(turned?.copies).toEqual(once?.copies);
    expect(once?.copies).toMatchObject([
      { copy: 'copy1', of: 'f' },
      { copy: 'copy2', of: 'g' },
    ]);
    expect(turned?.target.get('copy1')).toEqual(once?.target.get('copy1'));
  });

  it('holds no versions: what is decided is not what the server said', () => {
    const { target } = mergeOf({ synced, local, remote: { ...remote, n: file([ROOT, 'n'], 'n') } });
    expect(target.get('n')).toBeDefined();
    for (const id of target.touched) expect(target.get(id)).not.toHaveProperty('placeVersion');
  });
});
