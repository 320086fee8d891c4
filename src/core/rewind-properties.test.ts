import { describe, expect, it } from 'vitest';
import { pickFrom, random } from '../../test/random.ts';
import type { Change } from './change.ts';
import { type Entry, type NodeId, plain, ROOT, sameEntry, type Versioned } from './entry.ts';
import { judge } from './judge.ts';
import { type Rewind, rewind } from './rewind.ts';
import { above, below, MemoryTree, pathOf } from './tree.ts';

/** A folder with what it was after each commit. */
class World {
  readonly tree = new MemoryTree<Versioned>();
  readonly past: ReadonlyMap<NodeId, Versioned>[] = [new Map()];
  readonly #next: () => number;
  readonly #pick: ReturnType<typeof pickFrom>;
  #cursor = 0;
  #ids = 0;

  constructor(seed: number) {
    this.#next = random(seed);
    this.#pick = pickFrom(this.#next);
  }

  /** Whether it was accepted. */
  commit(changes: readonly Change[]): boolean {
    const judgement = judge(this.tree, { changes, cursor: this.#cursor, author: 'Anna' });
    if (judgement.type === 'refused') return false;
    for (const { node, after } of judgement.applied) this.tree.set(node, after);
    this.#cursor += judgement.applied.length;
    this.past.push(new Map(this.tree.entries()));
    return true;
  }

  live(commits: number): void {
    for (let done = 0; done < commits; ) {
      const count = 1 + Math.floor(this.#next() * 5);
      if (this.commit(Array.from({ length: count }, () => this.#anyChange()))) done += 1;
    }
  }

  anyNode(): NodeId {
    return this.#pick([...new Set(this.past.flatMap((one) => [...one.keys()]))]);
  }

  some(share: number): ReadonlySet<NodeId> {
    const all = this.past.flatMap((one) => [...one.keys()]);
    return new Set(all.filter(() => this.#next() < share));
  }

  chance(share: number): boolean {
    return this.#next() < share;
  }

  /** What nodes were after the commit of that number, of those that have changed since. */
  since(commit: number): Map<NodeId, Versioned | undefined> {
    const then = this.past[commit] ?? new Map<NodeId, Versioned>();
    const changed = new Map<NodeId, Versioned | undefined>();
    for (const state of this.past.slice(commit)) {
      for (const id of new Set([...state.keys(), ...then.keys()])) {
        if (state.get(id) !== then.get(id)) changed.set(id, then.get(id));
      }
    }
    return changed;
  }

  #anyChange(): Change {
    const node = this.#pick([...this.tree.ids(), `n${this.#ids}`, `n${this.#ids}`]);
    const now = this.tree.get(node);
    if (now === undefined) return this.#creation();
    const { placeVersion, contentVersion } = now;
    const replaces = { replacesPlace: placeVersion, replacesContent: contentVersion };
    const kind = this.#pick(['move', 'move', 'write', 'delete'] as const);
    if (kind === 'delete') return { type: 'delete', node, ...replaces };
    if (kind === 'move' || now.kind !== 'file') {
      return { type: 'update', node, place: { ...this.#place(), replaces: placeVersion } };
    }
    return { type: 'update', node, content: { ...this.#content(), replaces: contentVersion } };
  }

  #creation(): Change {
    const dead = [...new Set(this.past.flatMap((one) => [...one.keys()]))];
    const again = dead.filter((id) => this.tree.get(id) === undefined);
    const node = again.length > 0 && this.#next() < 0.2 ? this.#pick(again) : `n${this.#ids++}`;
    const place = this.#place();
    if (this.#next() < 0.6) return { type: 'create', node, kind: 'directory', place };
    return { type: 'create', node, kind: 'file', place, content: this.#content() };
  }

  #place() {
    const directories = [...this.tree.entries()].filter(([, { kind }]) => kind === 'directory');
    const parent = this.#pick([ROOT, ...directories.map(([id]) => id)]);
    return { parent, name: this.#pick(['a', 'b', 'c', 'd', 'a (rewound)']) };
  }

  #content() {
    const checksum = this.#pick(['one', 'two', 'three', 'four']);
    return { checksum, size: checksum.length, mtime: 1, executable: false };
  }
}

const shown = (tree: Iterable<readonly [NodeId, Entry]>) =>
  new Map([...tree].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, entry]) => [id, plain(entry)]));

interface Asked {
  readonly node: NodeId;
  readonly stays?: boolean;
  readonly lost?: ReadonlySet<NodeId>;
}

function rewound(world: World, commit: number, { node, stays = true, lost }: Asked): Rewind {
  const input = { now: world.tree, past: world.since(commit), mark: 'rewound' };
  return rewind({ ...input, meant: [{ node, stays }], lost: lost ?? new Set() });
}

/** Makes the commit, if there is anything to do; it must be accepted, and become what was said. */
function carryOut(world: World, { changes, end }: Rewind, what: string): void {
  if (changes.length === 0) return;
  expect(world.commit(changes), what).toBe(true);
  for (const [id, entry] of world.tree.entries()) {
    expect(sameEntry(end.get(id), entry), `${what}, ${id}`).toBe(true);
  }
}

const SEEDS = Array.from({ length: 300 }, (_, seed) => seed);
const COMMITS = 14;

function lived(seed: number): World {
  const world = new World(seed);
  world.live(COMMITS);
  return world;
}

describe('rewinding the folder', () => {
  it('to the end of any commit gives exactly that tree, and to before it takes it back', () => {
    for (const seed of SEEDS) {
      for (const to of [0, 3, 8, 12, COMMITS]) {
        const world = lived(seed);
        const before = shown(world.tree.entries());
        carryOut(world, rewound(world, to, { node: ROOT }), `seed ${seed} to ${to}`);
        expect(shown(world.tree.entries()), `seed ${seed} to ${to}`).toEqual(
          shown(world.past[to] ?? []),
        );
        carryOut(world, rewound(world, COMMITS, { node: ROOT }), `seed ${seed} back`);
        expect(shown(world.tree.entries()), `seed ${seed} back`).toEqual(before);
      }
    }
  });

  it('without contents that are lost leaves only those as they are', () => {
    for (const seed of SEEDS) {
      const world = lived(seed);
      const lost = new Set(
        [...world.some(0.3)].filter((id) =>
          world.past.every((state) => (state.get(id)?.kind ?? 'file') === 'file'),
        ),
      );
      const now = shown(world.tree.entries());
      const plan = rewound(world, 5, { node: ROOT, lost });
      carryOut(world, plan, `seed ${seed}`);
      const kept = new Set(plan.kept);
      for (const [id, entry] of shown(world.past[5] ?? [])) {
        const is = world.tree.get(id);
        if (!kept.has(id)) expect(is && plain(is), `seed ${seed}, ${id}`).toEqual(entry);
        else expect(is === undefined, `seed ${seed}, ${id}`).toBe(now.get(id) === undefined);
      }
      for (const id of kept) expect(lost.has(id)).toBe(true);
    }
  });
});

describe('rewinding one node', () => {
  it('makes what is in it what it was, and leaves alone what never was in it', () => {
    for (const seed of SEEDS) {
      for (const to of [2, 6, 10]) {
        const world = lived(seed);
        const node = world.anyNode();
        const stays = world.chance(0.5);
        const old = new MemoryTree<Versioned>(world.past[to]);
        const now = new MemoryTree<Versioned>(world.tree.entries());
        const what = `seed ${seed}, ${node} to ${to}`;
        carryOut(world, rewound(world, to, { node, stays }), what);
        expectAsItWas(world.tree, old, node, what);
        expectUntouched(world.tree, { old, now, node }, what);
        expect(world.tree.get(node) === undefined, what).toBe(old.get(node) === undefined);
      }
    }
  });

  it('is taken back by rewinding the folder', () => {
    for (const seed of SEEDS) {
      const world = lived(seed);
      const before = shown(world.tree.entries());
      carryOut(world, rewound(world, 7, { node: world.anyNode() }), `seed ${seed}`);
      carryOut(world, rewound(world, COMMITS, { node: ROOT }), `seed ${seed} back`);
      expect(shown(world.tree.entries()), `seed ${seed}`).toEqual(before);
    }
  });

  it('is done after once', () => {
    for (const seed of SEEDS) {
      const world = lived(seed);
      const node = world.anyNode();
      carryOut(world, rewound(world, 7, { node }), `seed ${seed}`);
      const then = rewound(world, 7, { node }).changes;
      expect(then, `seed ${seed}, ${node}`).toEqual([]);
    }
  });

  it('is never refused, whatever is lost', () => {
    for (const seed of SEEDS) {
      const world = lived(seed);
      const lost = world.some(0.4);
      const files = new Set(
        [...lost].filter((id) =>
          world.past.every((state) => (state.get(id)?.kind ?? 'file') === 'file'),
        ),
      );
      const asked = { node: world.anyNode(), stays: world.chance(0.5), lost: files };
      carryOut(world, rewound(world, 4, asked), `seed ${seed}`);
    }
  });
});

function expectAsItWas(
  tree: MemoryTree<Versioned>,
  old: MemoryTree<Versioned>,
  ...[node, what]: [NodeId, string]
): void {
  const inside = (one: MemoryTree<Versioned>) =>
    shown([...below(one, node)].map((id) => [id, one.get(id) as Versioned]));
  expect(inside(tree), what).toEqual(inside(old));
}

interface Around {
  readonly old: MemoryTree<Versioned>;
  readonly now: MemoryTree<Versioned>;
  readonly node: NodeId;
}

/** But for directories that had to be made again, so that the node could be where it was. */
function expectUntouched(
  tree: MemoryTree<Versioned>,
  { old, now, node }: Around,
  what: string,
): void {
  const inside = new Set([node, ...below(old, node)]);
  const ids = new Set([...tree.ids(), ...now.ids()]);
  for (const id of ids) {
    const wasOrIsIn = inside.has(id) || [...above(now, id)].some((one) => inside.has(one));
    const madeAgain = now.get(id) === undefined && [...above(old, node)].includes(id);
    if (wasOrIsIn || madeAgain) continue;
    expect(tree.get(id), `${what}: ${id} at ${pathOf(now, id)?.join('/')}`).toEqual(now.get(id));
  }
}
