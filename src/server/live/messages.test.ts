import { afterEach, describe, expect, it } from 'vitest';
import { type MemoryServer, memoryServer } from '../../../test/memory-server.ts';

let server: MemoryServer;
afterEach(() => server.stop());

describe('heartbeats', () => {
  it('are answered', async () => {
    server = await memoryServer();
    const anna = await server.connect('anna');
    anna.send('heartbeat', { client_id: 'anna', timestamp: new Date().toISOString() });
    const { data, type } = await anna.next('heartbeat');
    expect(type).toBe('heartbeat');
    expect(data).toEqual({ client_id: 'anna', timestamp: expect.any(String) });
  });

  it('come every heartbeat_interval', async () => {
    server = await memoryServer({ heartbeat_interval: 2 });
    const anna = await server.connect('anna');
    const { clock } = server.inside;
    for (let n = 0; n < 4; n += 1) {
      await clock.advance(2_000);
      await anna.next('heartbeat');
      anna.send('heartbeat');
      await anna.typesSoFar();
    }
    expect(anna.messages).toEqual([]);
  });

  it('[E03] that fail to come close the connection; other messages are as good', async () => {
    server = await memoryServer({ heartbeat_interval: 2 });
    const [anna, ben] = [await server.connect('anna'), await server.connect('ben')];
    const { clock } = server.inside;
    await clock.advance(4_000);
    ben.send('client_connect');
    await ben.next('error');
    await clock.advance(2_000);
    expect(await anna.closed).toMatchObject({ code: 1008, reason: 'silent' });
    await ben.next('client_left');
    ben.send('heartbeat');
    await ben.next('heartbeat');
  });
});

describe('errors', () => {
  it.each<[string, string | Buffer]>([
    ['no JSON', 'this is not JSON'],
    ['no envelope', '[]'],
    ['no type', '{"data":{}}'],
    ['an unknown type', '{"type":"explode","data":{}}'],
    ['a name that objects have', '{"type":"constructor","data":{}}'],
    ['data that do not fit', '{"type":"file_changed","data":{"operation":"shred"}}'],
    [
      'a path out of the folder',
      '{"type":"file_changed","data":{"operation":"delete","file_path":"../a"}}',
    ],
    ['bytes', Buffer.of(1, 2, 3)],
  ])('answer %s, and the connection lives on', async (_, message) => {
    server = await memoryServer();
    const anna = await server.connect('anna');
    anna.socket.send(message);
    const { data } = await anna.next('error');
    expect(data.error_code).toMatch(/^bad_(request|name)$/);
    expect(data.message).toMatch(/\.$/);
    anna.send('heartbeat');
    await anna.next('heartbeat');
  });

  it('from a client are taken, and not answered', async () => {
    server = await memoryServer();
    const anna = await server.connect('anna');
    anna.send('error', { error_code: 'bad_request', message: 'What was that?' });
    expect(await anna.typesSoFar()).toEqual([]);
  });

  it('[F12] a message that is too large ends the connection', async () => {
    server = await memoryServer();
    const anna = await server.connect('anna');
    anna.socket.send('x'.repeat(1024 * 1024 + 1));
    expect(await anna.closed).toMatchObject({ code: 1009 });
  });
});

describe('max_messages_per_second', () => {
  it('is told of once, and over in the next second', async () => {
    server = await memoryServer({ max_messages_per_second: 5 });
    const anna = await server.connect('anna');
    for (let n = 0; n < 8; n += 1) anna.send('error', { error_code: 'x', message: 'x' });
    expect((await anna.next('error')).data.error_code).toBe('too_many_requests');
    await server.inside.clock.advance(2_000);
    anna.send('heartbeat');
    await anna.next('heartbeat');
    expect(anna.messages).toEqual([]);
  });

  it('closes with 1008 whoever goes on and on', async () => {
    server = await memoryServer({ max_messages_per_second: 5 });
    const anna = await server.connect('anna');
    for (let n = 0; n < 60; n += 1) anna.send('heartbeat');
    expect(await anna.closed).toMatchObject({ code: 1008, reason: 'too_many_requests' });
  });
});

describe('who is there', () => {
  it('is told to the others when a client connects, and when it goes', async () => {
    server = await memoryServer();
    await server.register('ben');
    const anna = await server.connect('anna');
    const ben = await server.connect('ben');
    expect(await anna.next('client_joined')).toMatchObject({
      data: { client_id: 'ben', name: 'Ben' },
      timestamp: expect.any(String),
    });
    ben.socket.terminate();
    expect((await anna.next('client_left')).data).toEqual({ client_id: 'ben', name: 'Ben' });
    expect(await anna.typesSoFar()).not.toContain('client_left');
    expect(ben.messages).toEqual([]);
  });

  it('is not told to who does not want to hear it', async () => {
    server = await memoryServer();
    const anna = await server.connect('anna', { presence: false });
    const carl = await server.connect('carl');
    const ben = await server.connect('ben');
    ben.socket.terminate();
    await carl.next('client_left');
    expect(await anna.typesSoFar()).toEqual([]);
  });

  it('is told when a client registers, and not again when it then connects', async () => {
    server = await memoryServer();
    const anna = await server.connect('anna');
    await server.register('ben');
    expect((await anna.next('client_joined')).data).toEqual({ client_id: 'ben', name: 'Ben' });
    const ben = await server.open('ben');
    ben.introduce();
    await ben.next('client_connect');
    expect(await anna.typesSoFar()).toEqual([]);
  });

  it('is known to the routes, and when each was last seen', async () => {
    server = await memoryServer();
    const anna = await server.connect('anna');
    await server.register('ben');
    const clients = async () => {
      const answer = await fetch(`${server.inside.url}/v1/clients`);
      const { clients: all } = (await answer.json()) as { clients: { is_online: boolean }[] };
      return all.map(({ is_online }) => is_online);
    };
    expect(await clients()).toEqual([true, false]);
    const { clock, metadata } = server.inside;
    const start = clock.now();
    for (let n = 0; n < 4; n += 1) {
      await clock.advance(20_000);
      anna.send('heartbeat');
      await anna.typesSoFar();
    }
    const seen = (await metadata.client('default', 'anna'))?.lastSeen ?? 0;
    expect(seen).toBeGreaterThanOrEqual(start + 60_000);
  });
});

describe('the audit log', () => {
  it('holds connections, requests, commits and what was refused, with their clients', async () => {
    server = await memoryServer();
    const anna = await server.connect('anna');
    await server.upload('anna', 'a.txt', 'a');
    anna.send('file_changed', { operation: 'delete', file_path: 'a.txt' });
    anna.send('client_disconnect');
    await anna.closed;
    const stranger = await server.open('stranger');
    stranger.introduce();
    await stranger.closed;
    await server.inside.clock.advance(1_000);
    const log = await server.inside.metadata.auditLog('default', { limit: 100 });
    const told = log.map(({ clientId, action, detail }) => `${clientId} ${action} ${detail}`);
    expect(told).toEqual(
      expect.arrayContaining([
        'anna connect from 127.0.0.1',
        'anna request file_changed delete',
        'anna commit upload, cursors 1 to 1',
        'anna commit delete, cursors 2 to 2',
        'anna disconnect 1000',
        'stranger refused not_registered, from 127.0.0.1',
      ]),
    );
  });
});
