import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { directory, file, show } from '../../test/small-worlds/hand-made.ts';
import { type Entry, type NodeId, ROOT } from './entry.ts';
import { above, below, MemoryTree, nodeAt, Overlay, pathOf, type Tree } from './tree.ts';

const sample = (): [NodeId, Entry][] => [
  ['d', directory(ROOT, 'd')],
  ['e', directory('d', 'e')],
  ['f', file(['e', 'f'], 'x')],
  ['g', file([ROOT, 'g'], 'y')],
];

/** What a chain of directories, one in the other, is called at each level. */
const chain = (depth: number): [NodeId, Entry][] =>
  Array.from({ length: depth }, (_, at) => [`n${at}`, directory(at ? `n${at - 1}` : ROOT, 'd')]);

describe('MemoryTree', () => {
  it('finds by place, and nothing where nothing is', () => {
    const tree = new MemoryTree(sample());
    expect(tree.size).toBe(4);
    expect([...tree.ids()]).toEqual(['d', 'e', 'f', 'g']);
    expect([...tree.entries()]).toEqual(sample());
    expect(tree.find(ROOT, 'd')).toBe('d');
    expect(tree.find('e', 'f')).toBe('f');
    expect(tree.find(ROOT, 'f')).toBeUndefined();
    expect(tree.find('nowhere', 'f')).toBeUndefined();
    expect(tree.named(ROOT, 'f')).toEqual([]);
    expect([...tree.children('nowhere')]).toEqual([]);
    expect(tree.get(ROOT)).toBeUndefined();
  });

  it('twins under one name: find answers one, named both, and each can go', () => {
    const tree = new MemoryTree(sample());
    tree.set('twin', file([ROOT, 'g'], 'z'));
    expect([...tree.named(ROOT, 'g')].sort()).toEqual(['g', 'twin']);
    expect(['g', 'twin']).toContain(tree.find(ROOT, 'g'));
    expect([...tree.children(ROOT)].sort()).toEqual(['d', 'g', 'twin']);
    tree.set('g', undefined);
    expect(tree.named(ROOT, 'g')).toEqual(['twin']);
    tree.set('twin', undefined);
    expect(tree.named(ROOT, 'g')).toEqual([]);
  });

  it('a list that was answered does not change later', () => {
    const tree = new MemoryTree(sample());
    const before = tree.named(ROOT, 'g');
    tree.set('twin', file([ROOT, 'g'], 'z'));
    expect(before).toEqual(['g']);
  });

  it('set twice is once, and a move leaves its old place', () => {
    const tree = new MemoryTree(sample());
    tree.set('g', file(['d', 'h'], 'y'));
    tree.set('g', file(['d', 'h'], 'y'));
    expect(tree.find(ROOT, 'g')).toBeUndefined();
    expect(tree.named('d', 'h')).toEqual(['g']);
    expect([...tree.children('d')]).toEqual(['e', 'g']);
    tree.set('nowhere', undefined);
    expect(tree.size).toBe(4);
  });
});

const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const parents = fc.constantFrom(ROOT, 'a', 'b', 'c');
const names = fc.constantFrom('x', 'y', 'z');
const entries = fc.option(
  fc.record({ parent: parents, name: names }).map(({ parent, name }) => directory(parent, name)),
  { nil: undefined, freq: 3 },
);
const sets = fc.array(fc.tuple(ids, entries), { maxLength: 20 });

/** What a tree has to answer, computed the slow way. */
function expectLike(tree: Tree, naive: ReadonlyMap<NodeId, Entry>): void {
  for (const id of ['a', 'b', 'c', 'd', 'e']) expect(tree.get(id)).toEqual(naive.get(id));
  for (const parent of [ROOT, 'a', 'b', 'c']) {
    const all = [...naive].filter(([, entry]) => entry.parent === parent);
    expect([...tree.children(parent)].sort()).toEqual(all.map(([id]) => id).sort());
    for (const name of ['x', 'y', 'z']) {
      const alike = all.filter(([, entry]) => entry.name === name).map(([id]) => id);
      expect([...tree.named(parent, name)].sort()).toEqual(alike.sort());
      if (alike.length === 0) expect(tree.find(parent, name)).toBeUndefined();
      else expect(alike).toContain(tree.find(parent, name));
    }
  }
}

function setIn(naive: Map<NodeId, Entry>, id: NodeId, entry: Entry | undefined): void {
  if (entry === undefined) naive.delete(id);
  else naive.set(id, entry);
}

describe('against a naive map', () => {
  it('MemoryTree, whatever is set in whatever order', () => {
    fc.assert(
      fc.property(sets, (steps) => {
        const [tree, naive] = [new MemoryTree(), new Map<NodeId, Entry>()];
        for (const [id, entry] of steps) {
          tree.set(id, entry);
          setIn(naive, id, entry);
          expect(tree.size).toBe(naive.size);
        }
        expectLike(tree, naive);
      }),
      { numRuns: 300 },
    );
  });

  it('Overlay, over a tree and over another overlay, and the base stays as it was', () => {
    fc.assert(
      fc.property(sets, sets, sets, (first, second, third) => {
        const [base, below_] = [new MemoryTree(), new Map<NodeId, Entry>()];
        for (const [id, entry] of first) {
          base.set(id, entry);
          setIn(below_, id, entry);
        }
        const [lower, naive] = [new Overlay(base), new Map(below_)];
        for (const [id, entry] of second) {
          lower.set(id, entry);
          setIn(naive, id, entry);
        }
        const [upper, onTop] = [new Overlay(lower), new Map(naive)];
        for (const [id, entry] of third) {
          upper.set(id, entry);
          setIn(onTop, id, entry);
        }
        expectLike(base, below_);
        expectLike(lower, naive);
        expectLike(upper, onTop);
        expect(new Set(lower.touched)).toEqual(new Set(second.map(([id]) => id)));
      }),
      { numRuns: 300 },
    );
  });

  it('Overlay: a node that was set to what the base says is touched, and there once', () => {
    const overlay = new Overlay(new MemoryTree(sample()));
    overlay.set('g', file([ROOT, 'g'], 'y'));
    expect([...overlay.touched]).toEqual(['g']);
    expect(overlay.named(ROOT, 'g')).toEqual(['g']);
    expect([...overlay.children(ROOT)].sort()).toEqual(['d', 'g']);
  });
});

describe('paths', () => {
  const tree = new MemoryTree(sample());

  it('pathOf and nodeAt are each other’s other way', () => {
    expect(pathOf(tree, 'f')).toEqual(['d', 'e', 'f']);
    expect(pathOf(tree, ROOT)).toEqual([]);
    expect(nodeAt(tree, ['d', 'e', 'f'])).toBe('f');
    expect(nodeAt(tree, [])).toBe(ROOT);
    expect(nodeAt(tree, ['d', 'x', 'f'])).toBeUndefined();
    expect(nodeAt(tree, ['g', 'f'])).toBeUndefined();
  });

  it('there is no path through a parent that is missing, and none in or into a ring', () => {
    const odd = new MemoryTree<Entry>([
      ['orphan', file(['nowhere', 'f'], 'x')],
      ['a', directory('b', 'a')],
      ['b', directory('a', 'b')],
      ['self', directory('self', 'self')],
      ['into', directory('a', 'into')],
    ]);
    for (const id of ['orphan', 'a', 'b', 'self', 'into', 'unknown'])
      expect(pathOf(odd, id)).toBeUndefined();
  });

  it('above: nearest first, the root last; it ends where the tree does, and in a ring', () => {
    const odd = new MemoryTree<Entry>([
      ...sample(),
      ['orphan', file(['nowhere', 'f'], 'x')],
      ['a', directory('b', 'a')],
      ['b', directory('a', 'b')],
      ['into', directory('a', 'into')],
    ]);
    expect([...above(odd, 'f')]).toEqual(['e', 'd', ROOT]);
    expect([...above(odd, 'g')]).toEqual([ROOT]);
    expect([...above(odd, ROOT)]).toEqual([]);
    expect([...above(odd, 'unknown')]).toEqual([]);
    expect([...above(odd, 'orphan')]).toEqual(['nowhere']);
    expect([...above(odd, 'a')]).toEqual(['b']);
    expect([...above(odd, 'into')]).toEqual(['a', 'b']);
  });

  it('below: everything, parents before children', () => {
    const all = [...below(tree, ROOT)];
    expect([...all].sort()).toEqual(['d', 'e', 'f', 'g']);
    expect(all.indexOf('d')).toBeLessThan(all.indexOf('e'));
    expect(all.indexOf('e')).toBeLessThan(all.indexOf('f'));
    expect([...below(tree, 'd')]).toEqual(['e', 'f']);
    expect([...below(tree, 'f')]).toEqual([]);
    expect(show(tree)).toEqual(['d/', 'd/e/', 'd/e/f: x', 'g: y']);
  });

  it('[C31] a tree of depth 20,000 needs no stack', () => {
    const deep = new MemoryTree(chain(20_000));
    expect([...below(deep, ROOT)]).toHaveLength(20_000);
    expect([...above(deep, 'n19999')]).toHaveLength(20_000);
    expect(pathOf(deep, 'n19999')).toHaveLength(20_000);
  });

  it('[C31] a directory below that holds 200,000 things needs no stack', () => {
    const wide = new MemoryTree<Entry>([['d', directory(ROOT, 'd')]]);
    for (let at = 0; at < 200_000; at += 1) wide.set(`n${at}`, directory('d', `${at}`));
    let count = 0;
    for (const _ of below(wide, ROOT)) count += 1;
    expect(count).toBe(200_001);
  });
});
