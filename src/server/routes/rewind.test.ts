import { describe, expect, it } from 'vitest';
import { hashOf } from '../../../test/memory-app.ts';
import { AUTHOR, HOUR, world } from '../../../test/past-world.ts';

describe('POST /v1/rewind', () => {
  it('makes the folder what it was, in one commit, and is taken back by another', async () => {
    const one = await world({ 'd/a': 'old a', 'd/e/b': 'b', c: 'c', gone: 'gone' });
    const before = [await one.shown(), await one.ids()];
    const to = await one.cursor();
    await one.put({ 'd/a': 'new a', 'd/new/x': 'x' });
    await one.move('c', 'd/e/moved');
    await one.remove('gone');
    await one.remove('d/e/b');
    const after = [await one.shown(), await one.ids()];
    const from = await one.cursor();
    one.made.committed.length = 0;

    const rewound = await one.rewind({ to });
    expect([await one.shown(), await one.ids()]).toEqual(before);
    expect(rewound).toMatchObject({ to, from, creates: 2, updates: 1, moves: 1, deletes: 2 });
    expect(rewound).toMatchObject({ first: from + 1, last: from + 6 });
    expect(one.commits.map((records) => records.map(({ cause }) => cause))).toEqual([
      Array(6).fill('rewind'),
    ]);
    expect(rewound.steps.map(({ operation, path }) => `${operation} ${path}`).sort()).toEqual([
      'create d/e/b',
      'create gone',
      'delete d/new',
      'delete d/new/x',
      'move c',
      'update d/a',
    ]);
    const [old, fresh] = ['old a', 'new a'].map((text) => ({
      checksum: hashOf(text),
      size: text.length,
    }));
    expect(rewound.steps.find(({ path }) => path === 'd/a')).toMatchObject({
      content: old,
      replaced: fresh,
    });
    expect(rewound.steps.find(({ path }) => path === 'c')).toMatchObject({
      old_path: 'd/e/moved',
    });

    await one.rewind({ to: rewound.from });
    expect([await one.shown(), await one.ids()]).toEqual(after);
  });

  it('says what it would change, and changes nothing at all, when it is only asked', async () => {
    const one = await world({ a: 'old', b: 'b' });
    const to = await one.cursor();
    await one.put({ a: 'new' });
    await one.remove('b');
    const before = [await one.shown(), await one.cursor(), one.commits.length];
    const asked = await one.rewind({ to, dry_run: true });
    expect([await one.shown(), await one.cursor(), one.commits.length]).toEqual(before);
    expect(asked).toMatchObject({ to, from: before[1], creates: 1, updates: 1, deletes: 0 });
    expect(asked).not.toHaveProperty('first');
    const { first, last, ...done } = await one.rewind({ to });
    expect(done).toEqual(asked);
    expect(last).toBe((first ?? 0) + 1);
  });

  it('goes to the end of a commit, by a time too', async () => {
    const one = await world({ 'd/a': 'a', 'd/b': 'b' });
    await one.made.clock.advance(HOUR);
    await one.remove('d');
    const last = await one.cursor();
    await one.made.clock.advance(HOUR);
    await one.put({ c: 'c' });
    expect((await one.rewind({ to: last - 1 })).to).toBe(last - 3);
    expect(await one.shown()).toEqual({ d: '/', 'd/a': 'a', 'd/b': 'b' });
    const time = (hours: number) => new Date(one.made.clock.now() - hours * HOUR).toISOString();
    expect((await one.rewind({ to: time(1), dry_run: true })).to).toBe(last);
    expect((await one.rewind({ to: time(1.5), dry_run: true })).to).toBe(last - 3);
    expect((await one.rewind({ to: time(9) })).to).toBe(0);
    expect(await one.shown()).toEqual({});
  });

  it('does nothing where it was so', async () => {
    const one = await world({ a: 'a' });
    const to = await one.cursor();
    const rewound = await one.rewind({ to });
    expect(rewound).toEqual({
      ...{ to, from: to, steps: [] },
      ...{ creates: 0, updates: 0, moves: 0, deletes: 0 },
    });
    expect(await one.rewind({ to: to + 99, path: 'a' })).toEqual(rewound);
    expect(one.commits).toEqual([]);
  });

  it('of a directory leaves alone what is elsewhere', async () => {
    const one = await world({ 'd/a': 'old', 'd/out': 'out', other: 'old', in: 'in' });
    const to = await one.cursor();
    await one.put({ 'd/a': 'new', other: 'new', 'd/fresh': 'fresh' });
    await one.move('d/out', 'out');
    await one.move('in', 'd/in');
    await one.move('d', 'renamed');
    await one.rewind({ to, path: 'renamed' });
    expect(await one.shown()).toEqual({
      renamed: '/',
      'renamed/a': 'old',
      'renamed/out': 'out',
      other: 'new',
      in: 'in',
    });
  });

  it('of a path that is gone, or is another node now, brings back what was there', async () => {
    const one = await world({ 'd/e/a': 'a', 'd/b': 'b' });
    const [to, ids] = [await one.cursor(), await one.ids()];
    await one.remove('d');
    await one.rewind({ to, path: 'd/e' });
    expect(await one.ids()).toEqual({ d: ids.d, 'd/e': ids['d/e'], 'd/e/a': ids['d/e/a'] });
    await one.remove('d');
    await one.put({ 'd/b': 'another', 'd/c': 'c' });
    await one.rewind({ to, path: 'd' });
    expect(await one.ids()).toEqual(ids);
    expect(await one.shown()).toMatchObject({ 'd/b': 'b' });
  });

  it('of a file gives it its content, where it is now', async () => {
    const one = await world({ 'a.txt': 'old' });
    const to = await one.cursor();
    await one.put({ 'a.txt': 'new' });
    await one.move('a.txt', 'd/b.txt');
    const { updates, moves } = await one.rewind({ to, path: 'd/b.txt' });
    expect([updates, moves]).toEqual([1, 0]);
    expect(await one.shown()).toEqual({ d: '/', 'd/b.txt': 'old' });
    await one.rewind({ to, path: 'a.txt' });
    expect(await one.shown()).toEqual({ d: '/', 'a.txt': 'old' });
  });

  it('tells of what cannot be had any more, and brings back the rest', async () => {
    const one = await world({ 'd/gone': 'gone', 'd/kept': 'old', 'd/back': 'back' });
    const to = await one.cursor();
    await one.put({ 'd/kept': 'new' });
    await one.move('d/kept', 'moved');
    await one.remove('d/gone');
    await one.remove('d/back');
    await one.lose('gone');
    await one.lose('old');
    const asked = await one.rewind({ to, dry_run: true });
    const reason = 'The server does not have this content any more.';
    expect(asked.problems?.map(({ path, reason }) => [path, reason]).sort()).toEqual([
      ['d/gone', reason],
      ['moved', reason],
    ]);
    await one.rewind({ to });
    expect(await one.shown()).toEqual({ d: '/', 'd/back': 'back', 'd/kept': 'new' });
  });

  it('tells of what the server’s settings do not allow any more', async () => {
    const one = await world({ 'a.txt': 'a', 'b.txt': 'b'.repeat(100) });
    const to = await one.cursor();
    await one.remove('a.txt');
    await one.remove('b.txt');
    const limits = one.made.parts.limits as { maxFileSize: number };
    limits.maxFileSize = 50;
    const { problems } = await one.rewind({ to });
    expect(problems).toMatchObject([
      { path: 'b.txt', reason: expect.stringContaining('50 bytes') },
    ]);
    expect(await one.shown()).toEqual({ 'a.txt': 'a' });
  });

  it('of twelve thousand files is one commit', async () => {
    const one = await world();
    const { parts } = one.made;
    await one.put({ seed: 'same' });
    const content = { checksum: hashOf('same'), size: 4, mtime: 1, executable: false };
    const changes = Array.from({ length: 12_000 }, (_, at) => ({
      ...{ type: 'create' as const, node: `n${at}`, kind: 'file' as const, content },
      place: { parent: 'root', name: `f${at}` },
    }));
    const commit = { ...AUTHOR, key: 'k', epoch: undefined, manifests: [], chunks: [] };
    await parts.committer.commit({ ...commit, changes, cause: 'sync' });
    const to = await one.cursor();
    for (let at = 0; at < 3; at += 1) await one.remove(`f${at}`);
    await one.rewind({ to: 1 });
    expect(Object.keys(await one.ids())).toEqual(['seed']);
    one.made.committed.length = 0;
    const [, ofParts] = await withTurns(() => one.rewind({ to, dry_run: true, after: 0 }));
    expect(ofParts).toBeGreaterThan(10);
    const [{ creates, steps }, turns] = await withTurns(() => one.rewind({ to }));
    expect([creates, steps.length]).toEqual([12_000, 1_000]);
    expect(one.commits.map(({ length }) => length)).toEqual([12_000]);
    // It looks at them, decides, judges and writes: each a thousand or fewer at a time.
    expect(turns).toBeGreaterThan(100);
  });

  it('while others work is made once the folder holds still', async () => {
    const one = await world({ 'd/a': 'old' });
    const to = await one.cursor();
    await one.put({ 'd/a': 'new' });
    const puts = Array.from({ length: 8 }, (_, at) => one.put({ [`d/x${at}`]: `${at}` }));
    const [{ from, first }] = await Promise.all([one.rewind({ to, path: 'd' }), ...puts]);
    expect(from).toBe((first ?? 0) - 1);
    expect(await one.shown()).toMatchObject({ 'd/a': 'old' });
  });

  it('is refused to a stranger, for no path, and where nothing is or was', async () => {
    const one = await world({ a: 'a' });
    const code = (body: object) => one.rewind(body).catch((error) => String(error.message));
    expect(await code({ to: 0, client_id: 'eve' })).toMatch('403 not_registered');
    expect(await code({ to: 0, path: '.syncer' })).toMatch('400 bad_name');
    expect(await code({ to: 0, path: 'b' })).toMatch('404 not_found');
    expect(await code({ to: 0, path: 'a/b' })).toMatch('404 not_found');
    expect(await code({ to: 'yesterday' })).toMatch('400 bad_request');
    expect(await code({ to: -1 })).toMatch('400 bad_request');
    expect(await code({})).toMatch('400 bad_request');
    expect(one.commits).toEqual([]);
  });
});

/** With how often others had their turn meanwhile. */
async function withTurns<T>(work: () => Promise<T>): Promise<[T, number]> {
  let [turns, isOver] = [0, false];
  const take = (): void => {
    turns += 1;
    if (!isOver) setImmediate(take);
  };
  setImmediate(take);
  const done = await work();
  isOver = true;
  return [done, turns];
}
