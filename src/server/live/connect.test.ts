import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { START } from '../../../test/memory-app.ts';
import { type MemoryServer, memoryServer, PlainClient } from '../../../test/memory-server.ts';

const KEY = 'a-key-that-is-right';
let server: MemoryServer;
afterEach(() => server.stop());

describe('client_connect', () => {
  it('is answered with a ConnectionResponse in an envelope', async () => {
    server = await memoryServer();
    await server.register('anna');
    const anna = await server.open('anna');
    anna.introduce({ api_key: null });
    const server_time = new Date(START).toISOString();
    expect(await anna.next('client_connect')).toEqual({
      type: 'client_connect',
      data: { success: true, message: 'Welcome, Anna.', server_time },
      client_id: 'anna',
      timestamp: server_time,
    });
  });

  it('tells a client of the engine where the folder is', async () => {
    server = await memoryServer();
    await server.register('anna');
    await server.upload('anna', 'a.txt', 'a');
    const anna = await server.open('anna');
    anna.introduce({ protocol_version: 1, cursor: 1 });
    const { data } = await anna.next('client_connect');
    const folder = await server.inside.metadata.folder('default');
    expect(data).toMatchObject({ success: true, protocol_version: 1, cursor: 1 });
    expect(data.epoch).toBe(folder?.epoch);
    expect((await server.inside.metadata.client('default', 'anna'))?.cursor).toBe(1);
  });

  it('has to be the first message', async () => {
    server = await memoryServer();
    await server.register('anna');
    const anna = await server.open('anna');
    anna.send('heartbeat');
    expect((await anna.next('error')).data.error_code).toBe('bad_request');
    anna.introduce();
    expect((await anna.next('client_connect')).data.success).toBe(true);
    anna.introduce();
    expect((await anna.next('error')).data.error_code).toBe('bad_request');
  });

  it('[F19] has to come within five seconds', async () => {
    server = await memoryServer();
    const nobody = await server.open('nobody');
    const { clock } = server.inside;
    await clock.advance(4_900);
    expect(nobody.socket.readyState).toBe(WebSocket.OPEN);
    await clock.advance(200);
    expect(await nobody.closed).toMatchObject({ code: 1008 });
  });
});

describe('a client is refused with success false, and closed with 1008', () => {
  const refused = async (id: string, more = {}, headers = {}) => {
    const client = await server.open(id, { headers });
    client.introduce(more);
    const { data } = await client.next('client_connect');
    expect(data.success).toBe(false);
    expect(await client.closed).toMatchObject({ code: 1008 });
    return (await client.closed).reason;
  };

  it('that is not registered', async () => {
    server = await memoryServer();
    expect(await refused('stranger')).toBe('not_registered');
  });

  it('that names another client than the address', async () => {
    server = await memoryServer();
    await server.register('anna');
    await server.register('ben');
    expect(await refused('anna', { client_id: 'ben' })).toBe('forbidden');
  });

  it('that speaks another version', async () => {
    server = await memoryServer();
    await server.register('anna');
    expect(await refused('anna', { protocol_version: 99 })).toBe('unsupported_version');
  });

  it('[F25] that has no key, or a wrong one, registered or not', async () => {
    server = await memoryServer({ api_keys: [KEY] });
    expect(await refused('anna')).toBe('unauthorized');
    expect(await refused('anna', { api_key: 'a-key-that-is-wrong' })).toBe('unauthorized');
    expect(await refused('anna', {}, { authorization: 'Bearer wrong-key' })).toBe('unauthorized');
    expect(server.inside.lines.join('')).not.toContain('wrong-key');
  });
});

describe('with keys', () => {
  it.each([
    ['in the header', {}, { authorization: `Bearer ${KEY}` }],
    ['in client_connect', { api_key: KEY }, {}],
    ['in client_connect, the header being wrong', { api_key: KEY }, { authorization: 'Bearer x' }],
  ])('a client is let in with one %s', async (_, more, headers) => {
    server = await memoryServer({ api_keys: ['another-key', KEY] });
    const client = { clientId: 'anna', name: 'Anna', syncRoot: '/', lastSeen: 0, cursor: 0 };
    await server.inside.metadata.putClient('default', client);
    const anna = await server.open('anna', { headers });
    anna.introduce(more);
    expect((await anna.next('client_connect')).data.success).toBe(true);
  });
});

describe('an upgrade', () => {
  const status = (path: string, headers: Record<string, string> = {}): Promise<string> => {
    const socket = new WebSocket(`${server.wsUrl}${path}`, { headers });
    const client = new PlainClient('anna', socket);
    return client.opened.then(
      () => {
        socket.terminate();
        return 'open';
      },
      (error: Error) => error.message,
    );
  };

  it('is refused at every other path', async () => {
    server = await memoryServer();
    for (const path of ['/', '/ws', '/ws/', '/ws/a/b', '/ws/%ff', '/other/anna']) {
      expect(await status(path)).toBe('404');
    }
    expect(await status('/ws/a%2Fb')).toBe('400');
    expect(await status('/ws/anna?x=y')).toBe('open');
  });

  it('[G10] is refused to pages of other hosts', async () => {
    server = await memoryServer();
    const { host } = new URL(server.wsUrl);
    for (const origin of [
      'http://evil.example',
      'null',
      'nonsense',
      `http://${host}.evil.example`,
    ]) {
      expect(await status('/ws/anna', { origin })).toBe('403');
    }
    expect(await status('/ws/anna', { origin: `http://${host}` })).toBe('open');
    const proxied = { origin: 'https://files.example', host: 'files.example' };
    expect(await status('/ws/anna', proxied)).toBe('open');
  });

  it('is refused with 503 when max_connections are open', async () => {
    server = await memoryServer({ max_connections: 2 });
    const anna = await server.open('anna');
    await server.open('ben');
    expect(await status('/ws/carl')).toBe('503');
    anna.socket.close();
    await anna.closed;
    expect(await status('/ws/carl')).toBe('open');
  });
});

describe('the end', () => {
  it('comes with client_disconnect, and code 1000', async () => {
    server = await memoryServer();
    const anna = await server.connect('anna');
    anna.send('client_disconnect', { reason: 'done' });
    expect(await anna.closed).toMatchObject({ code: 1000 });
  });

  it('comes for an older connection of the same client when a newer one is let in', async () => {
    server = await memoryServer();
    const ben = await server.connect('ben');
    const older = await server.connect('anna');
    await ben.next('client_joined');
    const newer = await server.open('anna');
    newer.introduce();
    expect(await older.closed).toMatchObject({
      code: 4000,
      reason: expect.stringContaining('newer'),
    });
    await newer.next('client_connect');
    newer.send('heartbeat');
    await newer.next('heartbeat');
    expect(await ben.typesSoFar()).not.toContain('client_left');
  });

  it('comes with 1001 when the server stops', async () => {
    server = await memoryServer();
    const anna = await server.connect('anna');
    const silent = await server.open('silent');
    await server.inside.stop();
    expect(await anna.closed).toMatchObject({ code: 1001 });
    expect(await silent.closed).toMatchObject({ code: 1001 });
  });
});
