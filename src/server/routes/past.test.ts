import { describe, expect, it } from 'vitest';
import { bytesOf, hashOf, upload } from '../../../test/memory-app.ts';
import { HOUR, world } from '../../../test/past-world.ts';

describe('GET /v1/trash', () => {
  it('tells of what was deleted, newest first, in pages', async () => {
    const one = await world({ a: 'a', 'd/b': 'b', 'd/e/c': 'c', f: 'f' });
    const ids = await one.ids();
    await one.remove('a');
    await one.made.clock.advance(HOUR);
    await one.remove('d');
    await one.remove('f');
    const { deleted, next } = (await one.made.app.inject('/v1/trash?limit=2')).json();
    expect(deleted).toMatchObject([
      { path: 'f', kind: 'file', checksum: hashOf('f'), size: 1, client_name: 'Anna' },
      { path: 'd', kind: 'directory', node: ids.d },
    ]);
    const rest = (await one.made.app.inject(`/v1/trash?before=${next}&limit=2`)).json();
    expect(rest).toMatchObject({ deleted: [{ path: 'a', client_id: 'anna' }], next: null });
    expect(await one.trash('?path=d')).toHaveLength(1);
    expect((await one.made.app.inject('/v1/trash?limit=0')).statusCode).toBe(400);
  });
});

describe('POST /v1/restore', () => {
  it('gives a living file what it held, where it is, and says when it is so already', async () => {
    const one = await world({ a: 'first' });
    const version = await one.cursor();
    await one.put({ a: 'second' });
    await one.move('a', 'd/b');
    const node = await one.id('d/b');
    one.made.committed.length = 0;
    const restored = await one.restore({ node, version });
    const last = await one.cursor();
    expect(restored).toEqual({ path: 'd/b', restored: 1, first: last, last });
    expect(await one.shown()).toEqual({ d: '/', 'd/b': 'first' });
    expect(one.commits.flat()).toMatchObject([{ cause: 'restore', operation: 'update' }]);
    expect(await one.restore({ node, version })).toEqual({ path: 'd/b', restored: 0 });
    await one.restore({ node, version: version + 1 });
    expect(await one.shown()).toMatchObject({ 'd/b': 'second' });
    expect(await one.cursor()).toBe(last + 1);
  });

  it('brings a directory back with what went with it, under the ids that they had', async () => {
    const one = await world({ 'd/a': 'a', 'd/e/b': 'b', 'd/early': 'early' });
    await one.remove('d/early');
    const before = [await one.shown(), await one.ids()];
    await one.remove('d');
    const [{ node, version } = { node: '', version: 0 }] = await one.trash();
    const { path, restored } = await one.restore({ node, version });
    expect([path, restored]).toEqual(['d', 4]);
    expect([await one.shown(), await one.ids()]).toEqual(before);
    expect((await one.trash()).map((one) => one.path)).toEqual(['d/early']);
  });

  it('makes the directories above again, and leaves what else was in them in the trash', async () => {
    const one = await world({ 'd/e/a': 'a', 'd/e/b': 'b', 'd/c': 'c' });
    const ids = await one.ids();
    await one.remove('d');
    const [directory] = await one.trash();
    const version = directory?.version ?? 0;
    const lines = (await one.made.app.inject(`/v1/history?node=${ids['d/e/a']}`)).json();
    const restored = await one.restore({
      node: ids['d/e/a'],
      version: lines.history[0].cursor,
    });
    expect(restored).toMatchObject({ path: 'd/e/a', restored: 1 });
    expect(await one.ids()).toEqual({ d: ids.d, 'd/e': ids['d/e'], 'd/e/a': ids['d/e/a'] });
    expect((await one.trash()).map(({ path }) => path).sort()).toEqual(['d/c', 'd/e/b']);
    expect(await one.restore({ node: ids.d, version })).toEqual({ path: 'd', restored: 0 });
  });

  it('replaces nothing: where the name is taken it takes another', async () => {
    const one = await world({ 'd/a.txt': 'old' });
    const node = await one.id('d/a.txt');
    await one.remove('d/a.txt');
    const [{ version } = { version: 0 }] = await one.trash();
    await one.put({ 'd/a.txt': 'new', 'd/a (restored).txt': 'another' });
    expect(await one.restore({ node, version })).toMatchObject({
      path: 'd/a (restored 2).txt',
    });
    expect(await one.shown()).toMatchObject({ 'd/a.txt': 'new', 'd/a (restored 2).txt': 'old' });
  });

  it('brings a file back into the directory that took the place of its own', async () => {
    const one = await world({ 'd/a': 'a' });
    const node = await one.id('d/a');
    await one.remove('d');
    await one.put({ 'd/other': 'other' });
    const lines = (await one.made.app.inject(`/v1/history?node=${node}`)).json();
    await one.restore({ node, version: lines.history[0].cursor });
    expect(await one.shown()).toEqual({ d: '/', 'd/a': 'a', 'd/other': 'other' });
  });

  it('brings a deleted file back with an older version of it', async () => {
    const one = await world({ a: 'first' });
    const [node, version] = [await one.id('a'), await one.cursor()];
    await one.put({ a: 'second' });
    await one.move('a', 'b');
    await one.remove('b');
    expect(await one.restore({ node, version })).toMatchObject({ path: 'b', restored: 1 });
    expect(await one.shown()).toEqual({ b: 'first' });
  });

  it('restores a large content by its parts', async () => {
    const one = await world();
    await upload(one.made.app, { path: 'a', bytes: bytesOf(300_000) });
    const [node, version] = [await one.id('a'), await one.cursor()];
    await one.put({ a: 'small' });
    await one.restore({ node, version });
    expect((await one.made.app.inject('/download/a')).rawPayload).toEqual(bytesOf(300_000));
  });

  it('is a failure for what cannot be had, or is not known', async () => {
    const one = await world({ a: 'old', b: 'b', 'd/lost': 'lost', 'd/kept': 'kept' });
    const [a, b] = [await one.id('a'), await one.id('b')];
    const code = (body: object) => one.restore(body).catch((error) => String(error.message));
    const aVersion = (await one.made.app.inject(`/v1/history?node=${a}`)).json().history[0].cursor;
    await one.put({ a: 'new' });
    await one.lose('old');
    await one.remove('b');
    const [{ version } = { version: 0 }] = await one.trash();
    await one.lose('b');
    const lost = '409 conflict: The server does not have this content any more.';
    expect(await code({ node: a, version: aVersion })).toBe(lost);
    expect(await code({ node: b, version })).toBe(lost);
    expect(await code({ node: a, version })).toMatch('404 not_found');
    expect(await code({ node: 'nobody', version: 1 })).toMatch('404 not_found');
    expect(await code({ node: a, version: 9_999 })).toMatch('404 not_found');
    expect(await code({ node: a, version: aVersion, client_id: 'eve' })).toMatch(
      '403 not_registered',
    );
    await one.remove('d');
    await one.lose('lost');
    const [directory] = await one.trash();
    await one.restore({ node: directory?.node, version: directory?.version });
    expect(await one.shown()).toEqual({ a: 'new', d: '/', 'd/kept': 'kept' });
    expect((await one.trash()).map(({ path }) => path)).toEqual(['d/lost', 'b']);
  });
});
