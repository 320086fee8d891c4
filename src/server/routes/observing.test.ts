import { describe, expect, it } from 'vitest';
import { hashOf, memoryApp, register, START, upload, uploadAll } from '../../../test/memory-app.ts';
import { conflictName } from '../../core/conflict-name.ts';
import { failuresOf, type Route } from '../../protocol/route.ts';
import { ROUTES } from '../../protocol/routes.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';

async function withTwoClients() {
  const made = await memoryApp();
  await register(made.app, 'anna', 'Anna');
  await register(made.app, 'bob', 'Bob');
  const get = async (url: string) => (await made.app.inject(url)).json();
  return { ...made, get };
}

describe('GET /health', () => {
  it('says that the server is there', async () => {
    const { get } = await withTwoClients();
    expect(await get('/health')).toEqual({
      status: 'healthy',
      timestamp: new Date(START).toISOString(),
      version: '1.2.3',
      protocol_version: PROTOCOL_VERSION,
    });
  });
});

describe('POST /register', () => {
  it('makes a client known, and the others are told', async () => {
    const { app, joined, online, get } = await withTwoClients();
    expect(joined).toEqual(['anna Anna', 'bob Bob']);
    online.add('bob');
    const payload = {
      ...{ client_id: 'anna', name: 'Anna 2', sync_root: 'C:\\Users\\anna', is_online: true },
      ...{ last_seen: '2026-01-01T00:00:00', unknown: 'is passed over' },
    };
    const answer = await app.inject({ method: 'POST', url: '/register', payload });
    expect(answer.json()).toEqual({ success: true, message: 'Anna 2 is registered.' });
    const last_seen = new Date(START).toISOString();
    const lag = { keeps_directory: false, held: 0, lag_changes: 0, lag_seconds: 0 };
    expect((await get('/v1/clients')).clients).toEqual([
      {
        ...{ client_id: 'anna', name: 'Anna 2', sync_root: 'C:\\Users\\anna' },
        ...{ last_seen, is_online: false, cursor: 0, ...lag },
      },
      {
        ...{ client_id: 'bob', name: 'Bob', sync_root: '/home/anna' },
        ...{ last_seen, is_online: true, cursor: 0, ...lag },
      },
    ]);
  });

  it.each([
    {},
    { client_id: 'x' },
    { client_id: '', name: 'x', sync_root: 'x' },
    { client_id: 'x'.repeat(129), name: 'x', sync_root: 'x' },
    { client_id: 'x', name: 'x'.repeat(51), sync_root: 'x' },
    { client_id: 'x', name: 'a<b>', sync_root: 'x' },
    { client_id: 'x', name: 'a\nb', sync_root: 'x' },
    { client_id: 'x', name: 1, sync_root: 'x' },
    { client_id: 'x', name: 'x', sync_root: 'x', last_seen: 'never' },
    [],
  ])('refuses %j', async (payload) => {
    const { app, joined } = await memoryApp();
    const answer = await app.inject({ method: 'POST', url: '/register', payload });
    expect([answer.statusCode, answer.json().error_code]).toEqual([400, 'bad_request']);
    expect(joined).toEqual([]);
  });
});

describe('GET /v1/history', () => {
  it('newest first, of a path, of a client, from a time, in pages', async () => {
    const { app, clock, get } = await withTwoClients();
    await uploadAll(app, { a: '1', b: '22' });
    await clock.advance(60_000);
    await upload(app, { path: 'a', bytes: '333', clientId: 'bob' });
    const all = (await get('/v1/history')).history;
    expect(all.map(({ cursor }: { cursor: number }) => cursor)).toEqual([3, 2, 1]);
    expect(all[0]).toEqual({
      ...{ cursor: 3, time: new Date(START + 60_000).toISOString(), operation: 'update' },
      ...{ path: 'a', node: all[2].node, kind: 'file', client_id: 'bob', client_name: 'Bob' },
      ...{ cause: 'upload', checksum: hashOf('333'), size: 3 },
      replaced: { checksum: hashOf('1'), size: 1 },
    });
    const cursors = async (query: string) =>
      (await get(`/v1/history?${query}`)).history.map(({ cursor }: { cursor: number }) => cursor);
    expect(await cursors('path=a')).toEqual([3, 1]);
    expect(await cursors(`node=${all[2].node}`)).toEqual([3, 1]);
    expect(await cursors('client_id=anna')).toEqual([2, 1]);
    expect(await cursors('limit=1')).toEqual([3]);
    expect(await cursors('limit=1&before=3')).toEqual([2]);
    expect(await cursors(`since=${new Date(START + 1).toISOString()}`)).toEqual([3]);
  });

  it('100 lines unless told otherwise', async () => {
    const { app, get } = await withTwoClients();
    for (let at = 0; at < 101; at += 1) await uploadAll(app, { a: `${at}` });
    expect((await get('/v1/history')).history).toHaveLength(100);
    expect((await get('/v1/history?limit=1000')).history).toHaveLength(101);
  });

  it.each(['limit=0', 'limit=1001', 'limit=x', 'path=..', 'since=now', 'what=ever'])(
    'refuses %s',
    async (query) => {
      const { app } = await memoryApp();
      expect((await app.inject(`/v1/history?${query}`)).statusCode).toBe(400);
    },
  );
});

describe('conflicts', () => {
  it('files that several clients changed within the last hour', async () => {
    const { app, clock, get } = await withTwoClients();
    await uploadAll(app, { a: '1', b: '1' });
    await upload(app, { path: 'a', bytes: '2', clientId: 'bob' });
    const { contested } = await get('/v1/contested');
    expect(contested).toMatchObject([{ path: 'a', last: new Date(START).toISOString() }]);
    expect(contested[0].clients.toSorted()).toEqual(['anna', 'bob']);
    await clock.advance(2 * 60 * 60 * 1000);
    expect((await get('/v1/contested')).contested).toEqual([]);
    const since = `?since=${new Date(START).toISOString()}`;
    expect((await get(`/v1/contested${since}`)).contested).toHaveLength(1);
  });

  it('conflict copies are listed until somebody settles them', async () => {
    const { app, get } = await withTwoClients();
    const copy = conflictName({ name: 'plan.txt', client: 'Bob', time: START });
    const path = `docs/${copy}`;
    await uploadAll(app, { 'docs/plan.txt': '1', [path]: '2' });
    expect(await get('/v1/conflicts')).toEqual({
      conflicts: [
        { path, original: 'docs/plan.txt', client: 'Bob', time: new Date(START).toISOString() },
      ],
    });
    const url = `/files/${encodeURIComponent('docs')}/${encodeURIComponent(copy)}?client_id=anna`;
    expect((await app.inject({ method: 'DELETE', url })).statusCode).toBe(200);
    expect(await get('/v1/conflicts')).toEqual({ conflicts: [] });
  });
});

describe('for those who run the server', () => {
  it('the server in numbers', async () => {
    const { app, clock, online, get } = await withTwoClients();
    await uploadAll(app, { 'dir/a': '12345' });
    online.add('anna');
    await clock.advance(1500);
    expect(await get('/v1/stats')).toEqual({
      ...{ epoch: 'epoch-1', cursor: 2, files: 1, directories: 1, bytes: 5, chunks: 1 },
      ...{ stored_bytes: 5, history: 2, clients: 2, connections: 1, uptime_seconds: 1.5 },
      ...{ quarantined: 0, healed: 0 },
    });
  });

  it('the audit log, of one client and of all', async () => {
    const { metadata, get } = await withTwoClients();
    const record = (clientId: string | undefined, time: number) => {
      return { time, clientId, action: 'connect', detail: 'here' };
    };
    await metadata.audit('default', [record('anna', 1000), record(undefined, 2000)]);
    const time = new Date(1000).toISOString();
    const anna = { time, client_id: 'anna', action: 'connect', detail: 'here' };
    expect(await get('/v1/audit?client_id=anna')).toEqual({ audit: [anna] });
    expect((await get('/v1/audit')).audit).toMatchObject([{ client_id: null }, anna]);
    expect((await get('/v1/audit?limit=1')).audit).toHaveLength(1);
  });

  it('the description names every route, and whatever it may answer', async () => {
    const { get } = await withTwoClients();
    const { openapi, info, paths } = await get('/openapi.json');
    expect([openapi, info.version]).toEqual(['3.1.0', '1.2.3']);
    for (const route of Object.values<Route>(ROUTES)) {
      const described = paths[route.path][route.method.toLowerCase()];
      expect(Object.keys(described.responses).length).toBeGreaterThan(failuresOf(route).size / 3);
    }
  });

  it('the page and its script come from here, and nothing from elsewhere', async () => {
    const { app } = await memoryApp();
    const page = await app.inject('/docs');
    expect([page.statusCode, page.headers['content-type']]).toEqual([
      200,
      'text/html; charset=utf-8',
    ]);
    expect(page.body).not.toMatch(/https?:|\/\//);
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'; script-src 'self'");
    const [, source] = /<script src="([^"]+)">/.exec(page.body) ?? [];
    const script = await app.inject(`/${source}`);
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(script.body.length).toBeGreaterThan(1_000_000);
    expect(script.body).toContain('api-reference');
    const headers = { 'accept-encoding': 'gzip' };
    const packed = await app.inject({ url: `/${source}`, headers });
    expect(packed.rawPayload.length).toBeLessThan(script.rawPayload.length / 2);
  });
});
