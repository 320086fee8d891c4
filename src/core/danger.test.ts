import { describe, expect, it } from 'vitest';
import { directory, file, symlink } from '../../test/small-worlds/hand-made.ts';
import { type Limit, type Loss, limitsOf, lossesOf, lossOf, massOf } from './danger.ts';
import { type Entry, ROOT } from './entry.ts';
import { MemoryTree } from './tree.ts';

const LIMIT: Limit = { over: 100, share: 0.5, least: 4, all: 2 };

/** A tree of `count` files with contents of their own, and `more` beside them. */
const treeOf = (count: number, more: Record<string, Entry> = {}): MemoryTree =>
  new MemoryTree<Entry>([
    ...Array.from(
      { length: count },
      (_, at) => [`n${at}`, file([ROOT, `f${at}`], `c${at}`)] as const,
    ),
    ...Object.entries(more),
  ]);

/** Every node of the target is looked at. */
const trees = (synced: MemoryTree, target: MemoryTree) => ({
  ...{ synced, target },
  nodesWith: () => target.ids(),
});

const lost = (from: number, to: number): Loss[] =>
  Array.from({ length: to - from }, (_, at) => ({
    ...{ node: `n${from + at}`, direction: 'outgoing', deed: 'delete' },
    ...{ lost: `c${from + at}`, time: 0, made: '' },
  }));

const without = (count: number, gone: number, more: Record<string, Entry> = {}): MemoryTree => {
  const tree = treeOf(count, more);
  for (let at = 0; at < gone; at += 1) tree.set(`n${at}`, undefined);
  return tree;
};

describe('[S15] lossOf: what becomes of a content', () => {
  const before = file([ROOT, 'f'], 'old');
  const step = (after: Entry | undefined, from: Entry | undefined = before) =>
    lossOf('incoming', { node: 'n', before: from, after })?.deed;

  it.each([
    ['a deletion', undefined, 'delete'],
    ['other bytes', file([ROOT, 'f'], 'new'), 'overwrite'],
    ['another place', file(['d', 'g'], 'old'), undefined],
    ['[B22] another time', file([ROOT, 'f'], 'old', { mtime: 5 }), undefined],
    ['[B22] another mode', file([ROOT, 'f'], 'old', { executable: true }), undefined],
  ])('%s', (_name, after, deed) => {
    expect(step(after)).toBe(deed);
  });

  it('what is new, a directory or a symlink loses nothing', () => {
    expect(lossOf('incoming', { node: 'n', before: undefined, after: before })).toBeUndefined();
    expect(step(undefined, directory(ROOT, 'd'))).toBeUndefined();
    expect(step(symlink(ROOT, 'l', 'x'), symlink(ROOT, 'l', 'y'))).toBeUndefined();
  });
});

describe('[S15] lossesOf: of a file that is gone, and another at its path', () => {
  const from = treeOf(2, { d: directory(ROOT, 'd'), x: file(['d', 'x'], 'cx') });
  const steps = ['n0', 'n1', 'x'].map((node) => ({
    node,
    before: from.get(node),
    after: undefined,
  }));
  const deeds = (target: MemoryTree) =>
    [...lossesOf('incoming', steps, { from, target })].map(({ node, deed }) => `${node} ${deed}`);

  it('the content is overwritten, or not lost at all', () => {
    const again = new MemoryTree<Entry>([
      ['e', directory(ROOT, 'd')],
      ['y', file(['e', 'x'], 'other')],
      ['m', file([ROOT, 'f0'], 'c0')],
    ]);
    expect(deeds(again)).toEqual(['n1 delete', 'x overwrite']);
  });

  it('what else is there is no file of that name', () => {
    const other = new MemoryTree<Entry>([
      ['m', directory(ROOT, 'f0')],
      ['d', directory(ROOT, 'd')],
      ['y', file(['d', 'y'], 'cx')],
    ]);
    expect(deeds(other)).toEqual(['n0 delete', 'n1 delete', 'x delete']);
  });
});

describe('[S15] massOf: what is asked about', () => {
  const asked = (count: number, gone: number, limit = LIMIT): number =>
    massOf(
      { losses: lost(0, gone), recent: [], ...trees(treeOf(count), without(count, gone)) },
      limit,
    ).length;

  it.each([
    [7, 3, 0],
    [8, 4, 4],
    [9, 4, 0],
    [1, 1, 0],
    [2, 2, 2],
    [3, 2, 0],
    [1000, 100, 0],
    [1000, 101, 101],
  ])('of %i files %i: %i', (count, gone, mass) => {
    expect(asked(count, gone)).toBe(mass);
  });

  it('counts what was let through a while ago, and asks only about the rest', () => {
    const mass = { losses: lost(3, 4), recent: lost(0, 3) };
    const both = trees(without(8, 3), without(8, 4));
    expect(massOf({ ...mass, ...both }, LIMIT)).toEqual(lost(3, 4));
    expect(massOf({ ...mass, recent: lost(0, 2), ...both }, LIMIT)).toEqual([]);
  });

  it('counts a file once, however often it is met', () => {
    const both = trees(treeOf(8), without(8, 3));
    expect(massOf({ losses: lost(0, 3), recent: lost(0, 3), ...both }, LIMIT)).toEqual([]);
  });

  it('a content that lives on elsewhere is moved, once for each place', () => {
    const same = lost(0, 4).map((loss) => ({ ...loss, lost: 'same' }));
    const copies = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, at) => [`m${at}`, file(['d', `g${at}`], 'same')]),
      );
    const mass = (count: number) =>
      massOf(
        {
          ...{ losses: same, recent: [] },
          ...trees(treeOf(5), without(5, 4, { d: directory(ROOT, 'd'), ...copies(count) })),
        },
        { ...LIMIT, least: 3 },
      );
    expect(mass(4)).toEqual([]);
    expect(mass(2)).toEqual([]);
    expect(mass(1)).toHaveLength(3);
  });

  it('contents that change places are overwritten, and not lost', () => {
    const losses = lost(0, 4).map((loss, at) => ({
      ...{ ...loss, deed: 'overwrite' as const, made: `c${3 - at}` },
    }));
    const target = treeOf(4);
    for (let at = 0; at < 4; at += 1) target.set(`n${at}`, file([ROOT, `f${at}`], `c${3 - at}`));
    expect(massOf({ losses, recent: [], ...trees(treeOf(4), target) }, LIMIT)).toEqual([]);
  });

  it('asks only about the deeds that were named', () => {
    expect(limitsOf(['delete']).overwrite).toBeUndefined();
    expect(limitsOf(['delete'], { over: 7, share: 1 }).delete).toMatchObject({ over: 7, share: 1 });
  });
});
