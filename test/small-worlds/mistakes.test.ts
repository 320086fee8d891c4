import { describe, expect, it } from 'vitest';
import { type NodeId, ROOT } from '../../src/core/entry.ts';
import { show } from './hand-made.ts';
import { type Action, act } from './person.ts';
import { type Client, World } from './world.ts';

/** The mistakes of earlier designs (X1 to X8 of the rules), each as a small world. */

const path = (text: string): string[] => text.split('/');
const write = (at: string): Action => ({ do: 'write', at: path(at) });
const mkdir = (at: string): Action => ({ do: 'mkdir', at: path(at) });
const remove = (at: string): Action => ({ do: 'remove', at: path(at) });
const move = (at: string, to: string): Action => ({ do: 'move', at: path(at), to: path(to) });

interface Two {
  readonly world: World;
  readonly a: Client;
  readonly b: Client;
}

/** Two clients who both have what these actions make. */
function two(...start: readonly Action[]): Two {
  const world = new World(2);
  const [a, b] = world.clients;
  if (a === undefined || b === undefined) throw new Error('two clients');
  all(world, a, start);
  world.settle();
  return { world, a, b };
}

function all(world: World, client: Client, actions: readonly Action[]): void {
  for (const action of actions) expect(act(world, client, action)).toBe(true);
}

/** Lets the world come to rest, in few turns, equal and without loss; answers the tree. */
function rest(world: World): string[] {
  expect(world.settle()).toBeLessThanOrEqual(4);
  expect(world.faults()).toEqual([]);
  return show(world.tree);
}

function idOf({ local }: Client, at: string): NodeId {
  return path(at).reduce((parent, name) => local.find(parent, name) ?? 'nowhere', ROOT);
}

/** The paths alone. */
const pathsOf = (lines: readonly string[]): string[] =>
  lines.map((line) => line.split(': ')[0] ?? '');

const SWAP = [move('f', 't'), move('g', 'f'), move('t', 'g')];
const INVERT = [move('d/d', 't'), move('d', 't/d'), move('t', 'd')];

describe('[X1] one commit is judged on its end state', () => {
  it('[A13] a swap is sent, and arrives as one', () => {
    const { world, a, b } = two(write('f'), write('g'));
    const [f, g] = [idOf(b, 'f'), idOf(b, 'g')];
    all(world, a, SWAP);
    expect(pathsOf(rest(world))).toEqual(['f', 'g']);
    expect([idOf(b, 'g'), idOf(b, 'f')]).toEqual([f, g]);
    expect(world.refusals).toBe(0);
  });

  it('[A14] an inversion under one name is sent, and arrives as one', () => {
    const { world, a, b } = two(mkdir('d'), mkdir('d/d'), write('d/d/f'));
    const [outer, inner] = [idOf(b, 'd'), idOf(b, 'd/d')];
    all(world, a, INVERT);
    expect(pathsOf(rest(world))).toEqual(['d/', 'd/d/', 'd/f']);
    expect([idOf(b, 'd'), idOf(b, 'd/d')]).toEqual([inner, outer]);
    expect(world.refusals).toBe(0);
  });

  it('take the child out, delete the parent, take its name', () => {
    const { world, a, b } = two(mkdir('d'), write('d/f'));
    const f = idOf(b, 'd/f');
    all(world, a, [move('d/f', 'f'), remove('d'), move('f', 'd')]);
    expect(pathsOf(rest(world))).toEqual(['d']);
    expect(idOf(b, 'd')).toBe(f);
    expect(world.refusals).toBe(0);
  });
});

describe('[X2] nothing waits for ever, and nobody rests too early', () => {
  it('[A13] a swap on both sides is a swap', () => {
    const { world, a, b } = two(write('f'), write('g'));
    const f = idOf(a, 'f');
    all(world, a, SWAP);
    all(world, b, SWAP);
    expect(pathsOf(rest(world))).toEqual(['f', 'g']);
    expect(idOf(b, 'g')).toBe(f);
  });

  it('[A12] [A14] an inversion here against the other way round there', () => {
    const { world, a, b } = two(mkdir('d'), mkdir('e'), mkdir('g'), write('d/f'));
    all(world, a, [move('d', 'e/d'), move('e', 'g/e')]);
    all(world, b, [move('g', 'd/g'), move('e', 'd/e')]);
    expect(rest(world)).toHaveLength(4);
  });

  it('a swap of two directories while another client moves one into the other', () => {
    const { world, a, b } = two(mkdir('d'), write('d/f'), mkdir('e'), write('e/f'));
    all(world, a, [move('d', 't'), move('e', 'd'), move('t', 'e')]);
    all(world, b, [move('d', 'e/d')]);
    expect(rest(world)).toHaveLength(4);
  });
});

describe('[X3] a directory that was deleted stays with what lives on in it', () => {
  it.each([
    ['[A05] was made', write('d/new'), ['d/', 'd/new']],
    ['[A06] was edited', write('d/f'), ['d/', 'd/f']],
    ['[A17] was moved in', move('g', 'd/g'), ['d/', 'd/g']],
  ] as const)('%s', (_, action, paths) => {
    const { world, a, b } = two(mkdir('d'), write('d/f'), write('d/x'), write('g'));
    all(world, a, [remove('d')]);
    all(world, b, [action]);
    expect(pathsOf(rest(world)).filter((line) => line !== 'g')).toEqual(paths);
  });

  it('also where the deletion comes second', () => {
    const { world, a, b } = two(mkdir('d'), write('d/f'));
    all(world, b, [write('d/new')]);
    b.round();
    all(world, a, [remove('d')]);
    expect(pathsOf(rest(world))).toEqual(['d/', 'd/new']);
  });
});

describe('[X4] what is restored does not take a name that is taken', () => {
  it('an edited file, where another has its name meanwhile', () => {
    const { world, a, b } = two(write('f'));
    all(world, a, [remove('f'), write('f')]);
    all(world, b, [write('f')]);
    const lines = rest(world);
    expect(lines).toHaveLength(2);
    expect(lines.map((line) => line.split(': ')[1]).sort()).toEqual(['content 2', 'content 3']);
  });

  it('a directory that lives on, where a file has its name meanwhile', () => {
    const { world, a, b } = two(mkdir('d'), write('d/f'));
    all(world, a, [remove('d'), write('d')]);
    all(world, b, [write('d/f')]);
    const lines = rest(world);
    expect(lines).toHaveLength(3);
    expect(pathsOf(lines)).toContain('d');
  });
});

describe('[X5] a content that went from A to B and back', () => {
  it('is offered against with its present version', () => {
    const { world, a, b } = two(write('f'));
    const f = idOf(a, 'f');
    const old = a.local.get(f);
    all(world, a, [write('f')]);
    a.round();
    if (old !== undefined) a.local.set(f, old);
    world.superseded.delete('content 1');
    world.superseded.add('content 2');
    a.round();
    expect(world.tree.get(f)).toMatchObject({ checksum: 'content 1' });
    all(world, b, [write('f')]);
    b.round();
    expect(world.refusals).toBe(0);
    expect(rest(world)).toEqual(['f: content 3']);
  });
});

describe('[X6] [C2] synced takes what was offered, and nothing else', () => {
  it('an edit that comes between a pull and a move is not overwritten', () => {
    const { world, a, b } = two(write('f'));
    all(world, a, [move('f', 'g')]);
    a.round(() => {
      all(world, b, [write('f')]);
      b.round();
    });
    expect(world.refusals).toBe(0);
    const f = idOf(a, 'g');
    const [here, there] = [a.synced.get(f), world.tree.get(f)];
    expect(here).toMatchObject({ name: 'g', checksum: 'content 1' });
    expect(here?.placeVersion).toBe(there?.placeVersion);
    expect(here?.contentVersion).toBeLessThan(there?.contentVersion ?? 0);
    expect(rest(world)).toEqual(['g: content 2']);
  });

  it('a move that comes between a pull and an edit is not undone', () => {
    const { world, a, b } = two(write('f'));
    all(world, a, [write('f')]);
    a.round(() => {
      all(world, b, [move('f', 'g')]);
      b.round();
    });
    expect(world.refusals).toBe(0);
    expect(rest(world)).toEqual(['g: content 2']);
  });

  it('two edits of which one comes between: refused, and then a conflict', () => {
    const { world, a, b } = two(write('f'));
    all(world, a, [write('f')]);
    a.round(() => {
      all(world, b, [write('f')]);
      b.round();
    });
    expect(world.refusals).toBe(1);
    const lines = rest(world);
    expect(lines).toHaveLength(2);
    expect(lines).toContain('f: content 3');
  });
});

describe('[X7] copies are named in the target', () => {
  it('[A10] a node that moves and loses its content: the copy is beside its new place', () => {
    const { world, a, b } = two(mkdir('d'), write('f'));
    all(world, a, [write('f'), move('f', 'd/g')]);
    a.round();
    all(world, b, [write('f')]);
    const lines = rest(world);
    expect(lines).toContain('d/g: content 3');
    expect(lines.find((line) => line.endsWith('content 2'))).toMatch(/^d\/g \(conflict, c0, /);
  });

  it('[A26] conflict after conflict leaves one copy each, named after the original', () => {
    const { world, a, b } = two(write('f'));
    for (let time = 0; time < 3; time += 1) {
      all(world, a, [write('f')]);
      all(world, b, [write('f')]);
      rest(world);
    }
    const lines = rest(world);
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(line.split('(conflict').length).toBeLessThanOrEqual(2);
  });
});

describe('[X8] an offer undoes nothing that others did', () => {
  it('a client that pulled much offers only what it did itself', () => {
    const { world, a, b } = two(mkdir('d'), write('d/f'), write('g'), write('h'));
    all(world, a, [move('d', 'e'), write('e/f'), remove('g'), write('n')]);
    a.round();
    const before = world.cursor;
    all(world, b, [write('h')]);
    b.round();
    expect(world.cursor - before).toBe(1);
    expect(pathsOf(rest(world))).toEqual(['e/', 'e/f', 'h', 'n']);
  });

  it('a client that did nothing offers nothing, and neither does anybody at rest', () => {
    const { world, a, b } = two(write('f'));
    all(world, a, [write('f'), mkdir('d')]);
    a.round();
    const before = world.cursor;
    b.round();
    a.round();
    b.round();
    expect(world.cursor).toBe(before);
    expect(rest(world)).toEqual(['d/', 'f: content 2']);
  });
});
