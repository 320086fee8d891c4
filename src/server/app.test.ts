import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { memoryApp, register, uploadAll } from '../../test/memory-app.ts';
import { MAX_REQUEST } from '../protocol/limits.ts';
import { pathTo, type Route } from '../protocol/route.ts';
import { ROUTES } from '../protocol/routes.ts';

const KEY = 'a-key-of-the-server';
const ALL = Object.entries<Route>(ROUTES);
const VALUES = { path: 'a.txt', client_id: 'anna', checksum: 'a'.repeat(64) };
const url = (route: Route) => pathTo(route, VALUES);

describe('[F30] with API keys configured', () => {
  const CREDENTIALS = [
    ['no key', {}],
    ['a wrong key', { authorization: 'Bearer not-a-key-of-the-server' }],
    ['an empty key', { authorization: 'Bearer ' }],
    ['the key in another scheme', { authorization: `Basic ${KEY}` }],
    ['the key as another header', { 'x-api-key': KEY }],
    ['a method override', { 'x-http-method-override': 'OPTIONS' }],
  ] as const;
  const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

  it.each(ALL)('%s: nothing passes without a key, whatever the method', async (name, route) => {
    const { app, parts } = await memoryApp({ apiKeys: [KEY] });
    for (const [, headers] of CREDENTIALS) {
      for (const method of METHODS) {
        const answer = await app.inject({ method, url: url(route), headers });
        const isOpen = name === 'health' && (method === 'GET' || method === 'HEAD');
        expect([method, answer.statusCode]).toEqual([method, isOpen ? 200 : 401]);
        if (!isOpen && method !== 'HEAD') {
          expect(answer.json()).toMatchObject({ error_code: 'unauthorized' });
          expect(answer.headers['www-authenticate']).toBe('Bearer');
        }
      }
    }
    expect(await parts.metadata.clients('default')).toEqual([]);
  });

  it.each(ALL)('%s: the key passes', async (_, route) => {
    const { app } = await memoryApp({ apiKeys: [KEY] });
    for (const method of [route.method, ...(route.method === 'GET' ? ['HEAD' as const] : [])]) {
      const headers = { authorization: `Bearer ${KEY}` };
      const { statusCode } = await app.inject({ method, url: url(route), headers });
      expect([401, 403]).not.toContain(statusCode);
    }
  });

  it('neither a key in the query nor a route that is not there passes', async () => {
    const { app } = await memoryApp({ apiKeys: [KEY] });
    for (const path of [`/v1/stats?api_key=${KEY}`, '/nothing', '/docs/scalar.js', '/health/']) {
      expect((await app.inject(path)).statusCode).toBe(401);
    }
  });

  it('a browser that asks for a page gets the app, and nothing but it, only where there is no route', async () => {
    const { app } = await memoryApp({ apiKeys: [KEY] });
    const headers = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
    const status = async (path: string, method: 'GET' | 'HEAD' | 'POST' = 'GET') =>
      (await app.inject({ method, url: path, headers })).statusCode;
    for (const [, route] of ALL.filter(([name]) => name !== 'health')) {
      expect([route.path, await status(url(route))]).toEqual([route.path, 401]);
      expect([route.path, await status(`${url(route)}/x`)]).toEqual([route.path, 401]);
    }
    for (const path of ['/v1', '/v1/nothing', '/files', '/ws', '/docs/x', '/assets/x.js']) {
      expect([path, await status(path)]).toEqual([path, 401]);
    }
    const page = await app.inject({ url: '/nothing/here', headers });
    expect([page.statusCode, page.body]).toEqual([404, expect.stringContaining('not built')]);
    expect(await status('/nothing/here', 'HEAD')).toBe(404);
    expect(await status('/nothing/here', 'POST')).toBe(401);
    expect((await app.inject('/nothing/here')).statusCode).toBe(401);
  });

  it('the needs of every route are those of the table', async () => {
    const { app } = await memoryApp();
    for (const [, route] of ALL) {
      const answer = await app.inject({ method: route.method, url: url(route) });
      expect(answer.statusCode).not.toBe(405);
      const isMissing = answer.statusCode === 404 && answer.body.includes('no such route');
      expect([route.path, isMissing]).toEqual([route.path, false]);
    }
    const open = ALL.filter(([, { needsKey }]) => !needsKey).map(([name]) => name);
    expect(open).toEqual(['health']);
  });
});

describe('errors', () => {
  it('a route that is not there is a JSON answer', async () => {
    const { app } = await memoryApp();
    for (const method of ['GET', 'POST', 'OPTIONS'] as const) {
      const answer = await app.inject({ method, url: '/nothing/here' });
      expect(answer.statusCode).toBe(404);
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
      expect(answer.json()).toEqual({
        error_code: 'not_found',
        message: 'There is no such route.',
      });
    }
  });

  it('a body that is no JSON, of another type, too deep or poisoned is refused [F14] [F15]', async () => {
    const { app } = await memoryApp();
    const post = async (payload: string, type = 'application/json') => {
      const headers = { 'content-type': type };
      const answer = await app.inject({ method: 'POST', url: '/register', headers, payload });
      return [answer.statusCode, answer.json().error_code];
    };
    expect(await post('{"client_id":')).toEqual([400, 'bad_request']);
    expect(await post('')).toEqual([400, 'bad_request']);
    expect(await post('null')).toEqual([400, 'bad_request']);
    expect(await post('{"__proto__":{"a":1}}')).toEqual([400, 'bad_request']);
    expect(await post('{}', 'text/plain')).toEqual([415, 'unsupported_media_type']);
    expect(await post('{}', 'application/xml')).toEqual([415, 'unsupported_media_type']);
    expect(await post('{}', 'application/octet-stream')).toEqual([415, 'unsupported_media_type']);
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(await post(deep)).toEqual([400, 'bad_request']);
    expect(await post(`{"client_id":${deep}}`)).toEqual([400, 'bad_request']);
  });

  it('says which field is wrong, and why', async () => {
    const { app } = await memoryApp();
    const payload = { client_id: 'a/b', name: '', sync_root: '/x' };
    const answer = await app.inject({ method: 'POST', url: '/register', payload });
    const fields = answer.json().details.map(({ field }: { field: string }) => field);
    expect([answer.statusCode, fields]).toEqual([400, ['client_id', 'name']]);
  });

  it('a body that is too large is refused, told or counted', async () => {
    const { app } = await memoryApp();
    const payload = Buffer.alloc(MAX_REQUEST + 1, ' ');
    const headers = { 'content-type': 'application/json' };
    const answer = await app.inject({ method: 'POST', url: '/register', headers, payload });
    expect([answer.statusCode, answer.json().error_code]).toEqual([413, 'request_too_large']);
  });

  it('[F13] an encoded body is refused, not inflated', async () => {
    const { app } = await memoryApp();
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const answer = await app.inject({ method: 'POST', url: '/sync', headers, payload: 'x' });
    expect(answer.statusCode).toBe(415);
  });

  it('what the server did wrong is logged, and nothing of it told', async () => {
    const { app, metadata, log } = await memoryApp();
    await metadata.close();
    const answer = await app.inject('/v1/stats');
    expect([answer.statusCode, answer.json().error_code]).toEqual([500, 'internal']);
    expect(answer.body).not.toMatch(/metadata|closed|\.ts/);
    expect(log.join()).toMatch(/metadata store is closed/);
    expect((await app.inject('/health')).statusCode).toBe(503);
  });

  it('too many requests from one address are told when to come again', async () => {
    const { app } = await memoryApp({ requestsPerSecond: 3, apiKeys: [KEY] });
    const codes: number[] = [];
    for (let at = 0; at < 4; at += 1) codes.push((await app.inject('/nothing')).statusCode);
    expect(codes).toEqual([401, 401, 401, 429]);
    const refused = await app.inject('/health');
    expect(refused.json().error_code).toBe('too_many_requests');
    expect(refused.headers['retry-after']).toBe('1');
    const other = await app.inject({ url: '/health', remoteAddress: '10.0.0.9' });
    expect(other.statusCode).toBe(200);
  });
});

describe('answers', () => {
  it('[F29] nothing is for a browser to run, and everything says what it is', async () => {
    const { app } = await memoryApp();
    await register(app);
    await uploadAll(app, { 'x.html': '<script>alert(1)</script>' });
    for (const path of ['/health', '/nothing', '/download/x.html', '/v1/stats', '/%zz']) {
      const { headers } = await app.inject(path);
      expect(headers['x-content-type-options']).toBe('nosniff');
      if (path !== '/%zz') expect(headers['content-security-policy']).toContain("'none'");
      expect(headers['access-control-allow-origin']).toBeUndefined();
      expect(headers['x-powered-by']).toBeUndefined();
    }
  });

  it('HEAD says what GET would, without a body', async () => {
    const { app } = await memoryApp();
    const answer = await app.inject({ method: 'HEAD', url: '/health' });
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
    expect(Number(answer.headers['content-length'])).toBeGreaterThan(50);
  });

  it('the audit learns of every request, also of a refused one, with its client', async () => {
    const { app, audit } = await memoryApp();
    await app.inject({ url: '/v1/stats', headers: { 'x-client-id': 'anna' } });
    await app.inject({ url: '/download/no%20such', headers: { 'x-client-id': 'not/an/id' } });
    await app.inject('/nothing?secret=1');
    expect(audit).toEqual([
      { clientId: 'anna', action: 'request', detail: 'GET /v1/stats 200' },
      {
        clientId: undefined,
        action: 'request',
        detail: 'GET /download/{path} 404, from 127.0.0.1',
      },
      { clientId: undefined, action: 'request', detail: 'GET - 404, from 127.0.0.1' },
    ]);
    const metrics = await app.inject('/metrics');
    expect(metrics.headers['content-type']).toMatch(/^text\/plain/);
    expect(metrics.body).toContain('route="/download/{path}",status="404"');
    expect(metrics.body).toContain('syncer_errors_total{code="not_found"} 2');
  });
});

describe('over a socket', () => {
  it('[F01] [F02] a path is never tidied up before it is checked', async () => {
    const { app } = await memoryApp();
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    try {
      const paths = ['/download/../../etc/passwd', '/download/a/%2e%2e/b', '/download/%c0%ae/x'];
      for (const path of [...paths, '/download//x', '/download/a//b', '/download/x/']) {
        expect([path, await statusOf(port, path)]).toEqual([path, 400]);
      }
      expect(await statusOf(port, '/download/%252e%252e%252fx')).toBe(404);
    } finally {
      await app.close();
    }
  });

  it('while it closes, it says so', async () => {
    const { app } = await memoryApp();
    let status: number | undefined;
    app.addHook('preClose', async () => {
      const { port } = app.server.address() as AddressInfo;
      status = await statusOf(port, '/health');
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
    await app.close();
    expect(status).toBe(503);
  });

  it('what is not HTTP gets a plain answer', async () => {
    const { app } = await memoryApp();
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    try {
      const answer = await new Promise<string>((resolve, reject) => {
        let text = '';
        const socket = connect(port, '127.0.0.1', () => socket.write('nonsense\r\n\r\n'));
        socket.on('data', (bytes) => {
          text += bytes.toString();
        });
        socket.on('error', reject).on('close', () => resolve(text));
      });
      expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*"error_code":"bad_request"/);
    } finally {
      await app.close();
    }
  });
});

function statusOf(port: number, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    })
      .on('error', reject)
      .end();
  });
}
