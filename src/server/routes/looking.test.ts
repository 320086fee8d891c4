import { describe, expect, it } from 'vitest';
import { hashOf, memoryApp, register, START, uploadAll } from '../../../test/memory-app.ts';
import type { Listed } from '../../protocol/listing.ts';

async function withFiles() {
  const made = await memoryApp();
  await register(made.app, 'anna', 'Anna');
  await uploadAll(made.app, { 'b.txt': 'bb', a: '1', 'docs/report.txt': 'x', 'docs/a/deep': 'y' });
  const get = async (url: string) => (await made.app.inject(url)).json();
  const status = async (url: string) => {
    const answer = await made.app.inject(url);
    return [answer.statusCode, answer.json().error_code];
  };
  return { ...made, get, status };
}

const pathsIn = (nodes: readonly Listed[]) => nodes.map(({ path }) => path);

describe('GET /v1/listing', () => {
  it('the folder itself, and what is known of each child', async () => {
    const { get } = await withFiles();
    const { cursor, children, next } = await get('/v1/listing');
    expect([cursor, next, pathsIn(children)]).toEqual([6, null, ['a', 'b.txt', 'docs']]);
    expect(children[1]).toEqual({
      ...{ node: children[1].node, path: 'b.txt', name: 'b.txt', kind: 'file', size: 2 },
      ...{ checksum: hashOf('bb'), modified_time: new Date(START).toISOString() },
      ...{ executable: false, version: 1, author: 'Anna' },
    });
    const { node } = children[2];
    const directory = { node, path: 'docs', name: 'docs', kind: 'directory' };
    expect(children[2]).toEqual({ ...directory, version: 3, author: 'Anna' });
  });

  it('a directory below, by its path', async () => {
    const { get } = await withFiles();
    expect(pathsIn((await get('/v1/listing?path=docs')).children)).toEqual([
      'docs/a',
      'docs/report.txt',
    ]);
    expect(pathsIn((await get('/v1/listing?path=docs%2Fa')).children)).toEqual(['docs/a/deep']);
  });

  it('pages that together are all of it, each child once', async () => {
    const { app, get } = await withFiles();
    const names = ['ä', 'Z', 'a&b', '日本', 'x'];
    await uploadAll(app, Object.fromEntries(names.map((name) => [`d/${name}`, name])));
    const all: string[] = [];
    let query = '';
    for (let pages = 0; pages < 4; pages += 1) {
      const { children, next } = await get(`/v1/listing?path=d&limit=2${query}`);
      all.push(...children.map(({ name }: Listed) => name));
      if (next === null) break;
      query = `&after=${encodeURIComponent(next)}`;
    }
    expect(all).toEqual(['Z', 'a&b', 'x', 'ä', '日本']);
    const whole = await get('/v1/listing?path=d&limit=5');
    expect([whole.children.length, whole.next]).toEqual([5, null]);
  });

  it('what is not there, is no directory, or is no path', async () => {
    const { status } = await withFiles();
    expect(await status('/v1/listing?path=none')).toEqual([404, 'not_found']);
    expect(await status('/v1/listing?path=b.txt')).toEqual([404, 'not_found']);
    expect(await status('/v1/listing?path=b.txt%2Fx')).toEqual([404, 'not_found']);
    expect(await status('/v1/listing?path=e%CC%81')).toEqual([400, 'bad_name']);
    expect(await status('/v1/listing?path=..')).toEqual([400, 'bad_request']);
    expect(await status('/v1/listing?limit=0')).toEqual([400, 'bad_request']);
    expect(await status('/v1/listing?limit=1001')).toEqual([400, 'bad_request']);
    expect(await status('/v1/listing?other=1')).toEqual([400, 'bad_request']);
  });
});

describe('GET /v1/search', () => {
  it('finds by a part of the name, with paths, whatever the case', async () => {
    const { app, get } = await withFiles();
    await uploadAll(app, { 'docs/a/Übersicht.md': 'z' });
    const found = async (text: string) => {
      const answer = await get(`/v1/search?text=${encodeURIComponent(text)}`);
      expect(answer.is_whole).toBe(true);
      return pathsIn(answer.found);
    };
    expect(await found('TXT')).toEqual(['b.txt', 'docs/report.txt']);
    expect(await found('übersicht')).toEqual(['docs/a/Übersicht.md']);
    expect((await found('a')).sort()).toEqual(['a', 'docs/a']);
    expect(await found('none')).toEqual([]);
    expect(await found('%')).toEqual([]);
  });

  it('says whether there are more', async () => {
    const { get } = await withFiles();
    const { found, is_whole } = await get('/v1/search?text=e&limit=1');
    expect([pathsIn(found), is_whole]).toEqual([['docs/a/deep'], false]);
    expect((await get('/v1/search?text=e&limit=2')).is_whole).toBe(true);
  });

  it('needs a text', async () => {
    const { status } = await withFiles();
    expect(await status('/v1/search')).toEqual([400, 'bad_request']);
    expect(await status('/v1/search?text=')).toEqual([400, 'bad_request']);
    expect(await status(`/v1/search?text=${'x'.repeat(256)}`)).toEqual([400, 'bad_request']);
  });
});

describe('GET /v1/activity', () => {
  it('counts in equal steps, those too in which nothing happened', async () => {
    const { app, clock, get } = await memoryAppWithTime();
    await uploadAll(app, { a: '12345' });
    await clock.advance(30_000);
    await uploadAll(app, { a: '123', 'd/b': '7' });
    await app.inject({ method: 'DELETE', url: '/files/a?client_id=anna' });
    const at = (ms: number) => new Date(START + ms).toISOString();
    const { steps } = await get(`/v1/activity?since=${at(0)}&until=${at(40_000)}&steps=4`);
    const none = { creates: 0, updates: 0, moves: 0, deletes: 0, bytes: 0 };
    expect(steps).toEqual([
      { ...none, time: at(0), creates: 1, bytes: 5 },
      { ...none, time: at(10_000) },
      { ...none, time: at(20_000) },
      { time: at(30_000), creates: 2, updates: 1, moves: 0, deletes: 1, bytes: 4 },
    ]);
  });

  it('goes up to now, in no more steps than asked for', async () => {
    const { app, clock, get } = await memoryAppWithTime();
    await clock.advance(100_003);
    await uploadAll(app, { a: '1' });
    const since = new Date(START).toISOString();
    for (const asked of [1, 7, 60, 400]) {
      const { steps } = await get(`/v1/activity?since=${since}&steps=${asked}`);
      expect(steps.length).toBeLessThanOrEqual(asked);
      expect(steps.at(-1).creates).toBe(1);
    }
    expect((await get(`/v1/activity?since=${since}`)).steps).toHaveLength(60);
  });

  it('needs a beginning that is before the end', async () => {
    const { app } = await memoryAppWithTime();
    const status = async (query: string) => (await app.inject(`/v1/activity?${query}`)).statusCode;
    expect(await status('')).toBe(400);
    expect(await status('since=yesterday')).toBe(400);
    expect(await status('since=2027-01-01T00:00:00Z')).toBe(400);
    expect(await status('since=2026-01-01T00:00:00Z&steps=401')).toBe(400);
  });
});

async function memoryAppWithTime() {
  const made = await memoryApp();
  await register(made.app, 'anna', 'Anna');
  return { ...made, get: async (url: string) => (await made.app.inject(url)).json() };
}

describe('GET /v1/settings', () => {
  it('says how the server is set up, and nothing that is secret', async () => {
    const options = { apiKeys: ['a-secret-key'], maxFileSize: 5_000, allowedExtensions: ['.txt'] };
    const { app } = await memoryApp(options);
    const headers = { authorization: 'Bearer a-secret-key' };
    const answer = await app.inject({ url: '/v1/settings', headers });
    expect(answer.json()).toEqual({
      ...{ version: '1.2.3', protocol_version: 1, needs_key: true, max_file_size: 5_000 },
      ...{ allowed_extensions: ['.txt'], history_retention_days: null, scrub_days: 30 },
      ...{ history_retention: null, heartbeat_interval: 30 },
      ...{ max_connections: 10_000, max_messages_per_second: 100 },
    });
    expect((await (await memoryApp()).app.inject('/v1/settings')).json()).toMatchObject({
      needs_key: false,
      allowed_extensions: null,
    });
  });
});
