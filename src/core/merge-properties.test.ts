import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allIds,
  changedIds,
  entriesOf,
  inputOf,
  type ThreeTrees,
  threeTrees,
} from '../../test/small-worlds/three-trees.ts';
import { difference } from './difference.ts';
import { type Entry, plain, sameBytes, type Versioned } from './entry.ts';
import { type Merged, merge } from './merge.ts';
import { MemoryTree, type Tree } from './tree.ts';

const RUNS = { numRuns: 1500 };

const forAll = (check: (trees: ThreeTrees) => void): void =>
  fc.assert(fc.property(threeTrees, check), RUNS);

const mergeOf = (trees: ThreeTrees, changed = changedIds(trees)): Merged =>
  merge(inputOf(trees, changed));

/** Every node that any of the trees or the target knows. */
const nodesOf = (trees: ThreeTrees, { target }: Merged): string[] => [
  ...new Set([...allIds(trees), ...target.touched]),
];

const asMemory = (tree: Tree): MemoryTree => new MemoryTree(entriesOf(tree));

/** What the server has after it took the target: changed aspects have new versions. */
function taken(remote: Tree<Versioned>, target: Tree): MemoryTree<Versioned> {
  const stamped = [...entriesOf(target)].map(([id, entry]): [string, Versioned] => {
    const { placeVersion = 1000, contentVersion = 1000 } = remote.get(id) ?? {};
    const [step] = difference(remote, target, [id]);
    const versions =
      step === undefined
        ? { placeVersion, contentVersion }
        : { placeVersion: placeVersion + 1000, contentVersion: contentVersion + 1000 };
    return [id, { ...entry, ...versions, author: 'Anna' }];
  });
  return new MemoryTree(stamped);
}

describe('merge, of any three trees', () => {
  it('is total, and the target is one tree with one node per name', () => {
    forAll((trees) => {
      const merged = mergeOf(trees);
      const there = nodesOf(trees, merged).filter((id) => merged.target.get(id) !== undefined);
      const whole = entriesOf(merged.target);
      expect([...whole.keys()]).toEqual(there.sort());
      const places = [...whole.values()].map(({ parent, name }) => `${parent}/${name}`);
      expect(new Set(places).size).toBe(places.length);
      for (const { parent } of whole.values())
        if (parent !== 'root') expect(whole.get(parent)?.kind).toBe('directory');
    });
  });

  it('is deterministic, in whatever order the changed nodes are named', () => {
    fc.assert(
      fc.property(threeTrees, fc.infiniteStream(fc.nat()), (trees, numbers) => {
        const changed = changedIds(trees);
        const weights = new Map(changed.map((id) => [id, numbers.next().value]));
        const shuffled = changed.toSorted((a, b) => (weights.get(a) ?? 0) - (weights.get(b) ?? 0));
        const [once, again] = [mergeOf(trees, changed), mergeOf(trees, shuffled)];
        expect(entriesOf(again.target)).toEqual(entriesOf(once.target));
        expect(again.copies).toEqual(once.copies);
      }),
      RUNS,
    );
  });

  it('is the same when more than the changed nodes are named', () => {
    forAll((trees) => {
      const [once, more] = [mergeOf(trees), mergeOf(trees, [...allIds(trees), 'nowhere'])];
      expect(entriesOf(more.target)).toEqual(entriesOf(once.target));
      expect(more.copies).toEqual(once.copies);
    });
  });

  it('leaves the three trees as they were', () => {
    forAll((trees) => {
      const before = [trees.synced, trees.local, trees.remote].map(entriesOf);
      mergeOf(trees);
      expect([trees.synced, trees.local, trees.remote].map(entriesOf)).toEqual(before);
    });
  });

  it('converges: when both differences are carried out, there is nothing left to do', () => {
    forAll((trees) => {
      const { target } = mergeOf(trees);
      const remote = taken(trees.remote, target);
      const after = { synced: remote, local: asMemory(target), remote };
      expect(changedIds(after)).toEqual([]);
      const again = mergeOf(after, allIds(after));
      expect(again.copies).toEqual([]);
      expect(entriesOf(again.target)).toEqual(entriesOf(target));
    });
  });

  it('[S7] [S8] converges: when only the disk is done, the target is still the same', () => {
    forAll((trees) => {
      const { target } = mergeOf(trees);
      const after = { ...trees, synced: trees.remote, local: asMemory(target) };
      const again = mergeOf(after);
      expect(again.copies).toEqual([]);
      expect(entriesOf(again.target)).toEqual(entriesOf(target));
    });
  });

  it('[S7] [D03] and when the disk is done, but nothing of it was recorded', () => {
    forAll((trees) => {
      const { target } = mergeOf(trees);
      const again = mergeOf({ ...trees, local: asMemory(target) });
      const held = [...entriesOf(again.target).values()];
      for (const entry of entriesOf(target).values())
        expect(held.some((other) => sameBytes(other, entry))).toBe(true);
    });
  });

  it('terminates: wherever rounds are cut off, the first whole one leaves nothing to do', () => {
    const cuts = fc.array(fc.constantFrom('disk', 'nothing recorded'), { maxLength: 4 });
    fc.assert(
      fc.property(threeTrees, cuts, (trees, cutOff) => {
        let now = trees;
        for (const cut of cutOff) {
          const local = asMemory(mergeOf(now).target);
          now = cut === 'disk' ? { ...now, synced: now.remote, local } : { ...now, local };
        }
        const remote = taken(now.remote, mergeOf(now).target);
        const rest = { synced: remote, local: asMemory(mergeOf(now).target), remote };
        const last = mergeOf(rest, allIds(rest));
        expect(difference(rest.local, last.target, allIds(rest))).toEqual([]);
        expect(difference(remote, last.target, allIds(rest))).toEqual([]);
        expect(last.copies).toEqual([]);
      }),
      RUNS,
    );
  });

  it('keeps data: what either side changed since both agreed is in the target', () => {
    forAll((trees) => {
      const held = [...entriesOf(mergeOf(trees).target).values()];
      for (const side of [trees.local, trees.remote]) {
        for (const [id, entry] of entriesOf(side)) {
          const synced = trees.synced.get(id);
          if (synced !== undefined && sameBytes(synced, entry)) continue;
          expect(held.some((other) => sameBytes(other, entry))).toBe(true);
        }
      }
    });
  });

  it('invents nothing: every content of the target is one of the two sides’', () => {
    forAll((trees) => {
      const sides = [...entriesOf(trees.local).values(), ...entriesOf(trees.remote).values()];
      const isKnown = (entry: Entry) => sides.some((other) => sameBytes(other, entry));
      for (const entry of entriesOf(mergeOf(trees).target).values())
        expect(isKnown(entry) || entry.kind === 'directory').toBe(true);
    });
  });

  it('leaves a lone client’s tree as it is, and what only others changed too', () => {
    forAll(({ local, remote, synced }) => {
      const alone = mergeOf({ synced, local, remote: synced });
      expect(entriesOf(alone.target)).toEqual(entriesOf(local));
      expect(alone.copies).toEqual([]);
      const idle = { synced, remote, local: asMemory(synced) };
      expect(entriesOf(mergeOf(idle).target)).toEqual(entriesOf(remote));
      expect(mergeOf(idle).copies).toEqual([]);
    });
  });

  it('two sides that are equal stay as they are, whatever was agreed', () => {
    forAll(({ synced, remote }) => {
      const merged = mergeOf({ synced, remote, local: asMemory(remote) });
      expect(entriesOf(merged.target)).toEqual(entriesOf(remote));
      expect(merged.copies).toEqual([]);
    });
  });

  it('[M7] what the server has in a place keeps it, unless it was moved or deleted here', () => {
    forAll((trees) => {
      const { target } = mergeOf(trees);
      for (const [id, there] of trees.remote.entries()) {
        const here = trees.local.get(id);
        const synced = trees.synced.get(id);
        const isIdleHere = here !== undefined && synced !== undefined && sameBytes(here, synced);
        if (!isIdleHere || here.parent !== synced.parent || here.name !== synced.name) continue;
        expect(target.get(id)).toMatchObject({ parent: there.parent, name: there.name });
      }
    });
  });

  it('[M8] what shelters is not removed, nor what is above it', () => {
    fc.assert(
      fc.property(threeTrees, fc.nat(), (trees, which) => {
        const ids = allIds(trees);
        const sheltered = ids[which % Math.max(ids.length, 1)];
        const isThere = [trees.local, trees.remote].some((tree) => tree.get(sheltered ?? ''));
        const { target } = merge({ ...inputOf(trees), sheltered: (id) => id === sheltered });
        if (isThere) expect(entriesOf(target).has(sheltered ?? '')).toBe(true);
      }),
      RUNS,
    );
  });

  it('[X8] offers nothing that would undo what others did: what is idle here is as there', () => {
    forAll(({ synced, remote }) => {
      const merged = mergeOf({ synced, remote, local: new MemoryTree<Entry>(plainOf(synced)) });
      expect(difference(remote, merged.target, [...merged.target.touched])).toEqual([]);
    });
  });
});

describe('[M9] merge, of any three trees whose texts can be merged', () => {
  const content = (id: string) => ({
    checksum: `both of ${id}`,
    size: 9,
    mtime: 9,
    executable: false,
  });
  /** Every content, or of some nodes only. */
  const some = fc.constantFrom(
    () => true,
    (id: string) => id < 'c',
  );

  const forSome = (
    check: (trees: ThreeTrees, merged: Merged, asked: ReadonlySet<string>) => void,
  ): void =>
    fc.assert(
      fc.property(threeTrees, some, (trees, isText) => {
        const asked = new Set<string>();
        const mergedContent = (id: string) => {
          if (isText(id)) asked.add(id);
          return isText(id) ? content(id) : undefined;
        };
        check(trees, merge({ ...inputOf(trees, changedIds(trees)), mergedContent }), asked);
      }),
      RUNS,
    );

  it('is total: a merged text has the place of its node, and no copy', () => {
    forSome((trees, { target, copies }, asked) => {
      for (const id of asked) {
        expect(target.get(id)).toMatchObject(content(id));
        expect(copies.map(({ of }) => of)).not.toContain(id);
      }
      const places = [...entriesOf(target).values()].map(({ parent, name }) => `${parent}/${name}`);
      expect(new Set(places).size).toBe(places.length);
      expect(trees.local.get('nowhere')).toBeUndefined();
    });
  });

  it('asks for nothing but files that both sides hold, and changed otherwise', () => {
    forSome(({ synced, local, remote }, _, asked) => {
      for (const id of asked) {
        const sides = [local.get(id), remote.get(id)];
        expect(sides.map((entry) => entry?.kind)).toEqual(['file', 'file']);
        const [here, there] = sides as [Entry, Entry];
        expect(sameBytes(here, there)).toBe(false);
        const before = synced.get(id);
        if (before === undefined) continue;
        expect(sameBytes(before, here) || sameBytes(before, there)).toBe(false);
      }
    });
  });

  it('keeps data: all other contents are there as ever', () => {
    forSome((trees, { target }, asked) => {
      const held = [...entriesOf(target).values()];
      for (const side of [trees.local, trees.remote]) {
        for (const [id, entry] of entriesOf(side)) {
          const before = trees.synced.get(id);
          if (asked.has(id) || (before !== undefined && sameBytes(before, entry))) continue;
          expect(held.some((other) => sameBytes(other, entry))).toBe(true);
        }
      }
    });
  });

  it('converges: when both differences are carried out, there is nothing left to do', () => {
    forSome((trees, { target }) => {
      const remote = taken(trees.remote, target);
      const after = { synced: remote, local: asMemory(target), remote };
      const again = mergeOf(after, allIds(after));
      expect(entriesOf(again.target)).toEqual(entriesOf(target));
      expect(again.copies).toEqual([]);
    });
  });

  it('[S7] converges: when only the disk is done, the merged text is an edit of the server’s', () => {
    forSome((trees, { target }) => {
      const after = { ...trees, synced: trees.remote, local: asMemory(target) };
      expect(entriesOf(mergeOf(after).target)).toEqual(entriesOf(target));
    });
  });
});

const plainOf = (tree: MemoryTree<Versioned>): [string, Entry][] =>
  [...tree.entries()].map(([id, entry]) => [id, plain(entry)]);
