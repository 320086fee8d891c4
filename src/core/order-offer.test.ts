import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  directory,
  file,
  type Known,
  type Situation,
  situation,
} from '../../test/small-worlds/hand-made.ts';
import {
  changedIds,
  entriesOf,
  inputOf,
  type ThreeTrees,
  threeTrees,
} from '../../test/small-worlds/three-trees.ts';
import { difference, type Step } from './difference.ts';
import { type Entry, type NodeId, ROOT, type Versioned } from './entry.ts';
import { judge } from './judge.ts';
import { merge } from './merge.ts';
import { offerOf } from './offer.ts';
import { orderOffer } from './order-offer.ts';
import { Overlay, type Tree } from './tree.ts';

type OfferStep = Step<Versioned>;

const f = (parent: string, name: string) => file([parent, name], 'x');
const [a, b, c] = [directory(ROOT, 'a'), directory(ROOT, 'b'), directory(ROOT, 'c')];

/** The groups in which one client alone offers what it did, by node ids. */
function groupsOf(before: Known, after: Known, steps?: readonly NodeId[]): string[] {
  const { synced, local } = situation({ synced: before, local: after });
  const ids = steps ?? Object.keys({ ...before, ...after }).sort();
  const groups = orderOffer(difference(synced, local, ids), { remote: synced, target: local });
  expect(refusal(synced, groups)).toBeUndefined();
  return groups.map((group) =>
    group
      .map(({ node }) => node)
      .sort()
      .join(' '),
  );
}

/** Sends each group as a commit of its own; answers what the server refuses, or what it has in the end. */
function send(remote: Tree<Versioned>, groups: readonly OfferStep[][]): Tree | string {
  const server = new Overlay(remote);
  let cursor = 5000;
  for (const group of groups) {
    const judgement = judge(server, { changes: group.map(offerOf), cursor, author: 'Anna' });
    if (judgement.type === 'refused') return JSON.stringify(judgement.refusals);
    for (const { node, after } of judgement.applied) server.set(node, after);
    cursor += group.length;
  }
  return server;
}

function refusal(remote: Tree<Versioned>, groups: readonly OfferStep[][]): string | undefined {
  const end = send(remote, groups);
  return typeof end === 'string' ? end : undefined;
}

describe('[C3] what travels together', () => {
  it('single changes travel alone', () => {
    expect(groupsOf({ a, b, f: f('a', 'f') }, { a, f: f('a', 'g'), n: f(ROOT, 'n') })).toEqual([
      'b',
      'f',
      'n',
    ]);
  });

  it('[X1] [A13] a swap is one group, of two or of three', () => {
    expect(groupsOf({ a, b }, { a: { ...a, name: 'b' }, b: { ...b, name: 'a' } })).toEqual(['a b']);
    const round = { a: { ...a, name: 'b' }, b: { ...b, name: 'c' }, c: { ...c, name: 'a' } };
    expect(groupsOf({ a, b, c }, round)).toEqual(['a b c']);
  });

  it('a chain of names is no swap: the last moves first', () => {
    const along = { a: { ...a, name: 'b' }, b: { ...b, name: 'c' }, c: { ...c, name: 'd' } };
    expect(groupsOf({ a, b, c }, along)).toEqual(['c', 'b', 'a']);
  });

  it('[X1] [A14] an inversion under one name is one group, under two names none', () => {
    const inner = { a, b: directory('a', 'a') };
    expect(groupsOf(inner, { a: directory('b', 'a'), b: a })).toEqual(['a b']);
    const named = { a, b: directory('a', 'b') };
    expect(groupsOf(named, { a: directory('b', 'a'), b })).toEqual(['b', 'a']);
  });

  it('[A14] an inversion of three levels: from the innermost', () => {
    const before = { a, b: directory('a', 'b'), c: directory('b', 'c') };
    const after = { c, b: directory('c', 'b'), a: directory('b', 'a') };
    const [first, ...rest] = groupsOf(before, after);
    expect(first).toBe('c');
    expect(rest.join(' ').split(' ').sort()).toEqual(['a', 'b']);
  });

  it('[X1] take the child out, delete the parent, take its name: one group', () => {
    const before = { a, f: f('a', 'f') };
    expect(groupsOf(before, { f: f(ROOT, 'a') })).toEqual(['a f']);
    expect(groupsOf(before, { f: f(ROOT, 'f') })).toEqual(['f', 'a']);
  });

  it('parents come before what is made in them, and after what is deleted in them', () => {
    const all = { f: f('b', 'f'), a, b: directory('a', 'b') };
    expect(groupsOf({}, all, ['f', 'b', 'a'])).toEqual(['a', 'b', 'f']);
    expect(groupsOf(all, {}, ['a', 'b', 'f'])).toEqual(['f', 'b', 'a']);
  });

  it('a directory is moved before something is moved into it by its new way', () => {
    const before = { a, b, f: f(ROOT, 'f') };
    const after = { a: directory('b', 'x'), b, f: f('a', 'f') };
    expect(groupsOf(before, after, ['f', 'a'])).toEqual(['a', 'f']);
  });

  it('a name is given up, by a deletion or a move, before it is taken', () => {
    expect(groupsOf({ z: f(ROOT, 'n') }, { m: f(ROOT, 'n') }, ['m', 'z'])).toEqual(['z', 'm']);
    const moved = { z: f(ROOT, 'o'), m: f(ROOT, 'n') };
    expect(groupsOf({ z: f(ROOT, 'n') }, moved, ['m', 'z'])).toEqual(['z', 'm']);
  });

  it('an edit waits for nothing', () => {
    const before = { a, f: f('a', 'f') };
    const after = { a: { ...a, name: 'n' }, f: file(['a', 'f'], 'new') };
    expect(groupsOf(before, after, ['f', 'a'])).toEqual(['f', 'a']);
  });

  it('[A14] no directory comes to be below itself on the way', () => {
    const before = { a, b, c: directory('b', 'c') };
    const after = { a: directory('c', 'a'), b: directory('a', 'b'), c };
    expect(groupsOf(before, after, ['a', 'b', 'c']).at(0)).toBe('c');
    // Where it goes stays where it is, in something that has to move out first.
    const lower = { a, b: directory('a', 'b'), c: directory('b', 'c') };
    expect(groupsOf(lower, { b, c: lower.c, a: directory('c', 'a') }, ['a', 'b'])).toEqual([
      'b',
      'a',
    ]);
  });

  it('nothing to offer is no group', () => {
    expect(groupsOf({ a }, { a })).toEqual([]);
  });
});

const offerOfTrees = (trees: ThreeTrees) => {
  const changed = changedIds(trees);
  const { target } = merge(inputOf(trees, changed));
  const steps = difference(trees.remote, target, new Set([...changed, ...target.touched]));
  return { target, steps, groups: orderOffer(steps, { remote: trees.remote, target }) };
};

describe('[C3] of any three trees', () => {
  const forAll = (check: (trees: ThreeTrees, number: number) => void): void =>
    fc.assert(fc.property(threeTrees, fc.nat(), check), { numRuns: 1500 });

  it('every change is in one group', () => {
    forAll((trees) => {
      const { steps, groups } = offerOfTrees(trees);
      const flat = groups.flat();
      expect(new Set(flat)).toEqual(new Set(steps));
      expect(flat).toHaveLength(steps.length);
    });
  });

  it('each group is a commit that the server takes, and in the end it has the target', () => {
    forAll((trees) => {
      const { target, groups } = offerOfTrees(trees);
      const end = send(trees.remote, groups);
      if (typeof end === 'string') throw new Error(end);
      expect(entriesOf(end)).toEqual(entriesOf(target));
    });
  });

  it('and so are all of them, and the first ones, and the rest, together', () => {
    forAll((trees, number) => {
      const { groups } = offerOfTrees(trees);
      const cut = number % (groups.length + 1);
      const [first, rest] = [groups.slice(0, cut).flat(), groups.slice(cut).flat()];
      expect(refusal(trees.remote, [groups.flat()])).toBeUndefined();
      expect(refusal(trees.remote, [first, rest])).toBeUndefined();
    });
  });

  it('the order in which the changes are given does not matter to the server', () => {
    forAll((trees, number) => {
      const { target, steps } = offerOfTrees(trees);
      const cut = number % (steps.length + 1);
      const turned = [...steps.slice(cut), ...steps.slice(0, cut)].reverse();
      const groups = orderOffer(turned, { remote: trees.remote, target });
      expect(refusal(trees.remote, groups)).toBeUndefined();
    });
  });
});

describe('[C31] large offers', () => {
  const offer = (given: Situation): OfferStep[][] => {
    const { synced, local, changed } = situation(given);
    const groups = orderOffer(difference(synced, local, changed), {
      remote: synced,
      target: local,
    });
    expect(refusal(synced, groups)).toBeUndefined();
    return groups;
  };

  const files = (count: number): [NodeId, Entry][] =>
    Array.from({ length: count }, (_, at) => [`n${at}`, f('a', `${at}`)]);

  const deep = (side = ''): Known =>
    Object.fromEntries(
      Array.from({ length: 1000 }, (_, at) => [
        `n${at}`,
        directory(at === 0 ? ROOT : `n${at - 1}`, `${side}d`),
      ]),
    );

  it('20,000 creations in one directory, which comes first', () => {
    const groups = offer({ local: Object.fromEntries([...files(20_000), ['a', a]]) });
    expect(groups).toHaveLength(20_001);
    expect(groups[0]?.[0]?.node).toBe('a');
  });

  it('20,000 deletions, and their directory last', () => {
    const groups = offer({ synced: Object.fromEntries([['a', a], ...files(20_000)]) });
    expect(groups).toHaveLength(20_001);
    expect(groups.at(-1)?.[0]?.node).toBe('a');
  });

  it('a ring of 2,000 names is one group', () => {
    const names = Array.from({ length: 2000 }, (_, at) => at);
    const before = Object.fromEntries(names.map((at) => [`n${at}`, f(ROOT, `${at}`)]));
    const after = Object.fromEntries(names.map((at) => [`n${at}`, f(ROOT, `${(at + 1) % 2000}`)]));
    expect(offer({ synced: before, local: after })).toHaveLength(1);
  });

  it('1,000 directories, one in the other: made, renamed and deleted', () => {
    expect(offer({ local: deep() })).toHaveLength(1000);
    expect(offer({ synced: deep(), local: deep('new ') })).toHaveLength(1000);
    expect(offer({ synced: deep() })).toHaveLength(1000);
  });

  it('20,000 creations: the trees are asked a few times for each', () => {
    const { synced, local, changed } = situation({ local: Object.fromEntries(files(20_000)) });
    const steps = difference(synced, local, changed);
    const [remote, target] = [new Counted(synced), new Counted(local)];
    expect(orderOffer(steps, { remote, target })).toHaveLength(20_000);
    expect(remote.asked + target.asked).toBeLessThan(5 * 20_000);
  });
});

/** Counts what it is asked. */
class Counted<E extends Entry> implements Tree<E> {
  asked = 0;
  readonly #tree: Tree<E>;

  constructor(tree: Tree<E>) {
    this.#tree = tree;
  }

  get(id: NodeId): E | undefined {
    this.asked += 1;
    return this.#tree.get(id);
  }

  find(parent: NodeId, name: string): NodeId | undefined {
    this.asked += 1;
    return this.#tree.find(parent, name);
  }

  named(parent: NodeId, name: string): readonly NodeId[] {
    this.asked += 1;
    return this.#tree.named(parent, name);
  }

  *children(parent: NodeId): Iterable<NodeId> {
    for (const id of this.#tree.children(parent)) {
      this.asked += 1;
      yield id;
    }
  }
}
