import { describe, expect, it } from 'vitest';
import {
  aDirectory,
  aFile,
  aLink,
  type KnownNode,
  knownDirectory,
  knownFile,
  knownLink,
  type Look,
  matched,
  matchOf,
  type Shown,
  type Thing,
  unclear,
} from '../../test/small-worlds/looks.ts';
import { type Entry, ROOT } from './entry.ts';
import { match } from './match.ts';
import { MemoryTree } from './tree.ts';

/** A look at the root, and at whatever of it was looked into. */
const atRoot = (known: Look['known'], ...found: Thing[]): Shown =>
  matched({ known, visited: [{ directory: ROOT, found }] });

const shown = (
  present: readonly string[],
  { vanished = [], unknown = [] }: Partial<Omit<Shown, 'present'>> = {},
): Shown => ({ present: [...present].sort(), vanished, unknown });

const f = knownFile(ROOT, 'f', '1');
const g = knownFile(ROOT, 'g', '2');
const d = knownDirectory(ROOT, 'd', '10');
const e = knownDirectory(ROOT, 'e', '11');
const inD = knownFile('d', 'x', '3');

describe('[N2] in place', () => {
  it('everything is what it was', () => {
    expect(
      atRoot(
        { f, d, x: inD, l: knownLink(ROOT, 'l', '4') },
        aFile('f', '1'),
        aDirectory('d', '10', [aFile('x', '3')]),
        aLink('l', '4'),
      ),
    ).toEqual(shown([`f: ${ROOT}/f`, `d: ${ROOT}/d`, 'x: d/x', `l: ${ROOT}/l`]));
  });

  it('[C04] a save by temporary and rename stays the node: its inode is nobody’s', () => {
    expect(atRoot({ f }, aFile('f', '99'))).toEqual(shown([`f: ${ROOT}/f`]));
  });

  it('where inodes mean nothing, the place alone counts', () => {
    expect(atRoot({ f: knownFile(ROOT, 'f') }, aFile('f'), aFile('n'))).toEqual(
      shown([`f: ${ROOT}/f`, `new1: ${ROOT}/n`]),
    );
    expect(atRoot({ f }, aFile('f'))).toEqual(shown([`f: ${ROOT}/f`]));
  });

  it('an inode of another kind is no claim: it was used again (C36)', () => {
    expect(atRoot({ f, d }, aFile('f', '10'))).toEqual(
      shown([`f: ${ROOT}/f`], { vanished: ['d'] }),
    );
    expect(atRoot({ f, d }, aDirectory('n', '1', []))).toEqual(
      shown([`new1: ${ROOT}/n`], { vanished: ['d', 'f'] }),
    );
  });

  it('[A22] [A23] another kind in the place is another node', () => {
    expect(atRoot({ f }, aDirectory('f', '5', []))).toEqual(
      shown([`new1: ${ROOT}/f`], { vanished: ['f'] }),
    );
    expect(atRoot({ f }, aLink('f', '1'))).toEqual(shown([`new1: ${ROOT}/f`], { vanished: ['f'] }));
    expect(atRoot({ d, x: inD }, aFile('d', '5'))).toEqual(
      shown([`new1: ${ROOT}/d`], { vanished: ['d', 'x'] }),
    );
  });

  it('the place after all, where the inode’s owner has not left its own', () => {
    // Somebody made `g` a hard link of `f` by renaming over it.
    expect(atRoot({ f, g }, aFile('f', '1'), aFile('g', '1'))).toEqual(
      shown([`f: ${ROOT}/f`, `g: ${ROOT}/g`]),
    );
  });

  it('what is new is new', () => {
    expect(atRoot({}, aFile('f', '1'), aDirectory('d', '2', [aFile('x', '3')]))).toEqual(
      shown([`new1: ${ROOT}/f`, `new2: ${ROOT}/d`, 'new3: new2/x']),
    );
  });
});

describe('[N2] moves', () => {
  it('within a directory', () => {
    expect(atRoot({ f }, aFile('g', '1'))).toEqual(shown([`f: ${ROOT}/g`]));
  });

  it('across directories, into new ones too', () => {
    expect(atRoot({ d, x: inD }, aDirectory('d', '10', []), aFile('y', '3'))).toEqual(
      shown([`d: ${ROOT}/d`, `x: ${ROOT}/y`]),
    );
    expect(atRoot({ f }, aDirectory('n', '50', [aFile('f', '1')]))).toEqual(
      shown([`new1: ${ROOT}/n`, 'f: new1/f']),
    );
  });

  it('over another file: that one is gone', () => {
    expect(atRoot({ f, g }, aFile('g', '1'))).toEqual(shown([`f: ${ROOT}/g`], { vanished: ['g'] }));
  });

  it('[C05] a backup-style save keeps the node where its name is, and the backup is new', () => {
    expect(atRoot({ f }, aFile('f', '99'), aFile('f~', '1'))).toEqual(
      shown([`f: ${ROOT}/f`, `new1: ${ROOT}/f~`]),
    );
  });

  it('[A13] a swap is two moves, of files and of directories', () => {
    expect(atRoot({ f, g }, aFile('f', '2'), aFile('g', '1'))).toEqual(
      shown([`f: ${ROOT}/g`, `g: ${ROOT}/f`]),
    );
    const [inside, other] = [aFile('x', '3'), aFile('y', '4')];
    expect(
      atRoot(
        { d, e, x: inD, y: knownFile('e', 'y', '4') },
        aDirectory('d', '11', [other]),
        aDirectory('e', '10', [inside]),
      ),
    ).toEqual(shown([`d: ${ROOT}/e`, `e: ${ROOT}/d`, 'x: d/x', 'y: e/y']));
  });

  it('a round of three', () => {
    const known = { f, g, h: knownFile(ROOT, 'h', '3') };
    expect(atRoot(known, aFile('f', '3'), aFile('g', '1'), aFile('h', '2'))).toEqual(
      shown([`f: ${ROOT}/g`, `g: ${ROOT}/h`, `h: ${ROOT}/f`]),
    );
  });

  it('[A15] [A29] a directory that moved with changed contents', () => {
    const known = { d, x: inD, y: knownFile('d', 'y', '4'), z: knownFile('d', 'z', '5') };
    const there = [aFile('x', '99'), aFile('y2', '4'), aFile('n', '98')];
    expect(atRoot(known, aDirectory('e', '10', there))).toEqual(
      shown([`d: ${ROOT}/e`, 'x: d/x', 'y: d/y2', 'new1: d/n'], { vanished: ['z'] }),
    );
  });

  it('[C05] a backup-style save in a directory that moved: two things are two nodes', () => {
    const found = [aDirectory('e', '10', [aFile('x', '99')]), aFile('x~', '3')];
    for (const order of [found, found.toReversed()]) {
      const { present, vanished } = atRoot({ d, x: inD }, ...order);
      expect(present.map((line) => line.split(':')[0])).toEqual(['d', 'new1', 'x']);
      expect(vanished).toEqual([]);
    }
  });

  it('[A14] an inversion', () => {
    const known = { d, e: knownDirectory('d', 'e', '11'), x: knownFile('e', 'x', '3') };
    const now = aDirectory('e', '11', [aDirectory('d', '10', []), aFile('x', '3')]);
    expect(atRoot(known, now)).toEqual(shown([`e: ${ROOT}/e`, 'd: e/d', 'x: e/x']));
  });

  it('a directory that was replaced by another: what was in it is found by place, if it is there', () => {
    const now = aDirectory('d', '77', [aFile('x', '78')]);
    expect(atRoot({ d, x: inD }, now)).toEqual(shown([`d: ${ROOT}/d`, 'x: d/x']));
  });
});

describe('[N2] hard links are no moves', () => {
  it('[A30] a second name in a directory that was looked into', () => {
    expect(atRoot({ f }, aFile('f', '1'), aFile('n', '1'))).toEqual(
      shown([`f: ${ROOT}/f`, `new1: ${ROOT}/n`]),
    );
    expect(atRoot({ f }, aFile('a', '1'), aFile('f', '1'))).toEqual(
      shown([`f: ${ROOT}/f`, `new1: ${ROOT}/a`]),
    );
  });

  it('a second name of what is where nobody looked: nothing proves that it left', () => {
    expect(atRoot({ d, x: inD }, aDirectory('d', '10'), aFile('n', '3'))).toEqual(
      shown([`d: ${ROOT}/d`, `new1: ${ROOT}/n`]),
    );
  });

  it('of two new names one is the node', () => {
    const { present, vanished } = atRoot({ f }, aFile('a', '1'), aFile('b', '1'));
    expect(present.map((line) => line.split(':')[0])).toEqual(['f', 'new1']);
    expect(vanished).toEqual([]);
  });

  it('known as two, they stay two, and when one goes the other is still itself', () => {
    const twin = knownFile(ROOT, 'g', '1');
    expect(atRoot({ f, g: twin }, aFile('g', '1'))).toEqual(
      shown([`g: ${ROOT}/g`], { vanished: ['f'] }),
    );
    expect(atRoot({ f, g: twin }, aFile('g', '1'), aFile('f', '1'))).toEqual(
      shown([`f: ${ROOT}/f`, `g: ${ROOT}/g`]),
    );
  });
});

describe('[M8] unknown', () => {
  it('what cannot be told stays, with what is below it', () => {
    expect(atRoot({ f, d, x: inD }, unclear('f'), unclear('d'))).toEqual(
      shown([], { unknown: ['d', 'f'] }),
    );
  });

  it('what is new and cannot be told is nothing', () => {
    expect(atRoot({}, unclear('f'))).toEqual(shown([]));
  });

  it('what is unknown is not found elsewhere by its inode', () => {
    expect(atRoot({ f }, aFile('n', '1'), unclear('f'))).toEqual(
      shown([`new1: ${ROOT}/n`], { unknown: ['f'] }),
    );
  });

  it('a directory that was not looked into keeps what is in it', () => {
    expect(atRoot({ d, x: inD }, aDirectory('d', '10'))).toEqual(shown([`d: ${ROOT}/d`]));
    expect(atRoot({ d, x: inD }, aDirectory('n', '10'))).toEqual(shown([`d: ${ROOT}/n`]));
  });

  it('what was not visited at all is neither present nor gone', () => {
    const known = { f, d, x: inD };
    expect(matched({ known, visited: [] })).toEqual(shown([]));
    expect(matched({ known, visited: [{ directory: 'd', found: [] }] })).toEqual(
      shown([], { vanished: ['x'] }),
    );
  });
});

describe('[N2] what vanished', () => {
  it('goes with all that was below it', () => {
    const known = { d, x: inD, e: knownDirectory('d', 'e', '11'), y: knownFile('e', 'y', '4') };
    expect(atRoot(known)).toEqual(shown([], { vanished: ['d', 'e', 'x', 'y'] }));
  });

  it('but not with what was found elsewhere', () => {
    const known = { d, x: inD, e: knownDirectory('d', 'e', '11'), y: knownFile('e', 'y', '4') };
    expect(atRoot(known, aDirectory('e', '11', [aFile('y', '4')]))).toEqual(
      shown([`e: ${ROOT}/e`, 'y: e/y'], { vanished: ['d', 'x'] }),
    );
    expect(atRoot(known, aDirectory('e', '11', []))).toEqual(
      shown([`e: ${ROOT}/e`], { vanished: ['d', 'x', 'y'] }),
    );
  });

  it('is told from a move only by the directory it was in', () => {
    const known = { d, e, x: inD };
    const found = [aFile('x', '3')];
    expect(matched({ known, visited: [{ directory: 'e', found }] })).toEqual(shown(['new1: e/x']));
    const both = [
      { directory: 'd', found: [] },
      { directory: 'e', found },
    ];
    expect(matched({ known, visited: both })).toEqual(shown(['x: e/x']));
    expect(matched({ known, visited: both.toReversed() })).toEqual(shown(['x: e/x']));
  });
});

describe('[N2] what is visited', () => {
  const known = { d, x: inD };

  it('a directory counts once, though it is visited and found', () => {
    const below = [aFile('x', '3')];
    const visited = [
      { directory: ROOT, found: [aDirectory('d', '10', below)] },
      { directory: 'd', found: below },
    ];
    expect(matched({ known, visited })).toEqual(shown([`d: ${ROOT}/d`, 'x: d/x']));
    expect(matched({ known, visited: visited.toReversed() })).toEqual(
      shown([`d: ${ROOT}/d`, 'x: d/x']),
    );
  });

  it('parents come before what is in them, however things moved', () => {
    const look = {
      known,
      visited: [
        {
          directory: ROOT,
          found: [
            aFile('x', '3'),
            aDirectory('n', '70', [aDirectory('d', '10', [aFile('y', '71')])]),
          ],
        },
      ],
    };
    const order = matchOf(look).present.map(({ node, parent }) => [parent, node] as const);
    const met = new Set([ROOT]);
    for (const [parent, node] of order) {
      expect(met.has(parent)).toBe(true);
      met.add(node);
    }
    expect(order).toHaveLength(4);
  });
});

describe('[C31] large looks', () => {
  const deep = (depth: number, inode: (at: number) => string): Thing => {
    let thing = aFile('f', 'leaf');
    for (let at = depth - 1; at >= 0; at -= 1) thing = aDirectory('d', inode(at), [thing]);
    return thing;
  };
  const knownDeep = (depth: number): Record<string, KnownNode> => ({
    ...Object.fromEntries(
      Array.from({ length: depth }, (_, at) => [
        `n${at}`,
        knownDirectory(at === 0 ? ROOT : `n${at - 1}`, 'd', `i${at}`),
      ]),
    ),
    leaf: knownFile(`n${depth - 1}`, 'f', 'leaf'),
  });

  it('2,000 directories, one in the other: known, new, of other inodes, gone', () => {
    const known = knownDeep(2000);
    const seen = atRoot(
      known,
      deep(2000, (at) => `i${at}`),
    );
    expect([seen.present.length, seen.vanished.length]).toEqual([2001, 0]);
    expect(
      atRoot(
        {},
        deep(2000, (at) => `i${at}`),
      ).present,
    ).toHaveLength(2001);
    const anew = atRoot(
      known,
      deep(2000, (at) => `j${at}`),
    );
    expect(anew).toEqual(seen);
    expect(atRoot(known).vanished).toHaveLength(2001);
  });

  it('20,000 entries that all moved: each is asked for a few times', () => {
    const count = 20_000;
    let asked = 0;
    const local = new MemoryTree<Entry>();
    const found: Thing[] = [];
    for (let at = 0; at < count; at += 1) {
      local.set(`i${at}`, knownFile(ROOT, `${at}`)[0]);
      found.push(aFile(`${(at + 1) % count}`, `i${at}`));
    }
    const ask = (id: string): string => {
      asked += 1;
      return id;
    };
    const { present, vanished } = match<Thing>({
      local,
      inodeOf: ask,
      byInode: ask,
      visited: [{ directory: ROOT, found }],
      newId: () => 'new',
    });
    expect(present.every(({ node, found: { inode } }) => node === inode)).toBe(true);
    expect([present.length, vanished.length]).toEqual([count, 0]);
    expect(asked).toBeLessThan(5 * count);
  });
});
