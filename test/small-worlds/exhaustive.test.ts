import { expect, it } from 'vitest';
import { type Action, act } from './person.ts';
import { World } from './world.ts';

/**
 * Small worlds, all of them: both clients hold d/, d/f, e/ and g; then the first does every action, or
 * every pair of actions, the second every action, neither knowing of the other; then they synchronize.
 */
const PATHS = [['d'], ['e'], ['g'], ['d', 'f'], ['e', 'f'], ['d', 'e'], ['e', 'd']];

const ACTIONS: readonly Action[] = [
  ...PATHS.map((at) => ({ do: 'write', at }) as const),
  ...PATHS.map((at) => ({ do: 'mkdir', at }) as const),
  ...PATHS.map((at) => ({ do: 'remove', at }) as const),
  ...PATHS.flatMap((at) =>
    PATHS.filter((to) => to !== at).map((to) => ({ do: 'move', at, to }) as const),
  ),
];

const START: readonly Action[] = [
  { do: 'mkdir', at: ['d'] },
  { do: 'mkdir', at: ['e'] },
  { do: 'write', at: ['d', 'f'] },
  { do: 'write', at: ['g'] },
];

/** Runs one world; answers what is wrong with it, or undefined where an action made no sense. */
function run(first: readonly Action[], second: readonly Action[]): string[] | undefined {
  const world = new World(2);
  const [a, b] = world.clients;
  if (a === undefined || b === undefined) throw new Error('two clients');
  for (const action of START) act(world, a, action);
  world.settle();
  for (const action of first) if (!act(world, a, action)) return undefined;
  for (const action of second) if (!act(world, b, action)) return undefined;
  world.settle();
  return world.faults();
}

function tryAll(depth: number, secondDepth: number): number {
  let worlds = 0;
  for (const first of sequences(depth)) {
    for (const second of sequences(secondDepth)) {
      const faults = run(first, second);
      if (faults === undefined) continue;
      worlds += 1;
      if (faults.length > 0) {
        throw new Error(`${JSON.stringify({ first, second })}\n${faults.join('\n')}`);
      }
    }
  }
  return worlds;
}

/** All sequences of this length whose actions make sense one after another on one client. */
function* sequences(depth: number): Iterable<readonly Action[]> {
  if (depth === 0) yield [];
  else
    for (const start of sequences(depth - 1))
      for (const action of ACTIONS) if (makesSense([...start, action])) yield [...start, action];
}

const sense = new Map<string, boolean>();

function makesSense(actions: readonly Action[]): boolean {
  const key = JSON.stringify(actions);
  const known = sense.get(key) ?? run(actions, []) !== undefined;
  sense.set(key, known);
  return known;
}

it('[M1–M8, C3] every pair of single actions comes to rest, equal, with nothing lost', () => {
  expect(tryAll(1, 1)).toBeGreaterThan(500);
});

it('[M1–M8, C3] every two actions against every one come to rest, equal, with nothing lost', () => {
  expect(tryAll(2, 1)).toBeGreaterThan(10_000);
});

it('[M1–M8, C3] every two actions against every two come to rest, equal, with nothing lost', () => {
  expect(tryAll(2, 2)).toBeGreaterThan(100_000);
}, 300_000);

it('a lone client gives the others exactly its tree, without a conflict copy', () => {
  for (const actions of sequences(2)) {
    const world = new World(2);
    const [a] = world.clients;
    if (a === undefined) throw new Error('a client');
    for (const action of [...START, ...actions]) act(world, a, action);
    const before = [...a.local.entries()].map(
      ([id, { parent, name }]) => `${parent}/${name} ${id}`,
    );
    world.settle();
    const after = [...world.tree.entries()].map(
      ([id, { parent, name }]) => `${parent}/${name} ${id}`,
    );
    expect(after.sort()).toEqual(before.sort());
  }
});
