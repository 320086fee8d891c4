import { describe, expect, it } from 'vitest';
import { memoryApp, register } from '../../../test/memory-app.ts';
import { createBrowserSessions, SESSION_LASTS } from '../browser-sessions.ts';

const KEY = 'a-key-of-the-server';
const authorization = `Bearer ${KEY}`;

async function withCookie() {
  const made = await memoryApp({ apiKeys: [KEY] });
  const opened = await made.app.inject({
    method: 'POST',
    url: '/v1/session',
    headers: { authorization },
  });
  const [set] = [opened.headers['set-cookie']].flat();
  const cookie = (set ?? '').split(';', 1)[0] ?? '';
  const ask = async (method: 'GET' | 'HEAD' | 'POST' | 'DELETE', url: string, headers = {}) =>
    (await made.app.inject({ method, url, headers: { cookie, ...headers } })).statusCode;
  return { ...made, opened, set: set ?? '', cookie, ask };
}

describe('the cookie of a browser', () => {
  it('is hidden from scripts, from other sites, and does not hold the key', async () => {
    const { set, opened } = await withCookie();
    expect(opened.json()).toEqual({ success: true, message: 'The cookie is set.' });
    expect(set).toMatch(/^syncer_session=[\w-]+;/);
    const attributes = set.split('; ').slice(1).sort();
    expect(attributes).toEqual(['HttpOnly', 'Max-Age=43200', 'Path=/', 'SameSite=Strict']);
    expect(set).not.toContain(KEY);
  });

  it('reads everything, and changes nothing', async () => {
    const { ask, app } = await withCookie();
    for (const url of ['/v1/listing', '/v1/stats', '/metrics', '/v1/archive']) {
      expect([url, await ask('GET', url), await ask('HEAD', url)]).toEqual([url, 200, 200]);
    }
    for (const url of ['/register', '/v1/directories', '/v1/commits', '/v1/session', '/none']) {
      expect([url, await ask('POST', url)]).toEqual([url, 401]);
    }
    for (const url of ['/files/a?client_id=a', '/v1/clients/a', '/v1/session']) {
      expect([url, await ask('DELETE', url)]).toEqual([url, 401]);
    }
    const override = { 'x-http-method-override': 'DELETE' };
    expect(await ask('POST', '/v1/session', override)).toBe(401);
    expect((await app.inject('/v1/listing')).statusCode).toBe(401);
  });

  it('is not asked for where a header says otherwise', async () => {
    const { ask } = await withCookie();
    expect(await ask('GET', '/v1/stats', { authorization: 'Bearer wrong-key' })).toBe(401);
    expect(await ask('GET', '/v1/stats', { authorization })).toBe(200);
  });

  it('a wrong one is refused, and so is the key in its place', async () => {
    const { ask, cookie } = await withCookie();
    for (const wrong of [`${cookie}x`, 'syncer_session=', `syncer_session=${KEY}`, 'other=1']) {
      expect(await ask('GET', '/v1/stats', { cookie: wrong })).toBe(401);
    }
  });

  it('ends after half a day in which it was not used', async () => {
    const { ask, clock } = await withCookie();
    await clock.advance(SESSION_LASTS - 1);
    expect(await ask('GET', '/v1/stats')).toBe(200);
    await clock.advance(SESSION_LASTS - 1);
    expect(await ask('HEAD', '/v1/stats')).toBe(200);
    await clock.advance(SESSION_LASTS);
    expect(await ask('GET', '/v1/stats')).toBe(401);
  });

  it('is taken back with the key', async () => {
    const { app, ask, cookie } = await withCookie();
    const headers = { authorization, cookie };
    const closed = await app.inject({ method: 'DELETE', url: '/v1/session', headers });
    expect(closed.statusCode).toBe(200);
    expect(String(closed.headers['set-cookie'])).toMatch(/^syncer_session=;.*Max-Age=0/);
    expect(await ask('GET', '/v1/stats')).toBe(401);
    expect(await ask('DELETE', '/v1/session', { authorization })).toBe(200);
  });

  it('a new one ends the one before', async () => {
    const { app, ask, cookie } = await withCookie();
    const headers = { authorization, cookie };
    await app.inject({ method: 'POST', url: '/v1/session', headers });
    expect(await ask('GET', '/v1/stats')).toBe(401);
  });

  it('is not set without the key, and not needed where there is none', async () => {
    const { app } = await memoryApp({ apiKeys: [KEY] });
    const refused = await app.inject({ method: 'POST', url: '/v1/session' });
    expect([refused.statusCode, refused.headers['set-cookie']]).toEqual([401, undefined]);
    const open = await memoryApp();
    await register(open.app);
    for (const method of ['POST', 'DELETE'] as const) {
      const answer = await open.app.inject({ method, url: '/v1/session' });
      expect([answer.statusCode, answer.headers['set-cookie']]).toEqual([200, undefined]);
    }
  });
});

describe('sessions', () => {
  it('are bounded: those that were not used for longest go', () => {
    let last = 0;
    const newToken = () => {
      last += 1;
      return `t${last}`;
    };
    const sessions = createBrowserSessions({ clock: { now: () => 0 }, newToken, most: 3 });
    for (let i = 0; i < 3; i += 1) sessions.open();
    expect(sessions.allows('t1')).toBe(true);
    sessions.open();
    expect(['t1', 't2', 't3', 't4'].map((token) => sessions.allows(token))).toEqual([
      true,
      false,
      true,
      true,
    ]);
    sessions.close('t3');
    sessions.close('t3');
    sessions.close(undefined);
    expect(sessions.allows('t3')).toBe(false);
    expect(sessions.allows(undefined)).toBe(false);
  });
});
