import { expect, it } from 'vitest';
import { directory, file, versioned } from '../../test/small-worlds/hand-made.ts';
import type { Entry, NodeId } from './entry.ts';
import { ROOT } from './entry.ts';
import { judge } from './judge.ts';
import { rewind } from './rewind.ts';
import { MemoryTree, pathOf } from './tree.ts';

type Entries = Readonly<Record<NodeId, Entry>>;

const treeOf = (entries: Entries) =>
  new MemoryTree(
    Object.entries(entries).map(([id, entry]) => [id, versioned(entry, { place: 1, content: 1 })]),
  );

interface Was {
  readonly now: Entries;
  /** Of those that have changed since. */
  readonly past: Readonly<Record<NodeId, Entry | undefined>>;
  readonly node: NodeId;
  readonly stays?: boolean;
}

/** The paths afterwards, with their nodes. */
function after({ now, past, node, stays = true }: Was): Record<string, NodeId> {
  const tree = treeOf(now);
  const meant = [{ node, stays }];
  const nothing = { lost: new Set<NodeId>(), mark: 'rewound' };
  const plan = rewind({ now: tree, past: new Map(Object.entries(past)), meant, ...nothing });
  const judgement = judge(tree, { changes: plan.changes, cursor: 9, author: 'Anna' });
  if (judgement.type === 'refused') throw new Error(JSON.stringify(judgement.refusals));
  for (const one of judgement.applied) tree.set(one.node, one.after);
  return Object.fromEntries([...tree.ids()].map((id) => [pathOf(tree, id)?.join('/'), id]).sort());
}

const f = (parent: NodeId, name: string) => file([parent, name], 'F');

it('deletes what is new, makes what is gone again, and lets the directory stay where it is now', () => {
  const now = { d: directory(ROOT, 'now'), new: f('d', 'new'), same: f('d', 'same') };
  const past = { d: directory(ROOT, 'then'), new: undefined, gone: f('d', 'gone') };
  expect(after({ now, past, node: 'd' })).toEqual({
    now: 'd',
    'now/gone': 'gone',
    'now/same': 'same',
  });
});

it('brings back what was moved out, and takes back what was moved in, with what is in it', () => {
  const now = {
    d: directory(ROOT, 'd'),
    out: f(ROOT, 'elsewhere'),
    in: directory('d', 'in'),
    new: f('in', 'new'),
  };
  const past = { out: f('d', 'out'), in: directory(ROOT, 'home'), new: undefined };
  expect(after({ now, past, node: 'd' })).toEqual({
    d: 'd',
    'd/out': 'out',
    home: 'in',
    'home/new': 'new',
  });
});

it('keeps beside itself what cannot go back to where it was', () => {
  const now = {
    d: directory(ROOT, 'd'),
    one: f('d', 'one'),
    two: f('d', 'two.txt'),
    other: f(ROOT, 'home.txt'),
  };
  const past = { one: f('gone', 'one'), two: f(ROOT, 'home.txt'), gone: directory(ROOT, 'gone') };
  expect(after({ now, past, node: 'd' })).toEqual({
    d: 'd',
    one: 'one',
    'home.txt': 'other',
    'home (rewound).txt': 'two',
  });
});

it('turns an inversion round', () => {
  const now = { in: directory(ROOT, 'in'), d: directory('in', 'd') };
  const past = { d: directory(ROOT, 'd'), in: directory('d', 'in') };
  expect(after({ now, past, node: 'd' })).toEqual({ d: 'd', 'd/in': 'in' });
});

it('makes the directories again that it was in, or takes those that took their places', () => {
  const past = { a: directory(ROOT, 'a'), b: directory('a', 'b'), x: f('b', 'x') };
  expect(after({ now: {}, past, node: 'x' })).toEqual({ a: 'a', 'a/b': 'b', 'a/b/x': 'x' });
  const now = { other: directory(ROOT, 'a') };
  expect(after({ now, past, node: 'x' })).toEqual({ a: 'other', 'a/b': 'b', 'a/b/x': 'x' });
  expect(after({ now: { other: f(ROOT, 'a') }, past, node: 'x' })).toEqual({
    a: 'other',
    'a (rewound)': 'a',
    'a (rewound)/b': 'b',
    'a (rewound)/b/x': 'x',
  });
});

it('comes back under a free name where its own is taken', () => {
  const now = { other: f(ROOT, 'x.txt'), another: f(ROOT, 'x (rewound).txt') };
  const past = { x: f(ROOT, 'x.txt') };
  expect(after({ now, past, node: 'x' })).toEqual({
    'x (rewound).txt': 'another',
    'x (rewound 2).txt': 'x',
    'x.txt': 'other',
  });
});

it('gives a node another kind when its id was used again', () => {
  const now = { x: directory(ROOT, 'x'), in: f('x', 'in') };
  const past = { x: f(ROOT, 'x'), in: undefined };
  expect(after({ now, past, node: ROOT })).toEqual({ x: 'x' });
});

it('goes down a thousand directories', () => {
  const deep: Record<NodeId, Entry> = {};
  for (let at = 0; at < 1_000; at += 1) deep[`${at}`] = directory(at ? `${at - 1}` : ROOT, 'd');
  expect(Object.keys(after({ now: {}, past: deep, node: ROOT }))).toHaveLength(1_000);
});
