import { describe, expect, it } from 'vitest';
import { directory, file, show } from '../../test/small-worlds/hand-made.ts';
import { type Entry, type NodeId, ROOT } from './entry.ts';
import { MemoryTree, pathOf } from './tree.ts';
import { Visible } from './visible.ts';

const sample = (): [NodeId, Entry][] => [
  ['d', directory(ROOT, 'd')],
  ['f', file(['d', 'f'], 'x')],
  ['h', directory('d', 'hidden')],
  ['e', directory('h', 'e')],
  ['g', file(['e', 'g'], 'y')],
  ['t', file(['d', 't.tmp'], 'z')],
  ['o', directory(ROOT, 'other')],
];

const hides = (path: readonly string[]): boolean =>
  path.at(-1) === 'hidden' || path.at(-1)?.endsWith('.tmp') === true;

const seen = (tree: MemoryTree) => new Visible(tree, hides);

describe('[S1] a visible tree', () => {
  it('is without what is hidden, and without all that is below it', () => {
    const visible = seen(new MemoryTree(sample()));
    expect(show(visible)).toEqual(['d/', 'd/f: x', 'other/']);
    for (const id of ['h', 'e', 'g', 't']) expect(visible.get(id)).toBeUndefined();
    expect(visible.get('f')).toEqual(file(['d', 'f'], 'x'));
    expect(visible.get('unknown')).toBeUndefined();
    expect(visible.get(ROOT)).toBeUndefined();
  });

  it.each([['g'], ['e', 'h', 'd'], ['h', 'g'], ['t', 'f', 'g']])(
    'whatever is asked first: %s',
    (...asked) => {
      const visible = seen(new MemoryTree(sample()));
      for (const id of asked) visible.get(id);
      expect(show(visible)).toEqual(['d/', 'd/f: x', 'other/']);
    },
  );

  it('answers by place and by name alike', () => {
    const visible = seen(new MemoryTree(sample()));
    expect(visible.find('d', 'f')).toBe('f');
    expect(visible.find('d', 'hidden')).toBeUndefined();
    expect(visible.find('h', 'e')).toBeUndefined();
    expect(visible.named('d', 't.tmp')).toEqual([]);
    expect([...visible.children('d')]).toEqual(['f']);
    expect([...visible.children('h')]).toEqual([]);
  });

  it('hides one of two under one name: the other is found', () => {
    const tree = new MemoryTree([...sample(), ['f2', file(['d', 'f'], 'other')]]);
    const visible = new Visible(tree, (_, __, id) => id === 'f');
    expect(visible.find('d', 'f')).toBe('f2');
    expect(visible.named('d', 'f')).toEqual(['f2']);
  });

  it('tells the rule the whole path, the entry and the node, and a directory only once', () => {
    const asked: string[] = [];
    const visible = new Visible(new MemoryTree(sample()), (path, { kind }, id) => {
      asked.push(`${path.join('/')} ${kind} ${id}`);
      return false;
    });
    visible.get('g');
    visible.get('g');
    expect(asked).toEqual([
      'd directory d',
      'd/hidden directory h',
      'd/hidden/e directory e',
      'd/hidden/e/g file g',
      'd/hidden/e/g file g',
    ]);
  });

  it('does not ask about what is below something hidden', () => {
    const asked: NodeId[] = [];
    const visible = new Visible(new MemoryTree(sample()), (_, __, id) => {
      asked.push(id);
      return id === 'd';
    });
    for (const id of ['g', 'f', 'h']) expect(visible.get(id)).toBeUndefined();
    expect(asked).toEqual(['d']);
  });

  it('what has no parent in the tree is not seen', () => {
    const tree = new MemoryTree([['orphan', file(['nowhere', 'f'], 'x')]]);
    expect(seen(tree).get('orphan')).toBeUndefined();
    expect(pathOf(seen(tree), 'orphan')).toBeUndefined();
  });

  it('[C31] a tree of depth 5,000 needs no stack', () => {
    const deep = new MemoryTree<Entry>();
    for (let at = 0; at < 5000; at += 1)
      deep.set(`n${at}`, directory(at === 0 ? ROOT : `n${at - 1}`, at === 2500 ? 'hidden' : 'd'));
    const visible = seen(deep);
    expect(visible.get('n4999')).toBeUndefined();
    expect(visible.get('n2499')).toBeDefined();
    expect(visible.hidesBelow('n2499')).toBe(true);
    const open = new Visible(deep, () => false);
    expect(open.get('n4999')).toBeDefined();
  });
});

describe('[S1] moves in and out', () => {
  it('what moves into a hidden directory is gone, with all that is below it', () => {
    const tree = new MemoryTree(sample());
    tree.set('o', directory('h', 'other'));
    tree.set('in', file(['o', 'in'], 'i'));
    expect(show(seen(tree))).toEqual(['d/', 'd/f: x']);
  });

  it('what moves out of one is there, with all that is below it', () => {
    const tree = new MemoryTree(sample());
    tree.set('e', directory(ROOT, 'e'));
    expect(show(seen(tree))).toEqual(['d/', 'd/f: x', 'e/', 'e/g: y', 'other/']);
  });

  it('renamed to a hidden name it is gone, renamed back it is there', () => {
    const tree = new MemoryTree(sample());
    tree.set('f', file(['d', 'f.tmp'], 'x'));
    expect(seen(tree).get('f')).toBeUndefined();
    tree.set('f', file(['d', 'f'], 'x'));
    expect(seen(tree).get('f')).toBeDefined();
  });
});

describe('[S2] hidesBelow', () => {
  const visible = seen(new MemoryTree(sample()));

  it('says whether a directory holds something that is not seen here', () => {
    expect(visible.hidesBelow('d')).toBe(true);
    expect(visible.hidesBelow('h')).toBe(true);
    expect(visible.hidesBelow('o')).toBe(false);
    expect(visible.hidesBelow(ROOT)).toBe(false);
    expect(visible.hidesBelow('f')).toBe(false);
  });

  it('looks one level down: what is above lives on as a parent', () => {
    const tree = new MemoryTree<Entry>([
      ['a', directory(ROOT, 'a')],
      ['b', directory('a', 'b')],
      ['t', file(['b', 't.tmp'], 'z')],
    ]);
    expect(seen(tree).hidesBelow('b')).toBe(true);
    expect(seen(tree).hidesBelow('a')).toBe(false);
  });
});
