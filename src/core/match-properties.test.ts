import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { directory } from '../../test/small-worlds/hand-made.ts';
import {
  aDirectory,
  aFile,
  type KnownNode,
  knownDirectory,
  knownFile,
  matchOf,
  type Thing,
  unclear,
} from '../../test/small-worlds/looks.ts';
import { type Entry, type NodeId, ROOT } from './entry.ts';
import type { Matched } from './match.ts';
import { below, MemoryTree } from './tree.ts';

/** What a person did to one known node since the last look: one thing at most. */
interface Did {
  readonly what: 'nothing' | 'move' | 'save' | 'remove' | 'make';
  readonly into: number;
  readonly name: string;
}

const aDid: fc.Arbitrary<Did> = fc.record({
  what: fc.constantFrom<Did['what'][]>(
    'nothing',
    'nothing',
    'move',
    'move',
    'save',
    'remove',
    'make',
  ),
  into: fc.nat(12),
  name: fc.constantFrom('a', 'b', 'c', 'd'),
});

interface Grown {
  readonly kind: 'file' | 'directory';
  readonly into: number;
  readonly name: string;
}

const aTree: fc.Arbitrary<Grown[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('file', 'directory', 'directory'),
    into: fc.nat(12),
    name: fc.constantFrom('a', 'b', 'c', 'd'),
  }),
  { maxLength: 14, size: 'max' },
);

const directories = (tree: MemoryTree): NodeId[] => [
  ROOT,
  ...[...tree.ids()].filter((id) => tree.get(id)?.kind === 'directory'),
];

const pick = (from: readonly NodeId[], at: number): NodeId => from[at % from.length] ?? ROOT;

function grow(grown: readonly Grown[]): MemoryTree {
  const tree = new MemoryTree<Entry>();
  for (const [at, { kind, into, name }] of grown.entries()) {
    const parent = pick(directories(tree), into);
    if (tree.find(parent, name) !== undefined) continue;
    const make = kind === 'file' ? knownFile : knownDirectory;
    tree.set(`k${at}`, make(parent, name)[0]);
  }
  return tree;
}

/** The disk after all that was done: each thing under the id that it should be found to be. */
function disk(known: MemoryTree, dids: readonly Did[]): { tree: MemoryTree; saved: Set<NodeId> } {
  const [tree, saved] = [new MemoryTree<Entry>(known.entries()), new Set<NodeId>()];
  for (const [at, id] of [...known.ids()].entries()) {
    const entry = tree.get(id);
    const { what, into, name } = dids[at % Math.max(dids.length, 1)] ?? { what: 'nothing' };
    if (entry === undefined || what === 'nothing') continue;
    const parent = pick(directories(tree), into ?? 0);
    if (what === 'save' && entry.kind === 'file') saved.add(id);
    // A new thing never takes a known name: what was there may have moved, and both answers are right.
    if (what === 'make') tree.set(`m${at}`, directory(parent, `new ${at}`));
    if (what === 'remove') for (const gone of [...below(tree, id), id]) tree.set(gone, undefined);
    const isBelow = parent === id || [...below(tree, id)].includes(parent);
    if (what !== 'move' || isBelow || tree.find(parent, name ?? '') !== undefined) continue;
    tree.set(id, { ...entry, parent, name: name ?? '' });
  }
  return { tree, saved };
}

/** A listing of it all, in an order that the weights say. */
function listing(
  { tree, saved }: { tree: MemoryTree; saved: ReadonlySet<NodeId> },
  weight: () => number,
): Thing[] {
  const list = (parent: NodeId): Thing[] =>
    [...tree.children(parent)]
      .map((id) => ({ id, entry: tree.get(id), by: weight() }))
      .sort((a, b) => a.by - b.by)
      .flatMap(({ id, entry }) => {
        if (entry === undefined) return [];
        const inode = saved.has(id) ? `new inode of ${id}` : `inode of ${id}`;
        const { name, kind } = entry;
        return [kind === 'file' ? aFile(name, inode) : aDirectory(name, inode, list(id))];
      });
  return list(ROOT);
}

const inodesOf = (tree: MemoryTree): Record<NodeId, KnownNode> =>
  Object.fromEntries([...tree.entries()].map(([id, entry]) => [id, [entry, `inode of ${id}`]]));

/** Which node each thing is, by the path of the thing. */
function byPath({ present }: Matched<Thing>): Map<string, NodeId> {
  const paths = new Map<NodeId, string>([[ROOT, '']]);
  for (const { node, parent, found } of present)
    paths.set(node, `${paths.get(parent) ?? 'NOWHERE'}/${found.name}`);
  return new Map(present.map(({ node }) => [paths.get(node) ?? '', node]));
}

describe('[N2] match, of any tree and what people did to it', () => {
  it('finds each thing to be what it is, in whatever order it is listed', () => {
    fc.assert(
      fc.property(
        fc.tuple(aTree, fc.array(aDid, { maxLength: 14, size: 'max' })),
        fc.infiniteStream(fc.nat()),
        ([grown, dids], numbers) => {
          const known = grow(grown);
          const now = disk(known, dids);
          const found = listing(now, () => numbers.next().value);
          const matched = matchOf({
            known: inodesOf(known),
            visited: [{ directory: ROOT, found }],
          });
          for (const { node, parent, found: thing } of matched.present) {
            const is = now.tree.get(node);
            if (node.startsWith('k'))
              expect(is).toMatchObject({ kind: thing.kind, name: thing.name });
            if (node.startsWith('k') && !parent.startsWith('new')) expect(is?.parent).toBe(parent);
            if (node.startsWith('new')) expect(thing.name).toMatch(/^new /);
          }
          expect(matched.present).toHaveLength(now.tree.size);
          const gone = [...known.ids()].filter((id) => now.tree.get(id) === undefined);
          expect([...matched.vanished].sort()).toEqual(gone.sort());
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('finds the same, in whatever order it is listed, but for the ids of what is new', () => {
    fc.assert(
      fc.property(
        fc.tuple(aTree, fc.array(aDid, { maxLength: 14, size: 'max' })),
        fc.infiniteStream(fc.nat()),
        ([grown, dids], numbers) => {
          const known = grow(grown);
          const now = disk(known, dids);
          const [once, again] = [() => 0, () => numbers.next().value].map((weight) =>
            matchOf({
              known: inodesOf(known),
              visited: [{ directory: ROOT, found: listing(now, weight) }],
            }),
          );
          if (once === undefined || again === undefined) throw new Error('two looks');
          const bare = (matched: Matched<Thing>) =>
            [...byPath(matched)].map(([path, id]) => [path, id.replace(/^new\d+/, 'new')]).sort();
          expect(bare(again)).toEqual(bare(once));
          expect([...again.vanished].sort()).toEqual([...once.vanished].sort());
        },
      ),
      { numRuns: 1500 },
    );
  });
});

/** Anything at all, of few names and inodes: hard links, inodes used again, what cannot be told. */
const { things } = fc.letrec<{ things: Thing[] }>((tie) => ({
  things: fc.oneof(
    { depthSize: 'medium', maxDepth: 4 },
    fc.constant<Thing[]>([]),
    fc.uniqueArray(
      fc.oneof(
        fc.tuple(anyName(), anyInode()).map(([name, inode]) => aFile(name, inode)),
        anyName().map(unclear),
        fc
          .tuple(anyName(), anyInode(), fc.option(tie('things'), { nil: undefined }))
          .map(([name, inode, inside]) => aDirectory(name, inode, inside)),
      ),
      { maxLength: 4, selector: ({ name }) => name },
    ),
  ),
}));

function anyName(): fc.Arbitrary<string> {
  return fc.constantFrom('a', 'b', 'c', 'd');
}

function anyInode(): fc.Arbitrary<string> {
  return fc.constantFrom('', '1', '2', '3', '4', '5');
}

/** Every thing that was looked at, whose kind could be told. */
const told = (found: readonly Thing[]): Thing[] =>
  found.flatMap((one) => (one.kind === undefined ? [] : [one, ...told(one.below ?? [])]));

describe('[N2] match, of anything that can be found', () => {
  const looks = fc.record({
    grown: aTree,
    inodes: fc.array(anyInode(), { minLength: 1, maxLength: 14 }),
    found: things,
  });

  it('is total: each thing is one node of its kind, below its parent, and none is gone as well', () => {
    fc.assert(
      fc.property(looks, ({ grown, inodes, found }) => {
        const tree = grow(grown);
        const known = Object.fromEntries(
          [...tree.entries()].map(([id, entry], at) => [
            id,
            [entry, inodes[at % inodes.length] ?? ''],
          ]),
        ) as Record<NodeId, KnownNode>;
        const { present, vanished, unknown } = matchOf({
          known,
          visited: [{ directory: ROOT, found }],
        });
        expect(new Set(present.map((one) => one.found))).toEqual(new Set(told(found)));
        expect(present).toHaveLength(told(found).length);
        expect(new Set([...present.map(({ node }) => node), ...vanished, ...unknown]).size).toBe(
          present.length + vanished.length + unknown.length,
        );
        const kinds = new Map([...tree.entries()].map(([id, { kind }]) => [id, kind]));
        for (const id of [...vanished, ...unknown]) expect(kinds.has(id)).toBe(true);
        const met = new Map<NodeId, Thing | undefined>([[ROOT, undefined]]);
        for (const { node, parent, found: thing } of present) {
          if (!node.startsWith('new')) expect(kinds.get(node)).toBe(thing.kind);
          expect(met.has(parent)).toBe(true);
          expect(met.get(parent)?.below ?? found).toContain(thing);
          met.set(node, thing);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('where nothing happened, nothing is found to have: the very same nodes, in their places', () => {
    fc.assert(
      fc.property(aTree, (grown) => {
        const known = grow(grown);
        const now = { tree: known, saved: new Set<NodeId>() };
        const found = listing(now, () => 0);
        const { present, vanished } = matchOf({
          known: inodesOf(known),
          visited: [{ directory: ROOT, found }],
        });
        for (const { node, parent, found: thing } of present)
          expect(known.get(node)).toMatchObject({ parent, name: thing.name });
        expect([present.length, vanished.length]).toEqual([known.size, 0]);
      }),
      { numRuns: 300 },
    );
  });
});
