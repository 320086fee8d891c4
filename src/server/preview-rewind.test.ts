import { describe, expect, it } from 'vitest';
import { AUTHOR, HOUR, type World, world } from '../../test/past-world.ts';
import { pickFrom, random } from '../../test/random.ts';
import type { Rewound } from '../protocol/rewind.ts';
import { previewRewind } from './preview-rewind.ts';
import { rewindFolder } from './rewind-folder.ts';

interface Asked {
  readonly to: number;
  readonly path?: string;
}

/** All parts, of so many changes each. */
async function partsOf(one: World, { to: cursor, path }: Asked, size: number): Promise<Rewound[]> {
  const found: Rewound[] = [];
  for (let after: number | undefined = 0; after !== undefined; ) {
    const groups = { count: 2, size };
    const part: Rewound = await previewRewind(one.made.parts, {
      ...{ path, to: { cursor }, after, groups },
    });
    found.push(part);
    after = part.next;
  }
  return found;
}

const whole = (one: World, { to: cursor, path }: Asked): Promise<Rewound> =>
  rewindFolder(one.made.parts, { path, to: { cursor }, isDry: true, author: AUTHOR });

const sum = (parts: readonly Rewound[], of: 'creates' | 'updates' | 'moves' | 'deletes') =>
  parts.reduce((all, part) => all + part[of], 0);

/** In any order. Where a path is rewound, only the whole can tell where what had been moved in goes, and what is in that. */
const told = ({ steps }: Pick<Rewound, 'steps'>, isAll = true) =>
  steps.map(({ node, operation, path }) => `${node} ${operation} ${isAll && path}`).sort();

async function expectParts(one: World, asked: Asked, size: number): Promise<void> {
  const [all, parts] = [await whole(one, asked), await partsOf(one, asked, size)];
  const counts = (of: Parameters<typeof sum>[1]) => sum(parts, of);
  expect({
    creates: counts('creates'),
    updates: counts('updates'),
    moves: counts('moves'),
    deletes: counts('deletes'),
  }).toEqual({
    ...{ creates: all.creates, updates: all.updates, moves: all.moves, deletes: all.deletes },
  });
  const isAll = asked.path === undefined;
  const steps = parts.flatMap((part) => part.steps);
  expect(told({ steps }, isAll)).toEqual(told(all, isAll));
  expect(parts.flatMap(({ problems = [] }) => problems)).toHaveLength(all.problems?.length ?? 0);
  for (const part of parts) expect([part.to, part.from]).toEqual([all.to, all.from]);
}

/** What people do, at random. */
async function live(one: World, next: () => number, days: number): Promise<void> {
  const pick = pickFrom(next);
  const names = ['a', 'b', 'c'];
  for (let day = 0; day < days; day += 1) {
    const there = Object.keys(await one.ids());
    const name = [pick(names), pick(names), pick(names)].slice(0, 1 + Math.floor(next() * 3));
    const does = pick(['put', 'put', 'move', 'move', 'remove'] as const);
    const what = there.length > 0 ? pick(there) : undefined;
    try {
      if (does === 'put' || what === undefined) await one.put({ [name.join('/')]: `${day}` });
      else if (does === 'move') await one.move(what, name.join('/'));
      else await one.remove(what);
    } catch {
      // It cannot be done: the name is taken, or the way leads through a file.
    }
  }
}

describe('a preview in parts', () => {
  it('counts each step once, and tells of all', async () => {
    const one = await world({ 'd/a': 'old', 'd/e/b': 'b', c: 'c', gone: 'gone' });
    const to = await one.cursor();
    await one.put({ 'd/a': 'new', 'd/new/x': 'x' });
    await one.move('c', 'd/e/moved');
    await one.remove('gone');
    await one.move('d', 'renamed');
    for (const size of [1, 2, 3, 99]) {
      await expectParts(one, { to }, size);
      await expectParts(one, { to, path: 'renamed' }, size);
      await expectParts(one, { to, path: 'gone' }, size);
    }
    expect((await partsOf(one, { to }, 99)).length).toBe(1);
    // One that ends with the last change is the last.
    const changes = (await one.cursor()) - to;
    expect((await partsOf(one, { to }, changes)).length).toBe(1);
    expect((await partsOf(one, { to }, 1)).length).toBeGreaterThan(2);
  });

  it('tells the path then of what is in a directory that another part tells of', async () => {
    const one = await world({ 'd/a': 'old' });
    const to = await one.cursor();
    await one.put({ 'd/a': 'new' });
    await one.move('d', 'renamed');
    const [first] = await partsOf(one, { to }, 1);
    expect(told(first ?? { steps: [] })).toEqual(told(await whole(one, { to })));
    await one.remove('renamed');
    await expectParts(one, { to }, 1);
    const paths = (await partsOf(one, { to }, 1)).flatMap(({ steps }) => steps);
    expect(paths.map(({ path }) => path).sort()).toEqual(['d', 'd/a']);
  });

  it('says in each part what cannot be had again', async () => {
    const one = await world({ a: 'lost', b: 'kept', c: 'lost too' });
    const to = await one.cursor();
    for (const path of ['a', 'b', 'c']) await one.remove(path);
    await one.lose('lost');
    await one.lose('lost too');
    await expectParts(one, { to }, 1);
  });

  it('ends where it takes long, and goes on from there', async () => {
    const one = await world();
    const to = await one.cursor();
    for (let n = 0; n < 12; n += 1) await one.put({ [`${n}`]: `${n}` });
    let isOver = false;
    const pass = async (): Promise<void> => {
      while (!isOver) {
        await one.made.clock.advance(60);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const time = pass();
    const parts: Rewound[] = [];
    for (let after: number | undefined = 0; after !== undefined; after = parts.at(-1)?.next) {
      const groups = { count: 99, size: 1 };
      const asked = { path: undefined, to: { cursor: to }, after, groups };
      parts.push(await previewRewind(one.made.parts, asked));
    }
    isOver = true;
    await time;
    expect(parts.length).toBeGreaterThan(1);
    expect(sum(parts, 'deletes')).toBe(12);
  });

  it('by seed: is what the whole is', async () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const next = random(seed);
      const one = await world({ 'a/a': 'a', 'a/b/c': 'b', c: 'c' });
      await live(one, next, 10);
      const to = await one.cursor();
      const then = Object.keys(await one.ids());
      await live(one, next, 12);
      await expectParts(one, { to }, 1 + Math.floor(next() * 4));
      const path = pickFrom(next)([...then, ...Object.keys(await one.ids()), 'a']);
      const isKnown = await whole(one, { to, path }).then(
        () => true,
        () => false,
      );
      if (isKnown) await expectParts(one, { to, path }, 1 + Math.floor(next() * 4));
    }
  });
});

describe('POST /v1/rewind with `after`', () => {
  it('answers a part, by a time too, and is refused where something would be done', async () => {
    const one = await world({ a: 'old' });
    const to = await one.cursor();
    await one.made.clock.advance(HOUR);
    await one.put({ a: 'new' });
    const time = new Date(one.made.clock.now() - HOUR).toISOString();
    const part = await one.rewind({ to: time, dry_run: true, after: 0 });
    expect(part).toMatchObject({ to, from: to + 1, updates: 1 });
    expect(part).not.toHaveProperty('next');
    expect(await one.rewind({ to, dry_run: true, after: to + 1 })).toMatchObject({ updates: 0 });
    await expect(one.rewind({ to, after: 0 })).rejects.toThrow('400 bad_request');
    expect(await one.cursor()).toBe(to + 1);
  });
});
